#pragma once

#include <mutex>
#include <optional>

#include "migrate/state/ledger.hpp"
#include "migrate/state/sqlite.hpp"

/// Inside of the ledger: what its files share.
namespace pgpassage::migrate {

struct Ledger::Store {
  sqlite::Database database;
  std::mutex mutex;  // one statement of one thread at a time on this handle

  sqlite3* handle() { return database.get(); }
};

std::int64_t to_milliseconds(Time time);
Time from_milliseconds(std::int64_t milliseconds);
std::optional<std::int64_t> to_milliseconds(const std::optional<Time>& time);

/// One statement whose only parameter is the migration.
Result<void> execute(sqlite3* database, const char* sql, MigrationId id);

Result<MigrationRecord> load_migration(sqlite3* database, MigrationId id);  ///< Errc::not_found
/// With the databases of each; newest first.
Result<std::vector<MigrationRecord>> load_migrations(sqlite3* database);
/// Errc::already_exists when one of them runs and moves a database that `wanted` moves to the same target.
Result<void> refuse_meeting(const std::vector<MigrationRecord>& existing, const NewMigration& wanted);
/// Marks what claims to run but whose process is gone.
Result<void> settle(sqlite3* database);
/// Stores a stage with an event row. Inside the caller's transaction.
Result<void> write_stage(sqlite3* database, MigrationId id, Stage stage, std::string_view event,
                         const Trouble& trouble);
Result<void> write_event(sqlite3* database, MigrationId id, std::string_view text);

}  // namespace pgpassage::migrate
