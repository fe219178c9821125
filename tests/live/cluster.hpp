#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/pg/session.hpp"

/// A PostgreSQL server of its own for one test: on loopback and on a Unix socket, without fsync.
namespace pgpassage::live {

/// Where this machine has PostgreSQL's server programs: the newest /usr/lib/postgresql/*/bin. Empty: none.
std::filesystem::path server_programs();

/// The same of that major, there or in the directories of PGPASSAGE_TEST_SERVERS (with colons). Empty: none.
std::filesystem::path server_programs_of(int major);

/// Skips the running test, with the reason, when no server can be started here.
#define PGPASSAGE_NEEDS_SERVER() \
  if (pgpassage::live::server_programs().empty()) GTEST_SKIP() << "no PostgreSQL server in /usr/lib/postgresql"

class Cluster {
 public:
  /// Starts a server from a template that initdb made once per user and version. Superuser `postgres`, trust for it;
  /// every other role needs its password. `settings` are lines of postgresql.conf. Throws std::runtime_error.
  explicit Cluster(std::vector<std::string> settings = {}, std::filesystem::path programs = server_programs());
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  migrate::ServerAddress address(std::string user = "postgres") const;  ///< 127.0.0.1
  Port port() const { return port_; }
  const std::filesystem::path& directory() const { return directory_; }  ///< data/, the socket and the log
  pid_t postmaster() const { return postmaster_; }

  /// Runs SQL as the superuser, several statements allowed; throws std::runtime_error with the server's words.
  void run(const std::string& sql, const std::string& database = "postgres") const;
  /// First column of the first row; empty when there is none.
  std::string ask(const std::string& sql, const std::string& database = "postgres") const;

  void stop(int signal);  ///< SIGINT: fast, SIGQUIT: immediate; returns when the server is gone
  void start();           ///< again, on the same port

  /// CPU that the postmaster's children used, those that ended included, in seconds.
  double cpu_seconds() const;

 private:
  std::filesystem::path directory_;
  std::vector<std::string> settings_;
  std::filesystem::path programs_;
  Port port_ = 0;
  pid_t postmaster_ = -1;
};

}  // namespace pgpassage::live
