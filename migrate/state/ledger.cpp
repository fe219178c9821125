#include "migrate/state/ledger.hpp"

#include <algorithm>
#include <tuple>

#include "migrate/state/store.hpp"

namespace pgpassage::migrate {

using sqlite::Statement;
using sqlite::Transaction;

namespace {

bool share_a_database(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  if (one.empty() || other.empty()) return true;  // all of them
  return std::any_of(one.begin(), one.end(), [&](const std::string& name) {
    return std::find(other.begin(), other.end(), name) != other.end();
  });
}

bool same_target(const Endpoint& one, const Endpoint& other) {
  return one.host == other.host && one.port == other.port;
}

Result<void> refuse_name(const std::vector<MigrationRecord>& existing, const NewMigration& wanted) {
  for (const MigrationRecord& record : existing)
    if (same_target(record.request.target, wanted.target) && record.request.name == wanted.name)
      return fail_with_cure(Errc::already_exists,
                            "choose another name (--name): a name stands for one migration of a target",
                            "the target {}:{} already has a migration named '{}' ({})", wanted.target.host,
                            wanted.target.port, wanted.name, to_string(record.stage.state));
  return {};
}

Result<void> refuse_conflict(sqlite3* database, const NewMigration& wanted) {
  const auto existing = load_migrations(database);
  if (!existing) return tl::unexpected(existing.error());
  if (auto free = refuse_name(*existing, wanted); !free) return free;
  return refuse_meeting(*existing, wanted);
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
      " edition, source_extra, target_extra, settings)"
      " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
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
             << migration.target.extra << migration.settings;
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

Result<void> refuse_meeting(const std::vector<MigrationRecord>& existing, const NewMigration& wanted) {
  for (const MigrationRecord& record : existing) {
    const NewMigration& other = record.request;
    if (!same_target(other.target, wanted.target) || ended(record.stage.state)) continue;
    if (share_a_database(other.databases, wanted.databases))
      return fail_with_cure(Errc::already_exists,
                            fmt::format("wait for it, or stop it with `pgpassage cancel {}`", other.name),
                            "migration '{}' is moving the same databases to {}:{} now", other.name, wanted.target.host,
                            wanted.target.port);
  }
  return {};
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
