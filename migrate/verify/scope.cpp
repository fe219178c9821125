#include "migrate/verify/scope.hpp"

#include <algorithm>
#include <set>

namespace pgpassage::migrate {
namespace {

template <class Object, class Unwanted>
void drop(std::vector<Object>& objects, Unwanted unwanted) {
  objects.erase(std::remove_if(objects.begin(), objects.end(), unwanted), objects.end());
}

// The tables that the filter selects, by their names as SQL quotes them.
class Selected {
 public:
  Selected(const SchemaLines& lines, const Filter& filter) : filter_{filter} {
    for (const auto& [key, definition] : lines)
      if (key.first == "relation" && is_table(definition) && filter.selects_relation(qualified_name(key.second)))
        names_.insert(key.second);
  }

  bool needs(const std::pair<std::string, std::string>& key, const std::string& definition) const {
    const auto& [kind, identity] = key;
    if (kind == "schema") return filter_.selects_schema(qualified_name(identity).name);
    if (kind == "index") return names_.contains(table_of_index(definition));
    if (kind == "constraint" && definition.starts_with("FOREIGN KEY")) return false;
    return has(kind == "owner" && identity.starts_with("relation ") ? identity.substr(9) : identity);
  }

 private:
  static bool is_table(const std::string& definition) {
    return definition.starts_with("table") || definition.starts_with("partitioned table");
  }

  // "CREATE INDEX i ON public.t USING btree (a)"
  static std::string table_of_index(const std::string& definition) {
    const auto on = definition.find(" ON ");
    const auto end = definition.find(" USING ", on);
    if (on == std::string::npos || end == std::string::npos) return {};
    const std::string table = definition.substr(on + 4, end - on - 4);
    return table.starts_with("ONLY ") ? table.substr(5) : table;
  }

  // The table itself, or something of its own: "public.t.column".
  bool has(const std::string& identity) const {
    for (auto end = identity.size(); end != std::string::npos && end > 0; end = identity.rfind('.', end - 1))
      if (names_.contains(identity.substr(0, end))) return true;
    return false;
  }

  const Filter& filter_;
  std::set<std::string> names_;
};

// A materialized view that moved without its rows is not populated: that is no difference of the schema.
void drop_materialized_views(SchemaLines& lines) {
  std::erase_if(lines, [](const auto& line) {
    return line.first.first == "relation" && line.second.starts_with("materialized view");
  });
}

}  // namespace

void narrow(ComparedShape& source, ComparedShape& target, const Filter& filter) {
  if (filter.empty()) return;
  for (auto* shape : {&source, &target})
    drop(shape->tables, [&](const TableShape& table) { return !filter.selects_rows(qualified_name(table.name)); });
  const std::set<std::string> moved{target.sequences.begin(), target.sequences.end()};
  drop(source.sequences, [&](const std::string& name) { return filter.schema_only || !moved.contains(name); });
  if (filter.schema_only) target.sequences.clear();
}

void narrow(SchemaLines& source, SchemaLines& target, const Filter& filter) {
  if (filter.empty()) return;
  const Selected selected{source, filter};
  std::erase_if(source, [&](const auto& line) {
    return !target.contains(line.first) && !selected.needs(line.first, line.second);
  });
  if (!filter.schema_only) return;
  drop_materialized_views(source);
  drop_materialized_views(target);
}

}  // namespace pgpassage::migrate
