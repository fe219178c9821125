#include "tests/netcheck/probe/postgres_cluster.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "tests/netcheck/probe/listener.hpp"

namespace pgpassage::testing {
namespace {

/// PostgreSQL refuses to run as root: then its own user runs it.
std::string as_postgres() { return geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : ""; }

std::string programs() {
  for (const char* folder : {"/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin"})
    if (std::filesystem::exists(std::string{folder} + "/initdb")) return folder;
  return {};
}

void run(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1 </dev/null").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error{"cannot run " + command};
  std::string output;
  char line[512];
  while (std::fgets(line, sizeof line, pipe) != nullptr) output += line;
  if (::pclose(pipe) != 0) throw std::runtime_error{command + ": " + output};
}

}  // namespace

std::optional<std::string> PostgresCluster::missing() {
  if (programs().empty()) return "postgresql-15 is not installed";
  if (geteuid() == 0 && std::system("getent passwd postgres >/dev/null") != 0) return "there is no user postgres";
  if (std::system("command -v openssl >/dev/null") != 0) return "openssl is not installed";
  return std::nullopt;
}

PostgresCluster::PostgresCluster(bool with_tls) {
  std::string pattern = (std::filesystem::temp_directory_path() / "pgpassage-cluster-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary directory"};
  directory_ = pattern;
  if (geteuid() == 0) run("chown postgres: " + directory_);
  { port_ = ClosedPort{}.port(); }
  const std::string data = directory_ + "/data";
  run(as_postgres() + programs() + "/initdb --no-sync --locale=C -A trust -D " + data);
  std::string options = fmt::format(
      "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync=off "
      "-c shared_buffers=8MB",
      port_, directory_);
  if (with_tls) {
    run(as_postgres() + "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=pgpassage.test -days 2 -keyout " + data +
        "/server.key -out " + data + "/server.crt");
    run("chmod 600 " + data + "/server.key");
    options += " -c ssl=on";
  }
  run(fmt::format("{}{}/pg_ctl -w -D {} -l {}/log -o '{}' start", as_postgres(), programs(), data, directory_,
                  options));
}

PostgresCluster::~PostgresCluster() {
  try {
    run(as_postgres() + programs() + "/pg_ctl -w -m immediate -D " + directory_ + "/data stop");
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

}  // namespace pgpassage::testing
