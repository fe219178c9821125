#include "tests/dns/resolver/named.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "tests/netcheck/probe/listener.hpp"

namespace pgpassage::testing {
namespace {

constexpr const char* program = "/usr/sbin/named";

/// Reads named's log until it says that it runs; its words when it ends before.
std::optional<std::string> wait_until_running(int log) {
  FILE* lines = ::fdopen(log, "r");
  std::string words;
  char line[1024];
  bool running = false;
  while (!running && std::fgets(line, sizeof line, lines) != nullptr) {
    words += line;
    running = std::string_view{line}.ends_with(" running\n");
  }
  if (running) return std::nullopt;  // the pipe stays open: closing it would end named with SIGPIPE
  std::fclose(lines);
  return words;
}

}  // namespace

std::optional<std::string> Named::missing() {
  if (::access(program, X_OK) != 0) return "bind9 is not installed";
  return std::nullopt;
}

Named::Named(const std::string& zone, const std::string& records) {
  { port_ = ClosedPort{}.port(); }
  std::ofstream{directory_ / "zone"} << "$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A 127.0.0.1\n"
                                     << records;
  std::ofstream{directory_ / "named.conf"} << fmt::format(
      "options {{ directory \"{0}\"; listen-on port {1} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; recursion no; "
      "dnssec-validation no; pid-file none; session-keyfile none; }};\ncontrols {{ }};\n"
      "zone \"{2}\" {{ type master; file \"{0}/zone\"; }};\n",
      directory_.path().string(), port_, zone);
  int log[2];
  if (::pipe2(log, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  const std::string configuration = directory_ / "named.conf";
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(log[1], STDERR_FILENO);
    ::execl(program, program, "-g", "-n", "1", "-c", configuration.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(log[1]);
  if (const auto words = wait_until_running(log[0])) {
    stop();
    throw std::runtime_error{"named did not start: " + *words};
  }
}

Named::~Named() { stop(); }

void Named::stop() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

}  // namespace pgpassage::testing
