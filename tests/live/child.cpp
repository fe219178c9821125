#include "tests/live/child.hpp"

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace pgpassage::live {
namespace {

[[noreturn]] void become(std::vector<std::string> arguments, const std::vector<std::string>& environment,
                         const std::string& directory) {
  if (!directory.empty() && chdir(directory.c_str()) != 0) _exit(126);
  for (const auto& variable : environment) putenv(const_cast<char*>(variable.c_str()));
  arguments.insert(arguments.begin(), PGPASSAGE_BINARY);
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  _exit(127);
}

}  // namespace

Child::Child(std::vector<std::string> arguments, std::vector<std::string> environment, Terminal terminal,
             std::string directory) {
  if (terminal == Terminal::pseudo) {
    const winsize size{24, 100, 0, 0};
    pid_ = forkpty(&output_, nullptr, nullptr, &size);
    if (pid_ == 0) become(std::move(arguments), environment, directory);
  } else {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], 1);
      dup2(ends[1], 2);
      become(std::move(arguments), environment, directory);
    }
    close(ends[1]);
    output_ = ends[0];
  }
  if (pid_ < 0) throw std::runtime_error{"cannot start the program"};
}

Child::~Child() {
  if (status_ < 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(output_);
}

void Child::signal(int number) const { kill(pid_, number); }

void Child::press(char key) const {
  if (write(output_, &key, 1) != 1) throw std::runtime_error{"the terminal takes no key"};
}

bool Child::wait_for(const std::string& text) {
  char chunk[4096];
  while (text_.find(text) == text_.npos) {
    const ssize_t size = read(output_, chunk, sizeof chunk);
    if (size <= 0) return false;
    text_.append(chunk, static_cast<std::size_t>(size));
  }
  return true;
}

std::string Child::output() {
  char chunk[4096];
  for (ssize_t size = 1; size > 0;) {  // a terminal that nobody holds open any more is an error (EIO), which is its end
    size = read(output_, chunk, sizeof chunk);
    if (size > 0) text_.append(chunk, static_cast<std::size_t>(size));
  }
  return text_;
}

int Child::exit_code() {
  output();
  if (status_ < 0) waitpid(pid_, &status_, 0);
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
}

}  // namespace pgpassage::live
