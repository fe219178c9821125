#include "migrate/cdc/batch/table.hpp"

#include <algorithm>

namespace pgpassage::migrate::cdc {
namespace {

using Kind = Value::Kind;

bool unchanged(const Value& value) { return value.kind == Kind::unchanged; }

void fill(std::span<Value> row, Row from) {
  for (std::size_t i = 0; i < row.size(); ++i)
    if (unchanged(row[i])) row[i] = from[i];
}

}  // namespace

TableBatch::TableBatch(const Relation& relation, std::vector<std::uint16_t> key, Arena& arena) : arena_{arena} {
  changes_.relation = &relation;
  changes_.key = std::move(key);
}

void TableBatch::add(const RowChange& change) {
  changes_.in_order.push_back(change);
  if (change.relation != changes_.relation) give_up();
  if (changes_.as_set) merge(change);
}

void TableBatch::truncate(bool restart_identity) {
  changes_.truncated = true;
  changes_.restart_identity = changes_.restart_identity || restart_identity;
  changes_.as_set = true;  // what could not be merged is gone
  changes_.in_order.clear();
  changes_.inserts.clear();
  rows_.clear();
  by_key_.clear();
}

void TableBatch::merge(const RowChange& change) {
  if (changes_.key.empty()) {
    if (change.kind == RowChange::Kind::insert) return changes_.inserts.push_back(change.row);
    return give_up();
  }
  switch (change.kind) {
    case RowChange::Kind::insert: return merge_insert(change.row);
    case RowChange::Kind::update: return merge_update(change);
    case RowChange::Kind::remove: return merge_delete(change.old);
  }
}

void TableBatch::merge_insert(Row row) {
  const Row key = key_of(row, {});
  if (!identifies(key)) return give_up();
  Merged& inserted = rows_.emplace_back();
  inserted.key = text_of(key);
  inserted.row = arena_.values(row.size());
  std::ranges::copy(row, inserted.row.begin());
  if (!by_key_.emplace(inserted.key, &inserted).second) give_up();  // the key is not unique, or changes got lost
}

void TableBatch::merge_update(const RowChange& change) {
  const Row old_key = key_of(change.old.empty() ? change.row : change.old, change.row);
  const Row new_key = key_of(change.row, change.old);
  if (!identifies(old_key) || !identifies(new_key)) return give_up();
  Merged& row = existing(old_key, text_of(old_key));
  const std::span<Value> merged = arena_.values(change.row.size());
  std::ranges::copy(change.row, merged.begin());
  // With REPLICA IDENTITY FULL the old values are all there, those out of line too.
  if (!change.old.empty() && change.relation->identity == ReplicaIdentity::full) fill(merged, change.old);
  if (!row.row.empty()) fill(merged, row.row);
  row.row = merged;
  const std::string_view key = text_of(new_key);
  if (key == row.key) return;
  by_key_.erase(row.key);
  row.key = key;
  if (!by_key_.emplace(key, &row).second) give_up();
}

void TableBatch::merge_delete(Row old) {
  const Row key = old.empty() ? Row{} : key_of(old, {});
  if (!identifies(key)) return give_up();
  Merged& row = existing(key, text_of(key));
  row.alive = false;
  by_key_.erase(row.key);
}

TableBatch::Merged& TableBatch::existing(Row key, std::string_view text) {
  const auto found = by_key_.find(text);
  if (found != by_key_.end()) return *found->second;
  Merged& row = rows_.emplace_back();
  row.original = row.key = text;
  row.original_key = key;
  by_key_.emplace(text, &row);
  return row;
}

Row TableBatch::key_of(Row row, Row otherwise) {
  const std::span<Value> key = arena_.values(changes_.key.size());
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = row[changes_.key[i]];
    if (unchanged(key[i]) && !otherwise.empty()) key[i] = otherwise[changes_.key[i]];
  }
  return key;
}

bool TableBatch::identifies(Row key) const {
  return !key.empty() && std::ranges::all_of(key, [](const Value& value) {
    return value.kind == Kind::text || value.kind == Kind::binary;
  });
}

// Sizes before the bytes keep two keys of several columns apart; never empty.
std::string_view TableBatch::text_of(Row key) {
  std::size_t size = 0;
  for (const Value& value : key) size += sizeof value.size + value.size;
  const std::span<Value> room = arena_.values((size + sizeof(Value) - 1) / sizeof(Value));
  char* const begin = reinterpret_cast<char*>(room.data());
  char* end = begin;
  for (const Value& value : key) {
    std::memcpy(end, &value.size, sizeof value.size);
    if (value.size > 0) std::memcpy(end + sizeof value.size, value.data, value.size);
    end += sizeof value.size + value.size;
  }
  return {begin, size};
}

TableChanges TableBatch::take() {
  if (changes_.as_set)
    for (Merged& row : rows_) settle(row);
  else
    changes_.inserts.clear();
  return std::move(changes_);
}

void TableBatch::settle(Merged& row) {
  const bool existed = !row.original.empty();
  if (!row.alive) {
    if (existed) changes_.deletes.push_back(row.original_key);
    return;
  }
  if (!existed) return changes_.inserts.push_back(row.row);
  if (row.key == row.original) return settle_update(row, false);
  if (std::ranges::any_of(row.row, unchanged)) return settle_update(row, true);
  // A key that changes may be the one that another row just gave up: deleting first and inserting last never collide.
  changes_.deletes.push_back(row.original_key);
  changes_.inserts.push_back(row.row);
}

void TableBatch::settle_update(const Merged& row, bool key_changed) {
  shape_.clear();
  for (std::uint16_t i = 0; i < row.row.size(); ++i) {
    const bool in_key = std::ranges::find(changes_.key, i) != changes_.key.end();
    if (!unchanged(row.row[i]) && (key_changed || !in_key)) shape_.push_back(i);
  }
  if (shape_.empty()) return;
  auto updates = std::ranges::find(changes_.updates, shape_, &UpdatedRows::columns);
  if (updates == changes_.updates.end()) updates = changes_.updates.insert(updates, UpdatedRows{shape_, {}, {}});
  updates->keys.push_back(row.original_key);
  updates->rows.push_back(row.row);
}

}  // namespace pgpassage::migrate::cdc
