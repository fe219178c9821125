#include "migrate/state/ledger.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>
#include <tuple>

#include "migrate/state/schema.hpp"
#include "migrate/state/store.hpp"

namespace pgpassage::migrate {

namespace fs = std::filesystem;
using sqlite::Statement;
using sqlite::Transaction;

namespace {

Result<void> make_home(const fs::path& home) {
  std::error_code error;
  if (fs::is_directory(home, error)) return {};
  fs::create_directories(home.parent_path(), error);
  if (mkdir(home.c_str(), 0700) == 0) return {};
  const int why = errno;
  if (why == EEXIST && fs::is_directory(home, error)) return {};  // another process made it meanwhile
  return fail_with_cure(Errc::permission, "set PGPASSAGE_HOME to a directory you may write",
                        "the directory {} cannot be made: {}", home.string(), std::generic_category().message(why));
}

/// Nothing was done yet, and nothing can be before the state can be written.
Error with_cure(Error error) {
  if (error.cure.empty())
    error.cure = error.code == Errc::disk_full
                     ? "make room on its disk, or set PGPASSAGE_HOME to another directory"
                     : "look at that file and its directory, or set PGPASSAGE_HOME to a directory you may write";
  return error;
}

/// SQLite makes its -wal and -shm files with the mode of the main file, so only that one needs care.
Result<void> keep_private(const fs::path& file) {
  std::error_code error;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
  if (error) return fail(Errc::permission, "{} cannot be made private: {}", file.string(), error.message());
  return {};
}

bool share_a_database(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  if (one.empty() || other.empty()) return true;  // all of them
  return std::any_of(one.begin(), one.end(), [&](const std::string& name) {
    return std::find(other.begin(), other.end(), name) != other.end();
  });
}

Result<void> refuse_conflict(sqlite3* database, const NewMigration& wanted) {
  const auto existing = load_migrations(database);
  if (!existing) return tl::unexpected(existing.error());
  for (const MigrationRecord& record : *existing) {
    const NewMigration& other = record.request;
    if (other.target.host != wanted.target.host || other.target.port != wanted.target.port) continue;
    if (other.name == wanted.name)
      return fail_with_cure(Errc::already_exists,
                            "choose another name (--name): a name stands for one migration of a target",
                            "the target {}:{} already has a migration named '{}' ({})", wanted.target.host,
                            wanted.target.port, wanted.name, to_string(record.stage.state));
    if (!ended(record.stage.state) && share_a_database(other.databases, wanted.databases))
      return fail_with_cure(Errc::already_exists,
                            fmt::format("wait for it, or stop it with `pgpassage cancel {}`", other.name),
                            "migration '{}' is moving the same databases to {}:{} now", other.name, wanted.target.host,
                            wanted.target.port);
  }
  return {};
}

void bind(Statement& statement, const Endpoint& endpoint) {
  statement << endpoint.host << int{endpoint.port} << endpoint.user << endpoint.server << endpoint.type
            << endpoint.ssl_mode;
}

Result<MigrationId> insert_migration(sqlite3* database, const NewMigration& migration) {
  auto statement = Statement::prepare(
      database,
      "INSERT INTO migrations (name, source_host, source_port, source_user, source_server, source_type, "
      "source_ssl_mode,"
      " target_host, target_port, target_user, target_server, target_type, target_ssl_mode, mode, option, path, "
      "overwrite,"
      " topology_file, topology_sha256, scenario, host, pid, start_ticks, boot_id, account, state, substate, started,"
      " edition, source_extra, target_extra)"
      " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  if (!statement) return tl::unexpected(statement.error());
  *statement << migration.name;
  bind(*statement, migration.source);
  bind(*statement, migration.target);
  *statement << static_cast<int>(migration.mode) << static_cast<int>(migration.option)
             << static_cast<int>(migration.path) << int{migration.overwrite} << migration.topology_file
             << migration.topology_sha256 << migration.scenario << migration.process.host << migration.process.pid
             << static_cast<std::int64_t>(migration.process.start_ticks) << migration.process.boot_id
             << migration.process.account << to_string(first_stage.state) << to_string(first_stage.substate)
             << to_milliseconds(std::chrono::system_clock::now()) << migration.edition << migration.source.extra
             << migration.target.extra;
  if (auto done = statement->finish(); !done) return tl::unexpected(done.error());
  return sqlite3_last_insert_rowid(database);
}

Result<void> insert_databases(sqlite3* database, MigrationId id, const std::vector<std::string>& names) {
  auto statement =
      Statement::prepare(database, "INSERT INTO databases VALUES (?,?,?,?,'',0,0,0,0,0,0.0,NULL,NULL,'','','')");
  if (!statement) return tl::unexpected(statement.error());
  int position = 0;
  for (const std::string& name : names) {
    statement->again();
    *statement << id << name << position++ << static_cast<int>(WorkState::queued);
    if (auto done = statement->finish(); !done) return done;
  }
  return {};
}

Result<void> execute(sqlite3* database, const char* sql, MigrationId id) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return tl::unexpected(statement.error());
  *statement << id;
  return statement->finish();
}

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

template <class Record>
Result<void> replace(sqlite3* database, MigrationId id, const char* clear, const std::vector<Record>& items) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto done = execute(database, clear, id); !done) return done;
  if (auto done = insert(database, id, items); !done) return done;
  return transaction->commit();
}

/// What a person asks of a migration from another terminal: its record as it is now, and the transaction to change it.
struct Asked {
  Transaction transaction;
  MigrationRecord record;
};

Result<Asked> ask(sqlite3* database, MigrationId id) {
  if (auto settled = settle(database); !settled) return tl::unexpected(settled.error());
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  auto record = load_migration(database, id);
  if (!record) return tl::unexpected(record.error());
  return Asked{std::move(*transaction), std::move(*record)};
}

}  // namespace

Ledger::Ledger(std::unique_ptr<Store> store) : store_{std::move(store)} {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::open(const fs::path& home) {
  if (auto made = make_home(home); !made) return tl::unexpected(made.error());
  const fs::path file = home / "ledger.sqlite";
  auto database = sqlite::open(file);
  if (!database) return tl::unexpected(with_cure(database.error()));
  if (auto kept = keep_private(file); !kept) return tl::unexpected(kept.error());
  auto store = std::make_unique<Store>();
  store->database = std::move(*database);
  if (auto set = sqlite::run(store->handle(),
                             "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
      !set)
    return tl::unexpected(with_cure(set.error()));
  if (auto done = migrate_schema(store->handle()); !done) return tl::unexpected(with_cure(done.error()));
  return Ledger{std::move(store)};
}

Result<MigrationId> Ledger::create(const NewMigration& migration) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  if (auto settled = settle(database); !settled) return tl::unexpected(settled.error());
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto free = refuse_conflict(database, migration); !free) return tl::unexpected(free.error());
  const auto id = insert_migration(database, migration);
  if (!id) return id;
  if (auto done = insert_databases(database, *id, migration.databases); !done) return tl::unexpected(done.error());
  if (auto done = write_event(database, *id, "accepted"); !done) return tl::unexpected(done.error());
  if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
  return id;
}

Result<Step> Ledger::advance(MigrationId id, Event event, const Trouble& trouble) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto record = load_migration(database, id);
  if (!record) return tl::unexpected(record.error());
  const auto next = step(record->stage, event, record->request.mode, record->request.option);
  if (!next)
    return fail(Errc::unsupported, "migration '{}' is {} ({}): it takes no {}", record->request.name,
                to_string(record->stage.state), to_string(record->stage.substate), to_string(event));
  if (auto done = write_stage(database, id, next->stage, to_string(event), trouble); !done)
    return tl::unexpected(done.error());
  if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
  return *next;
}

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

Result<void> Ledger::store_remaining(MigrationId id, const std::vector<std::string>& texts) {
  const std::lock_guard lock{store_->mutex};
  return replace(store_->handle(), id, "DELETE FROM remains WHERE migration = ?", texts);
}

Result<void> Ledger::request_cancel(MigrationId id) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  auto asked = ask(database, id);
  if (!asked) return tl::unexpected(asked.error());
  const auto& [name, state] = std::tie(asked->record.request.name, asked->record.stage.state);
  if (ended(state))
    return fail_with_cure(Errc::input, fmt::format("`pgpassage show {}` says how", name),
                          "migration '{}' has ended ({}) and cannot be canceled", name, to_string(state));
  if (auto done = execute(database, "UPDATE migrations SET cancel_requested = 1 WHERE id = ?", id); !done) return done;
  if (auto done = write_event(database, id, "cancel requested"); !done) return done;
  return asked->transaction.commit();
}

Result<bool> Ledger::cancel_requested(MigrationId id) {
  const std::lock_guard lock{store_->mutex};
  auto statement = Statement::prepare(store_->handle(), "SELECT cancel_requested FROM migrations WHERE id = ?");
  if (!statement) return tl::unexpected(statement.error());
  *statement << id;
  const auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return fail(Errc::not_found, "the migration's record was removed");
  return statement->integer(0) != 0;
}

Result<void> Ledger::remove(MigrationId id) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  auto asked = ask(database, id);
  if (!asked) return tl::unexpected(asked.error());
  const auto& [name, state] = std::tie(asked->record.request.name, asked->record.stage.state);
  if (!ended(state))
    return fail_with_cure(Errc::input, fmt::format("`pgpassage cancel {}` first", name), "migration '{}' is still {}",
                          name, to_string(state));
  if (auto done = execute(database, "DELETE FROM migrations WHERE id = ?", id); !done) return done;
  return asked->transaction.commit();
}

}  // namespace pgpassage::migrate
