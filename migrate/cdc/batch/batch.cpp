#include "migrate/cdc/batch/batch.hpp"

#include <algorithm>

namespace pgpassage::migrate::cdc {
namespace {

/// Positions of the named columns; none when one of them is not there.
std::vector<std::uint16_t> positions(const Relation& relation, const std::vector<std::string>& names) {
  std::vector<std::uint16_t> found;
  for (const std::string& name : names) {
    const auto column = std::ranges::find(relation.columns, name, &Column::name);
    if (column == relation.columns.end()) return {};
    found.push_back(static_cast<std::uint16_t>(column - relation.columns.begin()));
  }
  return found;
}

Result<void> readable(const Relation& relation, Row row) {
  const auto found = std::ranges::find(row, Value::Kind::unreadable, &Value::kind);
  if (found == row.end()) return {};
  return fail_with_cure(Errc::unsupported, "use pgoutput, test_decoding, or wal2json 2.6",
                        "{}.{} has a value in {} that this wal2json writes as null, be it NULL, NaN or an infinity",
                        relation.schema, relation.name,
                        relation.columns[static_cast<std::size_t>(found - row.begin())].name);
}

}  // namespace

Result<void> Batch::add(const Change& change) {
  if (change.xid != 0) return fail(Errc::unsupported, "a streamed change came before its transaction ended");
  if (const auto* insert = std::get_if<Insert>(&change.what))
    return add_row(*insert->relation, RowChange::Kind::insert, {}, insert->row);
  if (const auto* update = std::get_if<Update>(&change.what))
    return add_row(*update->relation, RowChange::Kind::update, update->old, update->row);
  if (const auto* gone = std::get_if<Delete>(&change.what))
    return add_row(*gone->relation, RowChange::Kind::remove, gone->old, {});
  if (const auto* truncate = std::get_if<Truncate>(&change.what)) {
    for (const Relation* relation : truncate->relations) table_of(*relation).truncate(truncate->restart_identity);
    changes_ += truncate->relations.size();
    return {};
  }
  if (std::holds_alternative<Begin>(change.what)) {
    open_ = true;
    return {};
  }
  if (const auto* commit = std::get_if<Commit>(&change.what); commit != nullptr && !commit->streamed) {
    end_ = commit->end;
    open_ = false;
    ++transactions_;
    return {};
  }
  if (std::holds_alternative<Described>(change.what) || std::holds_alternative<LogicalMessage>(change.what) ||
      std::holds_alternative<Ignored>(change.what))
    return {};
  return fail(Errc::unsupported, "a streamed or prepared transaction is not in commit order");
}

Result<void> Batch::add_row(const Relation& relation, RowChange::Kind kind, Row old, Row row) {
  for (const Row part : {old, row})
    if (auto checked = readable(relation, part); !checked) return checked;
  const RowChange kept{&relation, arena_.keep(old), arena_.keep(row), kind};
  table_of(relation).add(kept);
  ++changes_;
  return {};
}

TableBatch& Batch::table_of(const Relation& relation) {
  if (const auto found = by_relation_.find(&relation); found != by_relation_.end()) return *found->second;
  TableBatch*& table = by_name_[{relation.schema, relation.name}];
  if (table == nullptr) table = &tables_.emplace_back(relation, positions(relation, key_of_(relation)), arena_);
  by_relation_.emplace(&relation, table);
  return *table;
}

std::vector<TableChanges> Batch::take() {
  std::vector<TableChanges> taken;
  for (TableBatch& table : tables_)
    if (!table.empty()) taken.push_back(table.take());
  return taken;
}

void Batch::clear() {
  by_relation_.clear();
  by_name_.clear();
  tables_.clear();
  arena_.clear();
  changes_ = transactions_ = 0;
  end_ = {};
}

}  // namespace pgpassage::migrate::cdc
