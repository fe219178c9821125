#include "migrate/state/store.hpp"

namespace pgpassage::migrate {

using sqlite::Statement;
using sqlite::Transaction;

namespace {

/// What a process that is gone was doing has not ended by itself.
Result<void> settle_work(sqlite3* database, MigrationId id, const Trouble& trouble) {
  auto remains = Statement::prepare(
      database,
      "INSERT INTO remains SELECT NULL, migration, 'database \"' || name || '\" on the target may be incomplete: "
      "resume the migration, or drop it' FROM databases WHERE migration = ? AND state = ?");
  if (!remains) return tl::unexpected(remains.error());
  *remains << id << static_cast<int>(WorkState::in_progress);
  if (auto done = remains->finish(); !done) return done;
  for (const char* sql :
       {"UPDATE tables SET state = ?, error = ? WHERE migration = ? AND state = ?",
        "UPDATE databases SET state = ?, error = ?, bytes_per_second = 0 WHERE migration = ? AND state = ?"}) {
    auto statement = Statement::prepare(database, sql);
    if (!statement) return tl::unexpected(statement.error());
    *statement << static_cast<int>(WorkState::failed) << trouble.message << id
               << static_cast<int>(WorkState::in_progress);
    if (auto done = statement->finish(); !done) return done;
  }
  return {};
}

}  // namespace

Result<void> settle(sqlite3* database) {
  const auto records = load_migrations(database);
  if (!records) return tl::unexpected(records.error());
  for (const MigrationRecord& seen : *records) {
    if (ended(seen.stage.state) || seen.request.process.alive()) continue;
    auto transaction = Transaction::begin(database);
    if (!transaction) return tl::unexpected(transaction.error());
    const auto record = load_migration(database, seen.id);  // again: it may have been settled or resumed meanwhile
    if (!record || ended(record->stage.state) || record->request.process.alive()) continue;
    const Trouble trouble{
        fmt::format("its process {} on {} is gone (killed?) since it last was in {}", record->request.process.pid,
                    record->request.process.host, to_string(record->stage.substate)),
        "", fmt::format("`pgpassage resume {}` goes on with it", record->request.name)};
    if (auto done =
            write_stage(database, seen.id, {State::failed, record->stage.substate}, to_string(Event::failed), trouble);
        !done)
      return done;
    if (auto done = settle_work(database, seen.id, trouble); !done) return done;
    if (auto done = transaction->commit(); !done) return done;
  }
  return {};
}

}  // namespace pgpassage::migrate
