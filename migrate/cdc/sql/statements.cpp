#include "migrate/cdc/sql/statements.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pgpassage::migrate::cdc {
namespace {

using Columns = std::vector<const TargetColumn*>;
using Positions = std::vector<std::uint16_t>;

void append_element(std::string& array, const Value& value) {
  if (array.size() > 1) array += ',';
  if (value.kind == Value::Kind::null) {
    array += "NULL";
    return;
  }
  array += '"';
  for (const char c : value.bytes()) {
    if (c == '"' || c == '\\') array += '\\';
    array += c;
  }
  array += '"';
}

/// Arrays of text, one per column: parameters of one statement, unnested together.
class Arrays {
 public:
  explicit Arrays(Statement& statement) : statement_{statement} {}

  /// "v.c3::integer": column `place` of each row, as the target's type.
  std::string add(const TargetColumn& column, std::span<const Row> rows, std::size_t place) {
    std::string array{"{"};
    for (const Row row : rows) append_element(array, row[place]);
    statement_.parameters.emplace_back(array + "}");
    const std::size_t number = statement_.parameters.size();
    parameters_ += fmt::format("{}${}::text[]", number == 1 ? "" : ", ", number);
    names_ += fmt::format("{}c{}", number == 1 ? "" : ", ", number);
    return fmt::format("v.c{}::{}", number, column.type);
  }

  std::string source() const { return fmt::format("ROWS FROM (unnest({})) AS v({})", parameters_, names_); }

 private:
  Statement& statement_;
  std::string parameters_;
  std::string names_;
};

std::string matches(const Columns& columns, const Positions& key, std::span<const Row> keys, Arrays& arrays) {
  std::string condition;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const TargetColumn& column = *columns[key[i]];
    condition += fmt::format("{}t.{} = {}", i == 0 ? "" : " AND ", column.quoted, arrays.add(column, keys, i));
  }
  return condition;
}

// ONLY: what inherits from a table has changes of its own.
Statement delete_set(const TargetTable& table, const Columns& columns, const TableChanges& changes) {
  Statement statement{.rows = changes.deletes.size()};
  Arrays arrays{statement};
  const std::string condition = matches(columns, changes.key, changes.deletes, arrays);
  statement.sql = fmt::format("DELETE FROM ONLY {} AS t USING {} WHERE {}", table.quoted, arrays.source(), condition);
  return statement;
}

std::optional<Statement> update_set(const TargetTable& table, const Columns& columns, const Positions& key,
                                    const UpdatedRows& updates) {
  Statement statement{.rows = updates.rows.size()};
  Arrays arrays{statement};
  const std::string condition = matches(columns, key, updates.keys, arrays);
  std::string set;
  for (const std::uint16_t position : updates.columns)
    if (const TargetColumn* column = columns[position])
      set += fmt::format("{}{} = {}", set.empty() ? "" : ", ", column->quoted,
                         arrays.add(*column, updates.rows, position));
  if (set.empty()) return std::nullopt;
  statement.sql =
      fmt::format("UPDATE ONLY {} AS t SET {} FROM {} WHERE {}", table.quoted, set, arrays.source(), condition);
  return statement;
}

Statement insert_set(const TargetTable& table, const Columns& columns, std::span<const Row> rows) {
  Statement statement{.rows = rows.size()};
  Arrays arrays{statement};
  std::string names;
  std::string values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == nullptr) continue;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", columns[i]->quoted);
    values += fmt::format("{}{}", values.empty() ? "" : ", ", arrays.add(*columns[i], rows, i));
  }
  statement.sql = fmt::format("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}", table.quoted, names,
                              values, arrays.source());
  return statement;
}

/// One row's values, each a parameter.
class OneRow {
 public:
  OneRow(const TargetTable& table, Columns columns, const RowChange& change)
      : table_{table}, columns_{std::move(columns)}, change_{change}, statement_{.rows = 1} {}

  Statement insert() {
    std::string names;
    std::string values;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] == nullptr) continue;
      names += fmt::format("{}{}", names.empty() ? "" : ", ", columns_[i]->quoted);
      values += fmt::format("{}{}", values.empty() ? "" : ", ", parameter(change_.row[i]));
    }
    statement_.sql = names.empty() ? fmt::format("INSERT INTO {} DEFAULT VALUES", table_.quoted)
                                   : fmt::format("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})",
                                                 table_.quoted, names, values);
    return std::move(statement_);
  }

  Statement update() {
    std::string set;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i] != nullptr && change_.row[i].kind != Value::Kind::unchanged && changes_key_or_value(i))
        set += fmt::format("{}{} = {}", set.empty() ? "" : ", ", columns_[i]->quoted, parameter(change_.row[i]));
    if (set.empty()) return {};
    statement_.sql = fmt::format("UPDATE ONLY {} SET {} WHERE {}", table_.quoted, set, condition());
    return std::move(statement_);
  }

  Statement remove() {
    statement_.sql = fmt::format("DELETE FROM ONLY {} WHERE {}", table_.quoted, condition());
    return std::move(statement_);
  }

 private:
  std::string parameter(const Value& value) {
    if (value.kind == Value::Kind::null)
      statement_.parameters.emplace_back();
    else
      statement_.parameters.emplace_back(value.bytes());
    return fmt::format("${}", statement_.parameters.size());
  }

  bool in_key(std::size_t column) const {
    return std::ranges::find(table_.key, change_.relation->columns[column].name) != table_.key.end();
  }
  Row old() const { return change_.old.empty() ? change_.row : change_.old; }
  // An identity column GENERATED ALWAYS may not be set, even to what it is.
  bool changes_key_or_value(std::size_t column) const {
    return !in_key(column) || !(old()[column] == change_.row[column]);
  }

  std::string condition() {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (in_key(i) && columns_[i] != nullptr)
        text += fmt::format("{}{} = {}", text.empty() ? "" : " AND ", columns_[i]->quoted, parameter(old()[i]));
    return text.empty() ? equal_row() : text;
  }

  // Of types without equality (json, point) too.
  std::string equal_row() {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i] != nullptr && old()[i].kind != Value::Kind::unchanged)
        text += fmt::format("{}{}::text IS NOT DISTINCT FROM {}::{}::text", text.empty() ? "" : " AND ",
                            columns_[i]->quoted, parameter(old()[i]), columns_[i]->type);
    return fmt::format("ctid = (SELECT ctid FROM ONLY {}{}{} LIMIT 1)", table_.quoted, text.empty() ? "" : " WHERE ",
                       text);
  }

  const TargetTable& table_;
  Columns columns_;
  const RowChange& change_;
  Statement statement_;
};

}  // namespace

Result<std::vector<Statement>> set_statements(const TargetTable& table, const TableChanges& changes) {
  const auto columns = columns_of(table, *changes.relation);
  if (!columns) return tl::unexpected(columns.error());
  std::vector<Statement> statements;
  if (!changes.deletes.empty()) statements.push_back(delete_set(table, *columns, changes));
  for (const UpdatedRows& updates : changes.updates)
    if (auto statement = update_set(table, *columns, changes.key, updates)) statements.push_back(std::move(*statement));
  if (!changes.inserts.empty()) statements.push_back(insert_set(table, *columns, changes.inserts));
  return statements;
}

Result<Statement> row_statement(const TargetTable& table, const RowChange& change) {
  auto columns = columns_of(table, *change.relation);
  if (!columns) return tl::unexpected(columns.error());
  const bool found_by_itself = change.kind == RowChange::Kind::update && !table.key.empty();
  if (change.kind != RowChange::Kind::insert && change.old.empty() && !found_by_itself)
    return fail_with_cure(Errc::unsupported, "give the source's table a primary key or REPLICA IDENTITY FULL",
                          "a row of {} was changed, and the source does not say which", table.quoted);
  OneRow row{table, std::move(*columns), change};
  switch (change.kind) {
    case RowChange::Kind::insert: return row.insert();
    case RowChange::Kind::update: return row.update();
    case RowChange::Kind::remove: return row.remove();
  }
  return Statement{};
}

std::string truncate_statement(std::span<const TargetTable* const> tables, bool restart_identity) {
  std::string names;
  for (const TargetTable* table : tables) names += fmt::format("{}{}", names.empty() ? "" : ", ONLY ", table->quoted);
  return fmt::format("TRUNCATE ONLY {}{}", names, restart_identity ? " RESTART IDENTITY" : "");
}

}  // namespace pgpassage::migrate::cdc
