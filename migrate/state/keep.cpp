#include "migrate/state/store.hpp"

/// What a running migration tells of itself.
namespace pgpassage::migrate {

using sqlite::Statement;
using sqlite::Transaction;

namespace {

Result<void> insert(sqlite3* database, MigrationId id, const std::vector<ValidationRecord>& items) {
  auto statement = Statement::prepare(database, "INSERT INTO validations VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?)");
  if (!statement) return tl::unexpected(statement.error());
  for (const ValidationRecord& item : items) {
    statement->again();
    *statement << id << item.database << item.type << item.rule << item.name << static_cast<int>(item.state)
               << item.code << item.subject << item.message << item.evidence << item.cure;
    if (auto done = statement->finish(); !done) return done;
  }
  return {};
}

using ComparisonId = std::optional<std::int64_t>;  // absent: the migration's own

Result<void> insert_items(sqlite3* database, MigrationId id, ComparisonId comparison,
                          const std::vector<VerificationRecord>& items) {
  auto statement = Statement::prepare(database, "INSERT INTO verifications VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?)");
  if (!statement) return tl::unexpected(statement.error());
  for (const VerificationRecord& item : items) {
    statement->again();
    *statement << id << item.database << item.kind << item.name << item.source_rows << item.target_rows
               << item.source_hash << item.target_hash << int{item.identical} << item.difference << int{item.compared}
               << comparison;
    if (auto done = statement->finish(); !done) return done;
  }
  return {};
}

Result<void> insert(sqlite3* database, MigrationId id, ComparisonId comparison, const Verification& found) {
  if (auto done = insert_items(database, id, comparison, found.items); !done) return done;
  auto statement = Statement::prepare(database, "INSERT INTO verification_notes VALUES (NULL,?,?,?)");
  if (!statement) return tl::unexpected(statement.error());
  for (const std::string& note : found.notes) {
    statement->again();
    *statement << id << note << comparison;
    if (auto done = statement->finish(); !done) return done;
  }
  return {};
}

Result<std::int64_t> insert_comparison(sqlite3* database, MigrationId id) {
  auto statement = Statement::prepare(database, "INSERT INTO comparisons VALUES (NULL,?,?)");
  if (!statement) return tl::unexpected(statement.error());
  *statement << id << to_milliseconds(std::chrono::system_clock::now());
  if (auto done = statement->finish(); !done) return tl::unexpected(done.error());
  return sqlite3_last_insert_rowid(database);
}

Result<void> insert(sqlite3* database, MigrationId id, const std::vector<std::string>& remaining) {
  auto statement = Statement::prepare(database, "INSERT INTO remains VALUES (NULL,?,?)");
  if (!statement) return tl::unexpected(statement.error());
  for (const std::string& text : remaining) {
    statement->again();
    *statement << id << text;
    if (auto done = statement->finish(); !done) return done;
  }
  return {};
}

Result<void> insert_roles(sqlite3* database, MigrationId id, const std::vector<std::string>& roles) {
  auto statement = Statement::prepare(database, "INSERT INTO joined_roles VALUES (NULL,?,?)");
  if (!statement) return tl::unexpected(statement.error());
  for (const std::string& role : roles) {
    statement->again();
    *statement << id << role;
    if (auto done = statement->finish(); !done) return done;
  }
  return {};
}

template <class Record>
Result<void> replace(sqlite3* database, MigrationId id, const char* clear, const std::vector<Record>& items) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto done = execute(database, clear, id); !done) return done;
  if (auto done = insert(database, id, items); !done) return done;
  return transaction->commit();
}

}  // namespace

Result<void> Ledger::note(MigrationId id, std::string_view text) {
  const std::lock_guard lock{store_->mutex};
  return write_event(store_->handle(), id, text);
}

Result<void> Ledger::store(MigrationId id, const DatabaseRecord& database) {
  const std::lock_guard lock{store_->mutex};
  auto statement = Statement::prepare(
      store_->handle(),
      "INSERT INTO databases VALUES (?1,?2,(SELECT coalesce(max(position)+1,0) FROM databases WHERE migration=?1),"
      "?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)"
      " ON CONFLICT (migration, name) DO UPDATE SET state=?3, phase=?4, tables_done=?5, tables_total=?6, bytes_done=?7,"
      " bytes_total=?8, rows_done=?9, bytes_per_second=?10, started=?11, ended=?12, error=?13, sqlstate=?14, cure=?15");
  if (!statement) return tl::unexpected(statement.error());
  *statement << id << database.name << static_cast<int>(database.state) << database.phase << database.tables_done
             << database.tables_total << database.bytes_done << database.bytes_total << database.rows_done
             << database.bytes_per_second << to_milliseconds(database.started) << to_milliseconds(database.ended)
             << database.error.message << database.error.sqlstate << database.error.cure;
  return statement->finish();
}

Result<void> Ledger::store(MigrationId id, const std::vector<TableRecord>& tables) {
  const std::lock_guard lock{store_->mutex};
  auto transaction = Transaction::begin(store_->handle());
  if (!transaction) return tl::unexpected(transaction.error());
  auto statement = Statement::prepare(store_->handle(), "INSERT OR REPLACE INTO tables VALUES (?,?,?,?,?,?,?,?)");
  if (!statement) return tl::unexpected(statement.error());
  for (const TableRecord& table : tables) {
    statement->again();
    *statement << id << table.database << table.table << static_cast<int>(table.state) << table.rows << table.bytes
               << std::int64_t{table.took.count()} << table.error;
    if (auto done = statement->finish(); !done) return done;
  }
  return transaction->commit();
}

Result<void> Ledger::store(MigrationId id, const std::vector<ValidationRecord>& items) {
  const std::lock_guard lock{store_->mutex};
  return replace(store_->handle(), id, "DELETE FROM validations WHERE migration = ?", items);
}

Result<void> Ledger::store(MigrationId id, const Verification& found) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  for (const char* clear : {"DELETE FROM verifications WHERE migration = ? AND comparison IS NULL",
                            "DELETE FROM verification_notes WHERE migration = ? AND comparison IS NULL"})
    if (auto done = execute(database, clear, id); !done) return done;
  if (auto done = insert(database, id, std::nullopt, found); !done) return done;
  return transaction->commit();
}

Result<void> Ledger::add_verification(MigrationId id, const Verification& found) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto comparison = insert_comparison(database, id);
  if (!comparison) return tl::unexpected(comparison.error());
  if (auto done = insert(database, id, *comparison, found); !done) return done;
  const std::string event = fmt::format("verify: {}", to_string(agreement_of(found.items)));
  if (auto done = write_event(database, id, event); !done) return done;
  return transaction->commit();
}

Result<void> Ledger::store(MigrationId id, const Standing& standing) {
  const std::lock_guard lock{store_->mutex};
  auto statement = Statement::prepare(store_->handle(), "INSERT OR REPLACE INTO standings VALUES (?,?,?,?,?)");
  if (!statement) return tl::unexpected(statement.error());
  *statement << id << standing.database << static_cast<int>(standing.made) << standing.oid << standing.schema;
  return statement->finish();
}

Result<void> Ledger::store_joined(MigrationId id, const std::vector<std::string>& roles) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto done = execute(database, "DELETE FROM joined_roles WHERE migration = ?", id); !done) return done;
  if (auto done = insert_roles(database, id, roles); !done) return done;
  return transaction->commit();
}

Result<void> Ledger::store_remaining(MigrationId id, const std::vector<std::string>& texts) {
  const std::lock_guard lock{store_->mutex};
  return replace(store_->handle(), id, "DELETE FROM remains WHERE migration = ?", texts);
}

}  // namespace pgpassage::migrate
