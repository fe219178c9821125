#include "migrate/plan/statements.hpp"

#include <fmt/format.h>

namespace pgpassage::migrate {
namespace {

std::string where(const CopyTable& table, const std::string& range) {
  if (range.empty()) return table.condition.empty() ? "" : " " + table.condition;
  return " WHERE " + range;
}

// COPY of a table reads its own rows only; COPY of a query would read what inherits from it: hence ONLY.
std::string what(const CopyTable& table, const std::string& range, const std::string& columns) {
  if (range.empty() && table.condition.empty()) return table.name + columns;
  return fmt::format("(SELECT {} FROM ONLY {}{})", table.columns, table.name, where(table, range));
}

}  // namespace

CopyStatements copy_statements(const CopyTable& table, const std::string& range, bool whole) {
  const std::string columns = table.columns.empty() ? "" : " (" + table.columns + ")";
  const std::string format = table.binary_safe ? "binary" : "text";
  const bool freeze = whole && !table.configuration;
  CopyStatements result;
  result.lock = fmt::format("LOCK TABLE ONLY {} IN ACCESS SHARE MODE NOWAIT", table.name);
  result.out = fmt::format("COPY {} TO STDOUT (FORMAT {})", what(table, range, columns), format);
  result.in =
      fmt::format("BEGIN; {}COPY {}{} FROM STDIN (FORMAT {}{})", freeze ? "TRUNCATE ONLY " + table.name + "; " : "",
                  table.name, columns, format, freeze ? ", FREEZE" : "");
  return result;
}

}  // namespace pgpassage::migrate
