#include "migrate/engine/tally.hpp"

namespace pgpassage::migrate {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

Tally::Tally(std::string database, const std::vector<CopyTable>& tables, const std::vector<std::size_t>& pieces,
             Time now)
    : tables_(tables.size()), rate_since_{now} {
  total_.name = std::move(database);
  total_.state = WorkState::in_progress;
  total_.tables_total = static_cast<std::int64_t>(tables.size());
  total_.started = now;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    tables_[i] = {.record = {.database = total_.name, .table = tables[i].name},
                  .started = now,
                  .pieces_left = pieces[i],
                  .expected_bytes = tables[i].bytes};
    change(tables_[i]);
    total_.bytes_total += tables[i].bytes;
  }
}

void Tally::begin(std::size_t table, Time now) {
  const std::lock_guard lock{mutex_};
  Table& entry = tables_[table];
  if (entry.record.state != WorkState::queued) return;
  entry.record.state = WorkState::in_progress;
  entry.started = now;
  change(entry);
}

void Tally::add(std::size_t table, std::int64_t bytes) {
  const std::lock_guard lock{mutex_};
  Table& entry = tables_[table];
  entry.record.bytes += bytes;
  change(entry);
  total_.bytes_done += bytes;
  if (entry.record.bytes > entry.expected_bytes) expect(entry, entry.record.bytes);
}

void Tally::expect(Table& table, std::int64_t bytes) {
  total_.bytes_total += bytes - std::exchange(table.expected_bytes, bytes);
}

std::optional<TableRecord> Tally::end_piece(std::size_t table, std::int64_t rows, Time now) {
  const std::lock_guard lock{mutex_};
  Table& entry = tables_[table];
  entry.record.rows += rows;
  entry.record.took = duration_cast<milliseconds>(now - entry.started);
  change(entry);
  total_.rows_done += rows;
  if (--entry.pieces_left > 0) return std::nullopt;
  entry.record.state = WorkState::succeeded;
  expect(entry, entry.record.bytes);
  ++total_.tables_done;
  return entry.record;
}

void Tally::keep(std::size_t table, const TableRecord& record) {
  const std::lock_guard lock{mutex_};
  Table& entry = tables_[table];
  entry.record = record;
  entry.pieces_left = 0;
  change(entry);
  total_.bytes_done += record.bytes;
  total_.rows_done += record.rows;
  expect(entry, record.bytes);
  ++total_.tables_done;
}

TableRecord Tally::table(std::size_t table) {
  const std::lock_guard lock{mutex_};
  return tables_[table].record;
}

void Tally::change(Table& table) {
  if (!std::exchange(table.changed, true)) changed_.push_back(&table);
}

void Tally::fail(std::size_t table, const std::string& error) {
  const std::lock_guard lock{mutex_};
  tables_[table].record.state = WorkState::failed;
  tables_[table].record.error = error;
  change(tables_[table]);
}

void Tally::cancel() {
  const std::lock_guard lock{mutex_};
  for (Table& entry : tables_) {
    if (entry.record.state != WorkState::in_progress) continue;
    entry.record.state = WorkState::canceled;
    change(entry);
  }
}

DatabaseRecord Tally::database(Time now) {
  const std::lock_guard lock{mutex_};
  const auto elapsed = std::chrono::duration<double>(now - rate_since_).count();
  if (elapsed > 0) total_.bytes_per_second = static_cast<double>(total_.bytes_done - rate_bytes_) / elapsed;
  rate_since_ = now;
  rate_bytes_ = total_.bytes_done;
  return total_;
}

std::vector<TableRecord> Tally::changed_tables() {
  const std::lock_guard lock{mutex_};
  std::vector<TableRecord> result;
  for (Table* entry : changed_) {
    entry->changed = false;
    result.push_back(entry->record);
  }
  changed_.clear();
  return result;
}

}  // namespace pgpassage::migrate
