#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>
#include <vector>

#include "migrate/engine/engine.hpp"
#include "migrate/plan/catalog.hpp"
#include "migrate/schema/program.hpp"

/// What must hold before anything is done, and whole databases on the target. Live.
namespace pgpassage::migrate {

/// Both servers and the programs as they were found.
struct Servers {
  int source_version = 0;  ///< PQserverVersion
  int target_version = 0;
  ClientPrograms programs;
  std::map<std::string, DatabaseShape> databases;  ///< those to migrate
};

/// 15 for 150020, 9 for 90624: what program_major and versions are compared by, with 9.x as one.
int major_of(int server_version);

/// A session for work on whole databases: in `postgres`, else in `template1`, else in `fallback`.
boost::asio::awaitable<Result<Session>> connect_anywhere(ServerAddress server, std::string fallback, Deadline deadline);

/// Logs in to both, refuses what cannot work (versions, the same server twice, a missing database, no pg_dump) with
/// Errc::unsupported, input, not_found, program.
boost::asio::awaitable<Result<Servers>> inspect_servers(Request request);

/// Errc::already_exists when a database of that name is on the target and may not be overwritten.
boost::asio::awaitable<Result<void>> refuse_existing(Request request, const Servers& servers);

/// The oid of the target's database of that name; 0: there is none now.
boost::asio::awaitable<Result<std::int64_t>> oid_on_target(Request request, std::string database);

/// Whether nobody has made anything in that database of the target.
boost::asio::awaitable<Result<bool>> empty_on_target(Request request, std::string database);

/// Ends its sessions and drops it; nothing to do when it is not there.
boost::asio::awaitable<Result<void>> drop_database(Request request, std::string database);

/// Creates it, empty.
boost::asio::awaitable<Result<void>> create_database(Request request, std::string database, DatabaseShape shape);

}  // namespace pgpassage::migrate
