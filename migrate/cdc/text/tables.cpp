#include "migrate/cdc/text/tables.hpp"

#include <algorithm>

namespace pgpassage::migrate::cdc {
namespace {

bool describes(const Column& column, const NamedValue& value) {
  return column.name == value.name && column.type == value.type && column.type_name == value.type_name;
}

Column column_of(const NamedValue& value) {
  return {.name = std::string{value.name}, .type = value.type, .type_name = std::string{value.type_name}};
}

bool names(NamedValues named, std::string_view column) {
  return std::ranges::any_of(named, [&](const NamedValue& value) { return value.name == column; });
}

bool knows(const Relation& relation, const NamedValue& value) {
  return std::ranges::any_of(relation.columns, [&](const Column& column) { return describes(column, value); });
}

std::vector<Column> columns_of(const Relation& known, NamedValues named, DescribedTables::Columns which) {
  std::vector<Column> columns;
  const auto all_named = [&](const Column& column) { return names(named, column.name); };
  // Columns that this change leaves out come first: they are in no order with the others, but none may get lost.
  if (which == DescribedTables::Columns::some && !std::ranges::all_of(known.columns, all_named))
    for (const Column& column : known.columns)
      if (!names(named, column.name)) columns.push_back(column);
  for (const NamedValue& value : named) columns.push_back(column_of(value));
  return columns;
}

}  // namespace

const Relation* DescribedTables::find(std::string_view schema, std::string_view name) {
  if (last_ != nullptr && last_->name == name && last_->schema == schema) return last_;
  const std::pair wanted{schema, name};
  auto found = current_.find(wanted);
  if (found == current_.end()) {
    Relation unknown;
    unknown.schema = schema;
    unknown.name = name;
    found = current_.emplace(wanted, &relations_.emplace_back(std::move(unknown))).first;
  }
  return last_ = found->second;
}

const Relation* DescribedTables::learn(const Relation* relation, NamedValues columns, Columns which) {
  const auto same = [](const Column& column, const NamedValue& value) { return describes(column, value); };
  if (std::ranges::equal(relation->columns, columns, same)) return relation;
  const auto known = [&](const NamedValue& value) { return knows(*relation, value); };
  if (which == Columns::some && std::ranges::all_of(columns, known)) return relation;
  Relation described = *relation;
  described.columns = columns_of(*relation, columns, which);
  last_ = &relations_.emplace_back(std::move(described));
  return current_.find(std::pair{std::string_view{last_->schema}, std::string_view{last_->name}})->second = last_;
}

Row DescribedTables::arrange(const Relation& relation, NamedValues named, Value missing, std::vector<Value>& row) {
  row.assign(relation.columns.size(), missing);
  std::size_t next = 0;  // nearly always in the table's order
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string& name = relation.columns[i].name;
    if (next < named.size() && named[next].name == name) {
      row[i] = named[next++].value;
      continue;
    }
    const auto found = std::ranges::find(named, std::string_view{name}, &NamedValue::name);
    if (found != named.end()) row[i] = found->value;
  }
  return row;
}

}  // namespace pgpassage::migrate::cdc
