#include "migrate/plan/steps.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <string_view>

namespace pgpassage::migrate {
namespace {

constexpr Oid pg_class_oid = 1259;

// Tables of the catalog by the dump id of their entry, and the last step that an entry or a table waits for.
class Planner {
 public:
  Planner(const Catalog& catalog, const std::vector<SchemaEntry>& entries)
      : catalog_{catalog}, entries_{entries}, post_{post_data(entries)}, last_{event_triggers(entries)} {
    for (std::size_t i = 0; i < catalog.tables.size(); ++i) table_of_oid_[catalog.tables[i].oid] = i;
    for (const auto& entry : entries)
      if (entry.class_oid == pg_class_oid) {
        const auto table = table_of_oid_.find(entry.object_oid);
        if (table != table_of_oid_.end()) table_of_dump_[entry.dump_id] = table->second;
      }
    steps_of_table_.resize(catalog.tables.size());
  }

  void add_rows(const std::vector<std::size_t>& pieces) {
    if (catalog_.large_objects.count > 0)
      add({.kind = StepKind::large_objects,
           .lane = Lane::copy,
           .cost = static_cast<double>(catalog_.large_objects.bytes)});
    for (std::size_t table = 0; table < catalog_.tables.size(); ++table)
      for (std::size_t piece = 0; piece < pieces[table]; ++piece)
        steps_of_table_[table].push_back(
            add({.kind = StepKind::table_rows,
                 .lane = Lane::copy,
                 .subject = table,
                 .piece = piece,
                 .cost = static_cast<double>(catalog_.tables[table].bytes) / static_cast<double>(pieces[table])}));
  }

  void add_entries(bool (*wanted)(const SchemaEntry&), bool one_by_one) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (!post_[i] || last_[i] || !wanted(entries_[i])) continue;
      PlanStep step = step_of(i);
      if (one_by_one && !plan_.empty()) step.after = {plan_.size() - 1};
      step_of_dump_[entries_[i].dump_id] = add(std::move(step));
    }
  }

  void add_barrier() {
    PlanStep step;
    step.after.resize(plan_.size());
    std::iota(step.after.begin(), step.after.end(), std::size_t{0});
    add(std::move(step));
  }

  void add_analyze() {
    const std::size_t before = plan_.size() - 1;
    for (std::size_t i = 0; i < catalog_.tables.size() + catalog_.analyzed.size(); ++i) {
      const double bytes = i < catalog_.tables.size() ? static_cast<double>(catalog_.tables[i].heap_bytes) : 0;
      add({.kind = StepKind::analyze, .lane = Lane::index, .subject = i, .after = {before}, .cost = bytes / 10});
    }
  }

  Plan plan() && { return std::move(plan_); }

 private:
  std::size_t add(PlanStep step) {
    if (barrier_ < plan_.size()) step.after.push_back(barrier_);
    if (step.kind == StepKind::barrier) barrier_ = plan_.size();
    plan_.push_back(std::move(step));
    return plan_.size() - 1;
  }

  PlanStep step_of(std::size_t i) const {
    const SchemaEntry& entry = entries_[i];
    PlanStep step{.kind = StepKind::statements, .lane = Lane::index, .subject = i};
    step.exclusive = entry.type != "INDEX";
    for (const int dependency : entry.dependencies) {
      if (const auto earlier = step_of_dump_.find(dependency); earlier != step_of_dump_.end())
        step.after.push_back(earlier->second);
      if (const auto table = table_of_dump_.find(dependency); table != table_of_dump_.end()) {
        const auto& rows = steps_of_table_[table->second];
        step.after.insert(step.after.end(), rows.begin(), rows.end());
        step.tables.push_back(catalog_.tables[table->second].oid);
      }
    }
    if (const auto key = catalog_.foreign_keys.find(entry.object_oid);
        entry.type == "FK CONSTRAINT" && key != catalog_.foreign_keys.end()) {
      step.tables = {key->second.table, key->second.referenced};
      step.cost = static_cast<double>(key->second.bytes);
    } else {
      step.cost = index_cost(entry);
    }
    return step;
  }

  double index_cost(const SchemaEntry& entry) const {
    const auto bytes = catalog_.index_bytes.find(index_of(entry, catalog_));
    // Building sorts: a byte of an index costs more than a byte of a table.
    return bytes == catalog_.index_bytes.end() ? 0 : 3 * static_cast<double>(bytes->second);
  }

  const Catalog& catalog_;
  const std::vector<SchemaEntry>& entries_;
  std::vector<bool> post_, last_;
  std::map<Oid, std::size_t> table_of_oid_;
  std::map<int, std::size_t> table_of_dump_;
  std::map<int, std::size_t> step_of_dump_;
  std::vector<std::vector<std::size_t>> steps_of_table_;
  Plan plan_;
  std::size_t barrier_ = static_cast<std::size_t>(-1);
};

bool index_like(const SchemaEntry& entry) {
  return entry.type == "INDEX" || entry.type == "CONSTRAINT" || entry.type == "INDEX ATTACH";
}
bool foreign_key(const SchemaEntry& entry) { return entry.type == "FK CONSTRAINT"; }
bool other(const SchemaEntry& entry) { return !index_like(entry) && !foreign_key(entry); }

// Of the entries, those of such a type, and the comments and security labels of these.
std::vector<bool> with_remarks(const std::vector<SchemaEntry>& entries, const std::set<std::string_view>& types) {
  std::set<int> ids;
  for (const auto& entry : entries)
    if (types.contains(entry.type)) ids.insert(entry.dump_id);
  std::vector<bool> result;
  for (const auto& entry : entries) {
    const bool remark = entry.type == "COMMENT" || entry.type == "SECURITY LABEL";
    result.push_back(ids.contains(entry.dump_id) ||
                     (remark && std::any_of(entry.dependencies.begin(), entry.dependencies.end(),
                                            [&](int id) { return ids.contains(id); })));
  }
  return result;
}

}  // namespace

std::vector<bool> post_data(const std::vector<SchemaEntry>& entries) {
  static const std::set<std::string_view> types{"INDEX",
                                                "INDEX ATTACH",
                                                "CONSTRAINT",
                                                "CHECK CONSTRAINT",
                                                "FK CONSTRAINT",
                                                "TRIGGER",
                                                "RULE",
                                                "EVENT TRIGGER",
                                                "ROW SECURITY",
                                                "POLICY",
                                                "PUBLICATION",
                                                "PUBLICATION TABLE",
                                                "SUBSCRIPTION",
                                                "STATISTICS",
                                                "SUBSCRIPTION TABLE",
                                                "PUBLICATION TABLES IN SCHEMA",
                                                "MATERIALIZED VIEW DATA"};
  return with_remarks(entries, types);
}

std::vector<bool> event_triggers(const std::vector<SchemaEntry>& entries) {
  return with_remarks(entries, {"EVENT TRIGGER"});
}

Oid index_of(const SchemaEntry& entry, const Catalog& catalog) {
  const auto of = catalog.constraint_index.find(entry.object_oid);
  return entry.type == "CONSTRAINT" && of != catalog.constraint_index.end() ? of->second : entry.object_oid;
}

Plan plan_database(const Catalog& catalog, const std::vector<SchemaEntry>& entries,
                   const std::vector<std::size_t>& pieces) {
  Planner planner{catalog, entries};
  planner.add_rows(pieces);
  planner.add_entries(index_like, false);
  planner.add_barrier();
  planner.add_entries(foreign_key, false);
  planner.add_barrier();
  planner.add_entries(other, true);
  planner.add_barrier();
  planner.add_analyze();
  return std::move(planner).plan();
}

std::vector<double> chain_costs(const Plan& plan) {
  std::vector<double> chains(plan.size(), 0);
  for (std::size_t i = plan.size(); i-- > 0;) {
    chains[i] += plan[i].cost;
    for (const std::size_t before : plan[i].after) chains[before] = std::max(chains[before], chains[i]);
  }
  return chains;
}

}  // namespace pgpassage::migrate
