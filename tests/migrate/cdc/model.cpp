#include "tests/migrate/cdc/model.hpp"

#include <algorithm>
#include <numeric>

namespace pgpassage::migrate::cdc {
namespace {

using Columns = std::vector<std::size_t>;

std::optional<std::string> model(const Value& value) {
  if (value.kind == Value::Kind::null) return std::nullopt;
  return std::string{value.bytes()};
}

ModelRow model(Row row, std::size_t columns, const std::vector<std::uint16_t>* positions = nullptr) {
  ModelRow result(columns);
  for (std::size_t i = 0; i < row.size(); ++i) result[positions == nullptr ? i : (*positions)[i]] = model(row[i]);
  return result;
}

/// `row` as it becomes: what an update leaves out stays.
ModelRow over(ModelRow row, Row changed) {
  for (std::size_t i = 0; i < changed.size(); ++i)
    if (changed[i].kind != Value::Kind::unchanged) row[i] = model(changed[i]);
  return row;
}

Columns all(std::size_t count) {
  Columns columns(count);
  std::iota(columns.begin(), columns.end(), 0U);
  return columns;
}

/// What an old row is found by: the key, or with REPLICA IDENTITY FULL and no key all of it.
Columns found_by(const TableChanges& changes) {
  if (changes.key.empty()) return all(changes.relation->columns.size());
  return {changes.key.begin(), changes.key.end()};
}

bool update_as_set(ModelTable& table, const TableChanges& changes, const UpdatedRows& updates) {
  const std::size_t columns = changes.relation->columns.size();
  // Every row is found as it was before the statement, then changed one after the other.
  std::vector<std::pair<ModelRow, Row>> found;
  for (std::size_t i = 0; i < updates.keys.size(); ++i) {
    const ModelRow key = model(updates.keys[i], columns, &changes.key);
    const auto row = std::ranges::find_if(table.rows(), [&](const ModelRow& candidate) {
      return std::ranges::all_of(changes.key, [&](std::size_t column) { return candidate[column] == key[column]; });
    });
    if (row == table.rows().end()) return false;
    found.emplace_back(*row, updates.rows[i]);
  }
  for (const auto& [old, row] : found)
    if (!table.update(old, all(columns), over(old, row))) return false;
  return true;
}

}  // namespace

bool ModelTable::refused(const ModelRow& row, const ModelRow* but) const {
  return std::ranges::any_of(unique_, [&](std::size_t column) {
    return row[column] && std::ranges::any_of(rows_, [&](const ModelRow& other) {
             return &other != but && other[column] == row[column];
           });
  });
}

ModelRow* ModelTable::find(const ModelRow& row, const Columns& columns) {
  const auto found = std::ranges::find_if(rows_, [&](const ModelRow& candidate) {
    return std::ranges::all_of(columns, [&](std::size_t column) { return candidate[column] == row[column]; });
  });
  return found == rows_.end() ? nullptr : &*found;
}

bool ModelTable::insert(const ModelRow& row) {
  if (refused(row, nullptr)) return false;
  rows_.push_back(row);
  return true;
}

bool ModelTable::update(const ModelRow& old, const Columns& columns, const ModelRow& row) {
  ModelRow* const found = find(old, columns);
  if (found == nullptr || refused(row, found)) return false;
  *found = row;
  return true;
}

bool ModelTable::remove(const ModelRow& old, const Columns& columns) {
  const ModelRow* const found = find(old, columns);
  if (found == nullptr) return false;
  rows_.erase(rows_.begin() + (found - rows_.data()));
  return true;
}

std::vector<ModelRow> ModelTable::sorted() const {
  std::vector<ModelRow> rows = rows_;
  std::ranges::sort(rows);
  return rows;
}

bool apply_as_set(ModelTable& table, const TableChanges& changes) {
  const std::size_t columns = changes.relation->columns.size();
  if (changes.truncated) table.truncate();
  for (const Row key : changes.deletes)
    if (!table.remove(model(key, columns, &changes.key), found_by(changes))) return false;
  for (const UpdatedRows& updates : changes.updates)
    if (!update_as_set(table, changes, updates)) return false;
  return std::ranges::all_of(changes.inserts, [&](Row row) { return table.insert(model(row, columns)); });
}

bool apply_in_order(ModelTable& table, const TableChanges& changes) {
  const Columns columns = found_by(changes);
  if (changes.truncated) table.truncate();
  for (const RowChange& change : changes.in_order) {
    const ModelRow old = model(change.old.empty() ? change.row : change.old, changes.relation->columns.size());
    bool done = false;
    if (change.kind == RowChange::Kind::insert) done = table.insert(over(old, change.row));
    if (change.kind == RowChange::Kind::remove) done = table.remove(old, columns);
    if (change.kind == RowChange::Kind::update) {
      const auto found = std::ranges::find_if(table.rows(), [&](const ModelRow& row) {
        return std::ranges::all_of(columns, [&](std::size_t column) { return row[column] == old[column]; });
      });
      done = found != table.rows().end() && table.update(ModelRow{*found}, all(old.size()), over(*found, change.row));
    }
    if (!done) return false;
  }
  return true;
}

}  // namespace pgpassage::migrate::cdc
