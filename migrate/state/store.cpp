#include "migrate/state/store.hpp"

#include "migrate/state/rows.hpp"

namespace pgpassage::migrate {

namespace {

Result<void> load_names(sqlite3* database, MigrationRecord& record) {
  auto names = rows_of<std::string>(database, "SELECT name FROM databases WHERE migration = ? ORDER BY position",
                                    record.id, [](const Statement& row) { return row.text(0); });
  if (!names) return tl::unexpected(names.error());
  record.request.databases = std::move(*names);
  return {};
}

}  // namespace

std::int64_t to_milliseconds(Time time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Time from_milliseconds(std::int64_t milliseconds) { return Time{std::chrono::milliseconds{milliseconds}}; }

std::optional<std::int64_t> to_milliseconds(const std::optional<Time>& time) {
  return time ? std::optional{to_milliseconds(*time)} : std::nullopt;
}

Result<void> execute(sqlite3* database, const char* sql, MigrationId id) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return tl::unexpected(statement.error());
  *statement << id;
  return statement->finish();
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

}  // namespace pgpassage::migrate
