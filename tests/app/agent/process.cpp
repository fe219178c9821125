#include "tests/app/agent/process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "app/agent/client/shown.hpp"
#include "app/agent/pki/authority.hpp"

namespace pgpassage::app::agent {

AgentProcess::AgentProcess(const std::filesystem::path& home, std::vector<std::string> arguments,
                           std::vector<std::string> environment, const std::string& listen) {
  arguments.insert(arguments.begin(), {PGPASSAGE_BINARY, "--log-level", "debug", "agent", "--listen", listen});
  environment.push_back("PGPASSAGE_HOME=" + home.string());
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  pid_ = fork();
  if (pid_ == 0) {
    for (const std::string& variable : environment) putenv(const_cast<char*>(variable.c_str()));
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    dup2(ends[1], 1);
    dup2(ends[1], 2);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(ends[1]);
  output_ = ends[0];
  reader_ = std::thread{[this] { gather(); }};
  if (!wait_for("listening address=") || !wait_for(" tls=")) throw std::runtime_error{log()};
  const std::string text = log();
  port_ = static_cast<Port>(std::stoi(text.substr(text.find("port=") + 5)));
}

AgentProcess::~AgentProcess() {
  if (status_ < 0) kill(pid_, SIGKILL);
  exit_code();
  if (reader_.joinable()) reader_.join();
  close(output_);
}

void AgentProcess::gather() {
  char chunk[4096];
  for (ssize_t size; (size = read(output_, chunk, sizeof chunk)) > 0;) {
    const std::lock_guard lock{mutex_};
    text_.append(chunk, static_cast<std::size_t>(size));
    more_.notify_all();
  }
  const std::lock_guard lock{mutex_};
  ended_ = true;
  more_.notify_all();
}

std::string AgentProcess::url(bool tls) const {
  return std::string{tls ? "https" : "http"} + "://127.0.0.1:" + std::to_string(port_);
}

void AgentProcess::signal(int number) const { kill(pid_, number); }

bool AgentProcess::wait_for(const std::string& text) {
  std::unique_lock lock{mutex_};
  more_.wait(lock, [&] { return ended_ || text_.find(text) != text_.npos; });
  return text_.find(text) != text_.npos;
}

std::string AgentProcess::log() {
  const std::lock_guard lock{mutex_};
  return text_;
}

int AgentProcess::exit_code() {
  if (status_ < 0) waitpid(pid_, &status_, 0);
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
}

Certificates::Certificates(std::filesystem::path directory, const std::vector<std::string>& hosts)
    : directory_{std::move(directory)} {
  if (const auto made = make_authority(directory_, hosts); !made) throw std::runtime_error{made.error().message};
}

std::vector<std::string> Certificates::server() const {
  const auto path = [&](const char* file) { return (directory_ / file).string(); };
  return {"--tls-cert",  path("server.crt"), "--tls-key",    path("server.key"),
          "--client-ca", path("ca.crt"),     "--client-crl", path("revoked.pem")};
}

Credentials Certificates::client(const std::string& name) const {
  return {.tls = {.certificate = (directory_ / (name + ".crt")).string(),
                  .key = (directory_ / (name + ".key")).string(),
                  .ca = (directory_ / "ca.crt").string(),
                  .revoked = {}},
          .token_file = {}};
}

Result<Answer> ask(const std::string& url, const Credentials& credentials, const std::string& method,
                   const std::string& target, const std::string& body) {
  auto client = Client::open(url, credentials);
  if (!client) return tl::unexpected(client.error());
  HttpRequest request{.method = method, .target = target};
  request.body = body;
  request.keep_alive = false;
  return run(client->ask(std::move(request), deadline_in(std::chrono::seconds{30})));
}

}  // namespace pgpassage::app::agent
