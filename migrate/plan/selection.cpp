#include "migrate/plan/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace pgpassage::migrate {
namespace {

bool is_relation(const SchemaEntry& entry) {
  return entry.type == "TABLE" || entry.type == "VIEW" || entry.type == "MATERIALIZED VIEW" ||
         entry.type == "FOREIGN TABLE";
}

// What belongs to one object and is no loss of its own when that is gone.
bool attached(const SchemaEntry& entry) {
  static const std::set<std::string_view> types{
      "ACL",           "COMMENT",           "SECURITY LABEL", "DEFAULT",
      "INDEX",         "CONSTRAINT",        "INDEX ATTACH",   "TABLE ATTACH",
      "ROW SECURITY",  "SEQUENCE OWNED BY", "POLICY",         "TRIGGER",
      "RULE",          "SEQUENCE",          "STATISTICS",     "CHECK CONSTRAINT",
      "FK CONSTRAINT", "SEQUENCE SET",      "DEFAULT ACL",    "MATERIALIZED VIEW DATA"};
  return types.contains(entry.type);
}

bool named(const Filter& filter, const SchemaEntry& entry) {
  if (filter.schema_only && entry.type == "MATERIALIZED VIEW DATA") return true;
  if (entry.type == "SCHEMA") return !filter.selects_schema(entry.name);
  if (is_relation(entry)) return !filter.selects_relation({entry.schema, entry.name});
  return entry.schema != "-" && !filter.selects_schema(entry.schema);
}

class LeftOut {
 public:
  LeftOut(const Filter& filter, const std::vector<SchemaEntry>& entries) {
    for (const auto& entry : entries)
      if (named(filter, entry)) ids_.insert(entry.dump_id);
  }

  // An archive's entries come after what they need, but for those that were parted to break a circle.
  void add_dependents(const std::vector<SchemaEntry>& entries, std::vector<std::string>& unnamed) {
    for (bool more = true; more;) {
      more = false;
      for (const auto& entry : entries) {
        if (contains(entry) || !needs(entry)) continue;
        ids_.insert(entry.dump_id);
        more = true;
        if (!attached(entry)) unnamed.push_back(fmt::format("{} {}.{}", entry.type, entry.schema, entry.name));
      }
    }
  }

  bool contains(const SchemaEntry& entry) const { return ids_.contains(entry.dump_id); }

 private:
  bool needs(const SchemaEntry& entry) const {
    return std::any_of(entry.dependencies.begin(), entry.dependencies.end(), [&](int id) { return ids_.contains(id); });
  }

  std::set<int> ids_;
};

template <class Object, class Keep>
void keep(std::vector<Object>& objects, Keep wanted) {
  objects.erase(std::remove_if(objects.begin(), objects.end(), [&](const Object& object) { return !wanted(object); }),
                objects.end());
}

std::set<Oid> relations_of(const std::vector<SchemaEntry>& entries) {
  constexpr Oid pg_class_oid = 1259;
  std::set<Oid> oids;
  for (const auto& entry : entries)
    if (entry.class_oid == pg_class_oid) oids.insert(entry.object_oid);
  return oids;
}

std::set<std::string> sequences_of(const std::vector<SchemaEntry>& entries) {
  std::set<std::string> names;
  for (const auto& entry : entries)
    if (entry.type == "SEQUENCE") names.insert(entry.schema + "." + entry.name);
  return names;
}

}  // namespace

std::vector<std::string> apply_filter(const Filter& filter, Catalog& catalog, std::vector<SchemaEntry>& entries) {
  std::vector<std::string> unnamed;
  if (filter.empty()) return unnamed;
  LeftOut left_out{filter, entries};
  left_out.add_dependents(entries, unnamed);
  keep(entries, [&](const SchemaEntry& entry) { return !left_out.contains(entry); });
  const std::set<Oid> relations = relations_of(entries);
  keep(catalog.tables, [&](const CopyTable& table) {
    return (table.configuration || relations.contains(table.oid)) && filter.selects_rows(qualified_name(table.name));
  });
  keep(catalog.analyzed, [&](const std::string& name) { return filter.selects_relation(qualified_name(name)); });
  const std::set<std::string> sequences = sequences_of(entries);
  keep(catalog.sequences, [&](const CopySequence& sequence) {
    const QualifiedName name = qualified_name(sequence.name);
    return !filter.schema_only && sequences.contains(name.schema + "." + name.name);
  });
  if (!filter.selects_large_objects()) catalog.large_objects = {};
  return unnamed;
}

}  // namespace pgpassage::migrate
