#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/engine/engine.hpp"
#include "migrate/engine/schedule.hpp"
#include "migrate/engine/servers.hpp"
#include "migrate/engine/together.hpp"

/// One database from empty to complete. Live.
namespace pgpassage::migrate {

/// How far the target's database has been changed.
enum class Touched : std::uint8_t { not_at_all, dropping, made };

/// What the databases of one migration have in common. They run on one strand.
struct Common {
  const Request& request;
  const Observer& observer;
  const Servers& servers;
  Scheduler& scheduler;                    ///< whose lanes all of them share
  Turns& turns;                            ///< for what is not of one database: roles, and the like
  std::vector<std::string>& remaining;     ///< what a person has to know goes there
  std::vector<std::string>& joined_roles;  ///< memberships made on the target; to be ended after the comparison
};

struct DatabaseRun {
  Common& common;
  std::string database;
  Touched& touched;  ///< also when the copy fails
};

/// Creates the database and copies all of it under one snapshot: schema, rows, large objects, sequences, indexes,
/// constraints, ownership, privileges, statistics.
boost::asio::awaitable<Result<void>> copy_database(DatabaseRun run);

}  // namespace pgpassage::migrate
