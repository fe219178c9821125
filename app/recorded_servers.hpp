#pragma once

#include "migrate/pg/session.hpp"
#include "migrate/state/record.hpp"

/// The servers of a migration that the ledger knows. Reads its topology file.
namespace pgpassage::app {

struct RecordedServers {
  migrate::ServerAddress source, target;
};

/// Passwords are not in the ledger: they come again from where the topology says, or from libpq's own places. Nothing
/// else is taken from there: the file may have changed since, and the servers of the migration are meant.
RecordedServers recorded_servers(const migrate::NewMigration& record);

}  // namespace pgpassage::app
