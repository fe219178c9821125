#include <algorithm>

#include "migrate/state/store.hpp"

namespace pgpassage::migrate {

using sqlite::Statement;
using sqlite::Transaction;

namespace {

constexpr const char* migration_columns =
    "SELECT id, name, source_host, source_port, source_user, source_server, source_type, source_ssl_mode, target_host,"
    " target_port, target_user, target_server, target_type, target_ssl_mode, mode, option, path, overwrite, "
    "topology_file,"
    " topology_sha256, scenario, host, pid, start_ticks, boot_id, account, state, substate, started, ended,"
    " cancel_requested, error, sqlstate, cure, edition, source_extra, target_extra FROM migrations ";

constexpr const char* databases_query =
    "SELECT name, state, phase, tables_done, tables_total, bytes_done, bytes_total, rows_done, bytes_per_second, "
    "started,"
    " ended, error, sqlstate, cure FROM databases WHERE migration = ? ORDER BY position";

Endpoint endpoint_at(const Statement& row, int column) {
  return {.host = row.text(column),
          .port = static_cast<Port>(row.integer(column + 1)),
          .user = row.text(column + 2),
          .server = row.text(column + 3),
          .type = row.text(column + 4),
          .ssl_mode = row.text(column + 5),
          .extra = {}};
}

std::optional<Time> time_at(const Statement& row, int column) {
  return row.null(column) ? std::nullopt : std::optional{from_milliseconds(row.integer(column))};
}

MigrationRecord migration_at(const Statement& row) {
  MigrationRecord record;
  record.id = row.integer(0);
  NewMigration& request = record.request;
  request.name = row.text(1);
  request.source = endpoint_at(row, 2);
  request.target = endpoint_at(row, 8);
  request.mode = static_cast<MigrationMode>(row.integer(14));
  request.option = static_cast<MigrationOption>(row.integer(15));
  request.path = static_cast<NetworkPath>(row.integer(16));
  request.overwrite = row.integer(17) != 0;
  request.topology_file = row.text(18);
  request.topology_sha256 = row.text(19);
  request.scenario = row.text(20);
  request.process = {.host = row.text(21),
                     .pid = static_cast<int>(row.integer(22)),
                     .start_ticks = static_cast<std::uint64_t>(row.integer(23)),
                     .boot_id = row.text(24),
                     .account = row.text(25)};
  record.stage = {state_of(row.text(26)).value_or(State::failed),
                  substate_of(row.text(27)).value_or(Substate::completed)};
  record.started = from_milliseconds(row.integer(28));
  record.ended = time_at(row, 29);
  record.cancel_requested = row.integer(30) != 0;
  record.error = {row.text(31), row.text(32), row.text(33)};
  request.edition = row.text(34);
  request.source.extra = row.text(35);
  request.target.extra = row.text(36);
  return record;
}

/// Every row of a statement whose one parameter is the migration.
template <class Record, class Read>
Result<std::vector<Record>> rows_of(sqlite3* database, const char* sql, MigrationId id, Read read) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return tl::unexpected(statement.error());
  *statement << id;
  std::vector<Record> records;
  while (true) {
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return records;
    records.push_back(read(*statement));
  }
}

Result<void> load_names(sqlite3* database, MigrationRecord& record) {
  auto names = rows_of<std::string>(database, "SELECT name FROM databases WHERE migration = ? ORDER BY position",
                                    record.id, [](const Statement& row) { return row.text(0); });
  if (!names) return tl::unexpected(names.error());
  record.request.databases = std::move(*names);
  return {};
}

DatabaseRecord database_at(const Statement& row) {
  return {.name = row.text(0),
          .state = static_cast<WorkState>(row.integer(1)),
          .phase = row.text(2),
          .tables_done = row.integer(3),
          .tables_total = row.integer(4),
          .bytes_done = row.integer(5),
          .bytes_total = row.integer(6),
          .rows_done = row.integer(7),
          .bytes_per_second = row.real(8),
          .started = time_at(row, 9),
          .ended = time_at(row, 10),
          .error = {row.text(11), row.text(12), row.text(13)}};
}

TableRecord table_at(const Statement& row) {
  return {.database = row.text(0),
          .table = row.text(1),
          .state = static_cast<WorkState>(row.integer(2)),
          .rows = row.integer(3),
          .bytes = row.integer(4),
          .took = std::chrono::milliseconds{row.integer(5)},
          .error = row.text(6)};
}

EventRecord event_at(const Statement& row) { return {from_milliseconds(row.integer(0)), row.text(1)}; }

ValidationRecord validation_at(const Statement& row) {
  return {.database = row.text(0),
          .type = row.text(1),
          .rule = row.text(2),
          .name = row.text(3),
          .state = static_cast<ItemState>(row.integer(4)),
          .code = row.text(5),
          .subject = row.text(6),
          .message = row.text(7),
          .evidence = row.text(8),
          .cure = row.text(9)};
}

VerificationRecord verification_at(const Statement& row) {
  return {.database = row.text(0),
          .kind = row.text(1),
          .name = row.text(2),
          .source_rows = row.integer(3),
          .target_rows = row.integer(4),
          .source_hash = row.text(5),
          .target_hash = row.text(6),
          .identical = row.integer(7) != 0,
          .difference = row.text(8),
          .compared = row.integer(9) != 0};
}

/// Items and notes, each of the migration's own comparison or of the later one that it names.
template <class Record>
struct OfComparison {
  std::optional<std::int64_t> comparison;
  Record record;
};

std::optional<std::int64_t> number_at(const Statement& row, int column) {
  return row.null(column) ? std::nullopt : std::optional{row.integer(column)};
}

template <class Record, class Read>
Result<void> fill(std::vector<Record>& into, sqlite3* database, const char* sql, MigrationId id, Read read) {
  auto records = rows_of<Record>(database, sql, id, read);
  if (!records) return tl::unexpected(records.error());
  into = std::move(*records);
  return {};
}

Result<void> fill_verifications(MigrationDetail& detail, sqlite3* database, MigrationId id) {
  std::vector<std::int64_t> numbers;
  std::vector<OfComparison<VerificationRecord>> items;
  std::vector<OfComparison<std::string>> notes;
  auto done = fill(numbers, database, "SELECT id, time FROM comparisons WHERE migration = ? ORDER BY id", id,
                   [&](const Statement& row) {
                     detail.later_verifications.push_back({from_milliseconds(row.integer(1)), {}});
                     return row.integer(0);
                   });
  if (done)
    done =
        fill(items, database,
             "SELECT database, kind, name, source_rows, target_rows, source_hash, target_hash, identical, difference,"
             " compared, comparison FROM verifications WHERE migration = ? ORDER BY id",
             id, [](const Statement& row) {
               return OfComparison<VerificationRecord>{number_at(row, 10), verification_at(row)};
             });
  if (done)
    done = fill(notes, database, "SELECT text, comparison FROM verification_notes WHERE migration = ? ORDER BY id", id,
                [](const Statement& row) {
                  return OfComparison<std::string>{number_at(row, 1), row.text(0)};
                });
  if (!done) return done;
  const auto of = [&](const std::optional<std::int64_t>& comparison) -> Verification& {
    const auto at = comparison ? std::find(numbers.begin(), numbers.end(), *comparison) : numbers.end();
    if (at == numbers.end()) return detail.verification;
    return detail.later_verifications[static_cast<std::size_t>(at - numbers.begin())].found;
  };
  for (auto& [comparison, item] : items) of(comparison).items.push_back(std::move(item));
  for (auto& [comparison, note] : notes) of(comparison).notes.push_back(std::move(note));
  return {};
}

bool named(const MigrationRecord& record, std::string_view target, std::string_view name) {
  const Endpoint& end = record.request.target;
  return record.request.name == name && (target.empty() || target == end.host || target == end.server ||
                                         target == fmt::format("{}:{}", end.host, end.port));
}

}  // namespace

std::int64_t to_milliseconds(Time time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Time from_milliseconds(std::int64_t milliseconds) { return Time{std::chrono::milliseconds{milliseconds}}; }

std::optional<std::int64_t> to_milliseconds(const std::optional<Time>& time) {
  return time ? std::optional{to_milliseconds(*time)} : std::nullopt;
}

Result<MigrationRecord> load_migration(sqlite3* database, MigrationId id) {
  auto records =
      rows_of<MigrationRecord>(database, fmt::format("{} WHERE id = ?", migration_columns).c_str(), id, migration_at);
  if (!records) return tl::unexpected(records.error());
  if (records->empty()) return fail(Errc::not_found, "there is no migration with the number {}", id);
  if (auto done = load_names(database, records->front()); !done) return tl::unexpected(done.error());
  return std::move(records->front());
}

Result<std::vector<MigrationRecord>> load_migrations(sqlite3* database) {
  auto records = rows_of<MigrationRecord>(
      database, fmt::format("{} WHERE id > ? ORDER BY started DESC, id DESC", migration_columns).c_str(), 0,
      migration_at);
  if (!records) return records;
  for (MigrationRecord& record : *records)
    if (auto done = load_names(database, record); !done) return tl::unexpected(done.error());
  return records;
}

Result<void> write_event(sqlite3* database, MigrationId id, std::string_view text) {
  auto statement = Statement::prepare(database, "INSERT INTO events VALUES (NULL,?,?,?)");
  if (!statement) return tl::unexpected(statement.error());
  *statement << id << to_milliseconds(std::chrono::system_clock::now()) << text;
  return statement->finish();
}

Result<void> write_stage(sqlite3* database, MigrationId id, Stage stage, std::string_view event,
                         const Trouble& trouble) {
  auto statement = Statement::prepare(database,
                                      "UPDATE migrations SET state=?, substate=?, ended=?, error=?, sqlstate=?, cure=?,"
                                      " cancel_requested = CASE WHEN ? THEN 0 ELSE cancel_requested END WHERE id=?");
  if (!statement) return tl::unexpected(statement.error());
  const auto now = to_milliseconds(std::chrono::system_clock::now());
  *statement << to_string(stage.state) << to_string(stage.substate)
             << (ended(stage.state) ? std::optional{now} : std::nullopt) << trouble.message << trouble.sqlstate
             << trouble.cure << int{event == to_string(Event::resumed)} << id;
  if (auto done = statement->finish(); !done) return done;
  return write_event(database, id,
                     fmt::format("{}: {}/{}{}{}", event, to_string(stage.state), to_string(stage.substate),
                                 trouble.empty() ? "" : ": ", trouble.message));
}

/// What a process that is gone was doing has not ended by itself.
Result<void> settle_work(sqlite3* database, MigrationId id, const Trouble& trouble) {
  auto remains = Statement::prepare(
      database,
      "INSERT INTO remains SELECT NULL, migration, 'database \"' || name || '\" on the target may be incomplete: drop "
      "it, or migrate again with overwriteDbsInTarget (--overwrite)' FROM databases WHERE migration = ? AND state = ?");
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
        "", "migrate again under another --name; a database that is on the target by now needs --overwrite"};
    if (auto done =
            write_stage(database, seen.id, {State::failed, record->stage.substate}, to_string(Event::failed), trouble);
        !done)
      return done;
    if (auto done = settle_work(database, seen.id, trouble); !done) return done;
    if (auto done = transaction->commit(); !done) return done;
  }
  return {};
}

Result<std::vector<MigrationRecord>> Ledger::list() {
  const std::lock_guard lock{store_->mutex};
  if (auto settled = settle(store_->handle()); !settled) return tl::unexpected(settled.error());
  return load_migrations(store_->handle());
}

Result<MigrationId> Ledger::find(std::string_view text) {
  const auto records = list();
  if (!records) return tl::unexpected(records.error());
  const auto slash = text.rfind('/');
  const std::string_view target = slash == std::string_view::npos ? "" : text.substr(0, slash);
  const std::string_view name = slash == std::string_view::npos ? text : text.substr(slash + 1);
  std::vector<const MigrationRecord*> found;
  for (const MigrationRecord& record : *records)
    if (named(record, target, name)) found.push_back(&record);
  if (found.empty())
    return fail_with_cure(Errc::not_found, "`pgpassage list` shows the names", "there is no migration named '{}' here",
                          text);
  if (found.size() == 1) return found.front()->id;
  std::string choices;
  for (const MigrationRecord* record : found)
    choices += fmt::format("{}{}:{}/{}", choices.empty() ? "" : ", ", record->request.target.host,
                           record->request.target.port, record->request.name);
  return fail_with_cure(Errc::input, fmt::format("say which: {}", choices), "'{}' names {} migrations", text,
                        found.size());
}

Result<MigrationDetail> Ledger::detail(MigrationId id) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  if (auto settled = settle(database); !settled) return tl::unexpected(settled.error());
  auto migration = load_migration(database, id);
  if (!migration) return tl::unexpected(migration.error());
  MigrationDetail detail{.migration = std::move(*migration)};
  // One transaction, so that the parts belong to one moment.
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto done = fill(detail.databases, database, databases_query, id, database_at); !done)
    return tl::unexpected(done.error());
  if (auto done = fill(detail.tables, database,
                       "SELECT database, name, state, rows, bytes, milliseconds, error FROM tables WHERE migration = ?"
                       " ORDER BY database, name",
                       id, table_at);
      !done)
    return tl::unexpected(done.error());
  if (auto done =
          fill(detail.events, database, "SELECT time, text FROM events WHERE migration = ? ORDER BY id", id, event_at);
      !done)
    return tl::unexpected(done.error());
  if (auto done =
          fill(detail.validations, database,
               "SELECT database, type, rule, name, state, code, subject, message, evidence, cure FROM validations"
               " WHERE migration = ? ORDER BY id",
               id, validation_at);
      !done)
    return tl::unexpected(done.error());
  if (auto done = fill_verifications(detail, database, id); !done) return tl::unexpected(done.error());
  if (auto done = fill(detail.remaining, database, "SELECT text FROM remains WHERE migration = ? ORDER BY id", id,
                       [](const Statement& row) { return row.text(0); });
      !done)
    return tl::unexpected(done.error());
  return detail;
}

Result<MigrationDetail> Ledger::progress(MigrationId id, std::size_t seen) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  if (auto settled = settle(database); !settled) return tl::unexpected(settled.error());
  // A reader's transaction: it neither waits for the migration nor lets it wait.
  if (auto begun = sqlite::run(database, "BEGIN"); !begun) return tl::unexpected(begun.error());
  auto read = [&]() -> Result<MigrationDetail> {
    auto migration = load_migration(database, id);
    if (!migration) return tl::unexpected(migration.error());
    MigrationDetail detail{.migration = std::move(*migration)};
    if (auto done = fill(detail.databases, database, databases_query, id, database_at); !done)
      return tl::unexpected(done.error());
    const std::string events =
        fmt::format("SELECT time, text FROM events WHERE migration = ? ORDER BY id LIMIT -1 OFFSET {}", seen);
    if (auto done = fill(detail.events, database, events.c_str(), id, event_at); !done)
      return tl::unexpected(done.error());
    return detail;
  }();
  if (auto ended = sqlite::run(database, "ROLLBACK"); !ended && read) return tl::unexpected(ended.error());
  return read;
}

}  // namespace pgpassage::migrate
