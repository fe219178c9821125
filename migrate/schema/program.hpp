#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "netcheck/base/error.hpp"

/// PostgreSQL's own programs, run as processes. Live.
namespace pgpassage::migrate {

/// One installation of pg_dump and pg_restore.
struct ClientPrograms {
  std::filesystem::path pg_dump;
  std::filesystem::path pg_restore;  ///< of the same directory
  int major = 0;                     ///< "pg_dump (PostgreSQL) 15.20" is 15, "9.6.24" is 9
};

/// Every installation on PATH and in /usr/lib/postgresql/*/bin. `search_path` is PATH's value.
std::vector<std::filesystem::path> program_directories(const std::string& search_path);

/// The installation to use: of the target's major if there is one, else the newest, and never older than the source.
/// Majors are PQserverVersion / 10000. Errc::program with the cure when none fits. Pure.
Result<ClientPrograms> choose_programs(const std::vector<ClientPrograms>& found, int source_major, int target_major);

/// Asks every installation of this machine for its version; only the one in PGPASSAGE_PG_BINDIR when that is set.
boost::asio::awaitable<Result<std::vector<ClientPrograms>>> find_programs();

/// The major in what `pg_dump --version` prints; 0 when it says something else. Pure.
int program_major(std::string_view version_line);

struct ProgramOutput {
  std::string output;  ///< the first 64 KiB of its standard output
  std::string errors;  ///< the last 8 KiB of its standard error
};

/// Runs a program to its end, in a process group of its own: Ctrl-C reaches it through us. `environment` adds to ours
/// as "NAME=value"; whoever may see the process list sees `arguments`, and root both: a secret goes into a SecretFile,
/// whose descriptor the program inherits as `inherited`. Errc::program with its last words when it fails.
/// When the coroutine is canceled the program is ended (SIGTERM) and waited for.
boost::asio::awaitable<Result<ProgramOutput>> run_program(std::vector<std::string> arguments,
                                                          std::vector<std::string> environment = {},
                                                          int inherited = -1);

}  // namespace pgpassage::migrate
