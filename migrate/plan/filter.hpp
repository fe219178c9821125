#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "migrate/plan/pattern.hpp"

/// What of a database moves. Pure.
namespace pgpassage::migrate {

/// As pg_dump's options of these names choose, except that what cannot be made without something that was left out is
/// left out too, and that functions, types and whatever else is no relation moves with its schema also when tables are
/// named. Empty: everything.
struct Filter {
  std::vector<Pattern> schemas, excluded_schemas;  ///< of schemas; none of the first: every schema
  std::vector<Pattern> tables, excluded_tables;    ///< of tables, views, materialized views and foreign tables
  std::vector<Pattern> excluded_rows;              ///< of tables that move empty
  bool schema_only = false;                        ///< no rows, no large objects, no values of sequences

  bool empty() const;
  /// Whether anything at all in that schema moves.
  bool selects_schema(const std::string& schema) const;
  bool selects_relation(const QualifiedName& relation) const;
  bool selects_rows(const QualifiedName& table) const;
  /// As with pg_dump, not when something is chosen by name: they are in no schema.
  bool selects_large_objects() const { return !schema_only && schemas.empty() && tables.empty(); }
};

/// Adds what a filter file of pg_dump 17 says: "include|exclude schema|table|table_data PATTERN", a line each, with
/// comments from # to the end of the line. Errc::input names line and column. What pg_dump knows beside these is
/// refused with the cure. Source: PostgreSQL documentation, pg_dump, --filter.
Result<void> add_filter_file(Filter& filter, std::string_view text, const std::string& file);

/// Why the choices contradict each other; empty: they do not.
std::string contradiction_in(const Filter& filter);

}  // namespace pgpassage::migrate
