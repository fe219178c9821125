#include "migrate/state/rows.hpp"

#include "migrate/state/store.hpp"

namespace pgpassage::migrate {

const char* const migration_columns =
    "SELECT id, name, source_host, source_port, source_user, source_server, source_type, source_ssl_mode, target_host,"
    " target_port, target_user, target_server, target_type, target_ssl_mode, mode, option, path, overwrite, "
    "topology_file,"
    " topology_sha256, scenario, host, pid, start_ticks, boot_id, account, state, substate, started, ended,"
    " cancel_requested, error, sqlstate, cure, edition, source_extra, target_extra, settings FROM migrations ";

const char* const databases_query =
    "SELECT name, state, phase, tables_done, tables_total, bytes_done, bytes_total, rows_done, bytes_per_second, "
    "started,"
    " ended, error, sqlstate, cure FROM databases WHERE migration = ? ORDER BY position";

const char* const tables_query =
    "SELECT database, name, state, rows, bytes, milliseconds, error FROM tables WHERE migration = ?"
    " ORDER BY database, name";

namespace {

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

}  // namespace

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
  request.settings = row.text(37);
  return record;
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

}  // namespace pgpassage::migrate
