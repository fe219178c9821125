#include "migrate/plan/filter.hpp"

#include <algorithm>

namespace pgpassage::migrate {
namespace {

template <class Name>
bool any(const std::vector<Pattern>& patterns, const Name& name) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& pattern) { return pattern.matches(name); });
}

}  // namespace

bool Filter::empty() const {
  return !schema_only && schemas.empty() && excluded_schemas.empty() && tables.empty() && excluded_tables.empty() &&
         excluded_rows.empty();
}

bool Filter::selects_schema(const std::string& schema) const {
  return (schemas.empty() || any(schemas, schema)) && !any(excluded_schemas, schema);
}

bool Filter::selects_relation(const QualifiedName& relation) const {
  return selects_schema(relation.schema) && (tables.empty() || any(tables, relation)) &&
         !any(excluded_tables, relation);
}

bool Filter::selects_rows(const QualifiedName& table) const {
  return !schema_only && selects_relation(table) && !any(excluded_rows, table);
}

std::string contradiction_in(const Filter& filter) {
  if (!filter.schemas.empty() && !filter.tables.empty())
    return "a schema and a table cannot both be chosen: --table takes SCHEMA.NAME, and SCHEMA.* for all of a schema's";
  if (filter.schema_only && !filter.excluded_rows.empty())
    return "--exclude-table-data says nothing with --schema-only, which moves no rows";
  return {};
}

}  // namespace pgpassage::migrate
