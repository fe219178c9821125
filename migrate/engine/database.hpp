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

/// What the databases of one migration have in common. They run on one strand.
struct Common {
  const Request& request;
  const Observer& observer;
  const Servers& servers;
  Scheduler& scheduler;                    ///< whose lanes all of them share
  Turns& turns;                            ///< for what is not of one database: roles, and the like
  std::vector<std::string>& remaining;     ///< what a person has to know goes there
  std::vector<std::string>& joined_roles;  ///< of which the login may have become a member; to be left at the end
};

struct DatabaseRun {
  Common& common;
  std::string database;
  Standing& standing;                            ///< of the target's database, also when the copy fails
  std::map<std::string, TableRecord>& finished;  ///< tables whose rows are there, by name; likewise
};

/// Creates the database and copies all of it under one snapshot: schema, rows, large objects, sequences, indexes,
/// constraints, ownership, privileges, statistics. Goes on where `standing` and `finished` say that an earlier run
/// stopped; so it does by itself, under a new snapshot, after a server was lost and has come back within `outage_time`.
boost::asio::awaitable<Result<void>> copy_database(DatabaseRun run);

}  // namespace pgpassage::migrate
