#include "tests/lab/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace pgpassage::lab {
namespace {

std::string last_line(const std::string& path) {
  std::ifstream file{path};
  std::string line, last;
  while (std::getline(file, line))
    if (!line.empty()) last = line;
  return last;
}

bool join(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool joined = fd >= 0 && setns(fd, CLONE_NEWNET) == 0;
  if (fd >= 0) close(fd);
  return joined;
}

/// In the child, until exec: nothing here may return.
[[noreturn]] void become(const std::string& place, const Command& command, const std::string& log, As as, int input) {
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (out >= 0) {
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
  }
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(input >= 0 ? input : nothing, STDIN_FILENO);
  const bool placed = place.empty() || join(namespace_path(place));
  if (!placed || (as == As::postgres && !become_postgres())) {
    dprintf(STDERR_FILENO, "cannot enter %s: %s\n", place.c_str(), strerror(errno));
    _exit(126);
  }
  std::vector<char*> arguments;
  for (const std::string& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  dprintf(STDERR_FILENO, "cannot run %s: %s\n", arguments[0], strerror(errno));
  _exit(127);
}

Result<Child> spawn(const std::string& place, const Command& command, const std::string& log, As as, int input) {
  const pid_t pid = fork();
  if (pid < 0) return fail(Errc::io, "fork: {}", strerror(errno));
  if (pid == 0) become(place, command, log, as, input);
  return Child{pid, command.front() + (place.empty() ? "" : " in " + place), log};
}

}  // namespace

std::string namespace_path(const std::string& place) { return "/run/netns/" + place; }

Result<Child> start(const std::string& place, const Command& command, const std::string& log, As as) {
  return spawn(place, command, log, as, -1);
}

Result<void> finish(const Child& child) {
  int status = 0;
  while (waitpid(child.pid, &status, 0) < 0)
    if (errno != EINTR) return fail(Errc::program, "{}: {}", child.what, strerror(errno));
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail(Errc::program, "{} failed: {}", child.what, last_line(child.log));
}

Result<void> run(const std::string& place, const Command& command, const std::string& input, const std::string& log) {
  // A temporary file, not a pipe: nothing can block, however long the batch is.
  const std::string path = log + ".input";
  if (auto written = write_file(path, input); !written) return written;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  auto child = spawn(place, command, log, As::caller, fd);
  if (fd >= 0) close(fd);
  if (!child) return tl::unexpected(child.error());
  auto finished = finish(*child);
  unlink(path.c_str());
  return finished;
}

Result<void> in_place(const std::string& place, const std::function<Result<void>()>& body) {
  const int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  if (home < 0 || !join(namespace_path(place))) return fail(Errc::io, "cannot enter {}: {}", place, strerror(errno));
  auto result = body();
  if (setns(home, CLONE_NEWNET) != 0) return fail(Errc::io, "cannot leave {}: {}", place, strerror(errno));
  close(home);
  return result;
}

Result<void> write_file(const std::string& path, const std::string& text, unsigned mode) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) return fail(Errc::io, "{}: {}", path, strerror(errno));
  const ssize_t written = write(fd, text.data(), text.size());
  const bool whole = written == static_cast<ssize_t>(text.size()) && close(fd) == 0;
  if (!whole) return fail(Errc::io, "{}: {}", path, strerror(errno));
  return {};
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return fail(Errc::input, "{}: {}", path, strerror(errno));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Result<void> become_postgres() {
  if (geteuid() != 0) return {};
  const passwd* account = getpwnam("postgres");
  if (account == nullptr)
    return fail_with_cure(Errc::program, "apt-get install postgresql-15", "there is no account 'postgres'");
  if (setgroups(0, nullptr) != 0 || setgid(account->pw_gid) != 0 || setuid(account->pw_uid) != 0)
    return fail(Errc::permission, "cannot become postgres: {}", strerror(errno));
  return {};
}

}  // namespace pgpassage::lab
