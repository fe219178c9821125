#include "migrate/state/schema.hpp"

#include <array>

namespace pgpassage::migrate {

namespace {

// PRAGMA user_version counts how many of these a file has seen. A step that was released is never edited.
constexpr std::array steps{R"sql(
CREATE TABLE migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  source_host TEXT NOT NULL, source_port INTEGER NOT NULL, source_user TEXT NOT NULL,
  source_server TEXT NOT NULL, source_type TEXT NOT NULL, source_ssl_mode TEXT NOT NULL,
  target_host TEXT NOT NULL, target_port INTEGER NOT NULL, target_user TEXT NOT NULL,
  target_server TEXT NOT NULL, target_type TEXT NOT NULL, target_ssl_mode TEXT NOT NULL,
  mode INTEGER NOT NULL, option INTEGER NOT NULL, path INTEGER NOT NULL, overwrite INTEGER NOT NULL,
  topology_file TEXT NOT NULL, topology_sha256 TEXT NOT NULL, scenario TEXT NOT NULL,
  host TEXT NOT NULL, pid INTEGER NOT NULL, start_ticks INTEGER NOT NULL, boot_id TEXT NOT NULL, account TEXT NOT NULL,
  state TEXT NOT NULL, substate TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '', sqlstate TEXT NOT NULL DEFAULT '', cure TEXT NOT NULL DEFAULT '',
  UNIQUE (target_host, target_port, name)) STRICT;
CREATE TABLE databases (
  migration INTEGER NOT NULL REFERENCES migrations ON DELETE CASCADE, name TEXT NOT NULL, position INTEGER NOT NULL,
  state INTEGER NOT NULL, phase TEXT NOT NULL,
  tables_done INTEGER NOT NULL, tables_total INTEGER NOT NULL, bytes_done INTEGER NOT NULL, bytes_total INTEGER NOT NULL,
  rows_done INTEGER NOT NULL, bytes_per_second REAL NOT NULL, started INTEGER, ended INTEGER,
  error TEXT NOT NULL, sqlstate TEXT NOT NULL, cure TEXT NOT NULL,
  PRIMARY KEY (migration, name)) STRICT;
CREATE TABLE tables (
  migration INTEGER NOT NULL REFERENCES migrations ON DELETE CASCADE, database TEXT NOT NULL, name TEXT NOT NULL,
  state INTEGER NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL, milliseconds INTEGER NOT NULL,
  error TEXT NOT NULL, PRIMARY KEY (migration, database, name)) STRICT;
CREATE TABLE events (
  id INTEGER PRIMARY KEY, migration INTEGER NOT NULL REFERENCES migrations ON DELETE CASCADE,
  time INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
CREATE INDEX events_of_migration ON events (migration, id);
CREATE TABLE validations (
  id INTEGER PRIMARY KEY, migration INTEGER NOT NULL REFERENCES migrations ON DELETE CASCADE,
  database TEXT NOT NULL, type TEXT NOT NULL, rule TEXT NOT NULL, name TEXT NOT NULL, state INTEGER NOT NULL,
  code TEXT NOT NULL, subject TEXT NOT NULL, message TEXT NOT NULL, evidence TEXT NOT NULL, cure TEXT NOT NULL) STRICT;
CREATE INDEX validations_of_migration ON validations (migration, id);
CREATE TABLE verifications (
  id INTEGER PRIMARY KEY, migration INTEGER NOT NULL REFERENCES migrations ON DELETE CASCADE,
  database TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  source_rows INTEGER NOT NULL, target_rows INTEGER NOT NULL, source_hash TEXT NOT NULL, target_hash TEXT NOT NULL,
  identical INTEGER NOT NULL, difference TEXT NOT NULL) STRICT;
CREATE INDEX verifications_of_migration ON verifications (migration, id);
)sql",
                           R"sql(
CREATE TABLE remains (
  id INTEGER PRIMARY KEY, migration INTEGER NOT NULL REFERENCES migrations ON DELETE CASCADE,
  text TEXT NOT NULL) STRICT;
CREATE INDEX remains_of_migration ON remains (migration, id);
)sql",
                           // A comparison that is NULL is the migration's own.
                           R"sql(
ALTER TABLE migrations ADD COLUMN edition TEXT NOT NULL DEFAULT '';
ALTER TABLE migrations ADD COLUMN source_extra TEXT NOT NULL DEFAULT '';
ALTER TABLE migrations ADD COLUMN target_extra TEXT NOT NULL DEFAULT '';
CREATE TABLE comparisons (
  id INTEGER PRIMARY KEY, migration INTEGER NOT NULL REFERENCES migrations ON DELETE CASCADE,
  time INTEGER NOT NULL) STRICT;
CREATE INDEX comparisons_of_migration ON comparisons (migration, id);
ALTER TABLE verifications ADD COLUMN compared INTEGER NOT NULL DEFAULT 1;
ALTER TABLE verifications ADD COLUMN comparison INTEGER REFERENCES comparisons ON DELETE CASCADE;
CREATE TABLE verification_notes (
  id INTEGER PRIMARY KEY, migration INTEGER NOT NULL REFERENCES migrations ON DELETE CASCADE,
  text TEXT NOT NULL, comparison INTEGER REFERENCES comparisons ON DELETE CASCADE) STRICT;
CREATE INDEX verification_notes_of_migration ON verification_notes (migration, id);
)sql",
                           R"sql(
ALTER TABLE migrations ADD COLUMN settings TEXT NOT NULL DEFAULT '';
CREATE TABLE standings (
  migration INTEGER NOT NULL REFERENCES migrations ON DELETE CASCADE, database TEXT NOT NULL,
  made INTEGER NOT NULL, oid INTEGER NOT NULL, schema TEXT NOT NULL, PRIMARY KEY (migration, database)) STRICT;
CREATE TABLE joined_roles (
  id INTEGER PRIMARY KEY, migration INTEGER NOT NULL REFERENCES migrations ON DELETE CASCADE,
  role TEXT NOT NULL) STRICT;
CREATE INDEX joined_roles_of_migration ON joined_roles (migration, id);
)sql"};

Result<int> version_of(sqlite3* database) {
  auto statement = sqlite::Statement::prepare(database, "PRAGMA user_version");
  if (!statement) return tl::unexpected(statement.error());
  if (auto row = statement->step(); !row) return tl::unexpected(row.error());
  return static_cast<int>(statement->integer(0));
}

}  // namespace

Result<void> migrate_schema(sqlite3* database) {
  constexpr int newest = static_cast<int>(steps.size());
  const auto before = version_of(database);
  if (!before) return tl::unexpected(before.error());
  if (*before == newest) return {};
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto version = version_of(database);  // again: another process may have been faster
  if (!version) return tl::unexpected(version.error());
  if (*version > newest)
    return fail_with_cure(Errc::unsupported, "use the newer pgpassage, or set PGPASSAGE_HOME to another directory",
                          "the state file {} has form {}, this pgpassage knows form {}",
                          sqlite3_db_filename(database, "main"), *version, newest);
  for (int step = *version; step < newest; ++step)
    if (auto done = sqlite::run(database, steps[static_cast<std::size_t>(step)]); !done) return done;
  if (auto done = sqlite::run(database, fmt::format("PRAGMA user_version = {}", newest).c_str()); !done) return done;
  return transaction->commit();
}

}  // namespace pgpassage::migrate
