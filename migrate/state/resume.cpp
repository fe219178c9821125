#include "migrate/state/rows.hpp"
#include "migrate/state/store.hpp"

/// A migration that goes on after it stopped.
namespace pgpassage::migrate {

using sqlite::Transaction;

namespace {

Result<void> refuse_others(sqlite3* database, const MigrationRecord& record) {
  const auto existing = load_migrations(database);
  if (!existing) return tl::unexpected(existing.error());
  return refuse_meeting(*existing, record.request);
}

Result<void> hand_to(sqlite3* database, MigrationId id, const ProcessIdentity& process) {
  auto statement = Statement::prepare(
      database, "UPDATE migrations SET host = ?, pid = ?, start_ticks = ?, boot_id = ?, account = ? WHERE id = ?");
  if (!statement) return tl::unexpected(statement.error());
  *statement << process.host << process.pid << static_cast<std::int64_t>(process.start_ticks) << process.boot_id
             << process.account << id;
  if (auto done = statement->finish(); !done) return done;
  return execute(database, "DELETE FROM remains WHERE migration = ?", id);
}

Result<Resumption> finished_of(sqlite3* database, MigrationId id) {
  Resumption result;
  std::vector<Standing> standings;
  std::vector<TableRecord> tables;
  auto done = fill(standings, database, "SELECT database, made, oid, schema FROM standings WHERE migration = ?", id,
                   [](const Statement& row) {
                     return Standing{row.text(0), static_cast<Made>(row.integer(1)), row.integer(2), row.text(3)};
                   });
  if (done) done = fill(tables, database, tables_query, id, table_at);
  if (done)
    done = fill(result.joined_roles, database, "SELECT role FROM joined_roles WHERE migration = ? ORDER BY id", id,
                [](const Statement& row) { return row.text(0); });
  if (!done) return tl::unexpected(done.error());
  for (const Standing& standing : standings) result.standings.emplace(standing.database, standing);
  for (const TableRecord& table : tables)
    if (table.state == WorkState::succeeded) result.tables[table.database].emplace(table.table, table);
  return result;
}

}  // namespace

Result<void> may_resume(const MigrationRecord& record) {
  const std::string& name = record.request.name;
  switch (record.stage.state) {
    case State::failed:
    case State::canceled: return {};
    case State::validation_failed:
      return fail_with_cure(Errc::input, "mend what `pgpassage show` lists under Validation, then migrate again",
                            "migration '{}' moved nothing: its validation failed", name);
    case State::succeeded:
      return fail_with_cure(Errc::input, fmt::format("`pgpassage verify {}` compares source and target again", name),
                            "migration '{}' has succeeded: there is nothing to resume", name);
    case State::in_progress:
    case State::waiting_for_user_action: break;
  }
  return fail_with_cure(Errc::input, fmt::format("wait for it, or stop it with `pgpassage cancel {}`", name),
                        "migration '{}' runs in process {} on {}", name, record.request.process.pid,
                        record.request.process.host);
}

Result<Resumption> Ledger::resume(MigrationId id, const ProcessIdentity& process) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  if (auto settled = settle(database); !settled) return tl::unexpected(settled.error());
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto record = load_migration(database, id);
  if (!record) return tl::unexpected(record.error());
  if (auto stopped = may_resume(*record); !stopped) return tl::unexpected(stopped.error());
  if (auto free = refuse_others(database, *record); !free) return tl::unexpected(free.error());
  auto finished = finished_of(database, id);
  if (!finished) return finished;
  if (auto done = hand_to(database, id, process); !done) return tl::unexpected(done.error());
  if (auto done = write_stage(database, id, first_stage, to_string(Event::resumed), {}); !done)
    return tl::unexpected(done.error());
  if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
  return finished;
}

}  // namespace pgpassage::migrate
