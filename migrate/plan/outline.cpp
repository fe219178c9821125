#include "migrate/plan/outline.hpp"

#include <fmt/format.h>

#include <cmath>
#include <queue>

namespace pgpassage::migrate {
namespace {

using std::chrono::milliseconds;

bool index_or_constraint(const SchemaEntry& entry) {
  return entry.type == "INDEX" || entry.type == "CONSTRAINT" || entry.type == "FK CONSTRAINT";
}

std::string name_of(const SchemaEntry& entry) {
  return entry.schema == "-" ? entry.name : fmt::format("{}.{}", entry.schema, entry.name);
}

// Plays a plan through: what would begin when, were every step as long as its cost.
class Playing {
 public:
  Playing(const Plan& plan, LaneLimits lanes, std::chrono::microseconds round_trip)
      : plan_{plan}, lanes_{lanes}, trips_{std::chrono::duration<double>(2 * round_trip).count()}, agenda_{plan} {}

  template <class Tell>
  void run(Tell tell) {
    while (agenda_.done() < plan_.size()) {
      begin_what_can(tell);
      if (running_.empty()) return;
      now_ = running_.top().first;
      agenda_.finish(running_.top().second);
      running_.pop();
    }
  }

 private:
  template <class Tell>
  void begin_what_can(Tell tell) {
    for (auto step = agenda_.next(lanes_); step < plan_.size(); step = agenda_.next(lanes_)) {
      if (plan_[step].kind == StepKind::barrier) {
        agenda_.finish(step);
        continue;
      }
      agenda_.begin(step);
      const double ends = now_ + plan_[step].cost / bytes_per_second + trips_;
      running_.emplace(ends, step);
      tell(plan_[step], now_, ends);
    }
  }

  using Ending = std::pair<double, std::size_t>;

  const Plan& plan_;
  LaneLimits lanes_;
  double trips_;
  Agenda agenda_;
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> running_;
  double now_ = 0;
};

milliseconds time_of(double seconds) { return milliseconds{std::llround(seconds * 1000)}; }

// Steps in words.
class Wording {
 public:
  Wording(const Catalog& catalog, const std::vector<SchemaEntry>& entries, const std::vector<std::size_t>& pieces)
      : catalog_{catalog}, entries_{entries}, pieces_{pieces} {}

  std::string of(const PlanStep& step) const {
    switch (step.kind) {
      case StepKind::table_rows: return rows(step);
      case StepKind::large_objects: return fmt::format("copy {} large objects", catalog_.large_objects.count);
      case StepKind::statements:
        return fmt::format("{} {}", entries_[step.subject].type, name_of(entries_[step.subject]));
      case StepKind::analyze: return "ANALYZE " + analyzed(step.subject);
      case StepKind::barrier: break;
    }
    return {};
  }

 private:
  std::string rows(const PlanStep& step) const {
    const std::string& name = catalog_.tables[step.subject].name;
    if (pieces_[step.subject] == 1) return "copy " + name;
    return fmt::format("copy {}, part {} of {}", name, step.piece + 1, pieces_[step.subject]);
  }

  const std::string& analyzed(std::size_t subject) const {
    const std::size_t tables = catalog_.tables.size();
    return subject < tables ? catalog_.tables[subject].name : catalog_.analyzed[subject - tables];
  }

  const Catalog& catalog_;
  const std::vector<SchemaEntry>& entries_;
  const std::vector<std::size_t>& pieces_;
};

std::int64_t bytes_of(const SchemaEntry& entry, const Catalog& catalog) {
  if (const auto key = catalog.foreign_keys.find(entry.object_oid);
      entry.type == "FK CONSTRAINT" && key != catalog.foreign_keys.end())
    return key->second.bytes;
  const auto bytes = catalog.index_bytes.find(index_of(entry, catalog));
  return bytes == catalog.index_bytes.end() ? 0 : bytes->second;
}

}  // namespace

std::int64_t DatabaseOutline::bytes() const {
  std::int64_t sum = large_objects.bytes;
  for (const auto& table : tables) sum += table.bytes;
  return sum;
}

DatabaseOutline outline_of(const std::string& database, const Catalog& catalog, const std::vector<SchemaEntry>& entries,
                           const std::vector<std::size_t>& pieces, LaneLimits lanes,
                           std::chrono::microseconds round_trip) {
  DatabaseOutline outline{.database = database, .large_objects = catalog.large_objects};
  outline.sequences = catalog.sequences.size();
  for (std::size_t i = 0; i < catalog.tables.size(); ++i) {
    const CopyTable& table = catalog.tables[i];
    outline.tables.push_back({table.name, table.bytes, pieces[i], table.binary_safe});
  }
  for (const auto& entry : entries)
    if (index_or_constraint(entry)) outline.objects.push_back({entry.type, name_of(entry), bytes_of(entry, catalog)});
  const Plan plan = plan_database(catalog, entries, pieces);
  const Wording wording{catalog, entries, pieces};
  Playing{plan, lanes, round_trip}.run([&](const PlanStep& step, double begins, double ends) {
    outline.steps.push_back({wording.of(step), time_of(begins), time_of(ends)});
    outline.estimate = std::max(outline.estimate, time_of(ends));
  });
  return outline;
}

}  // namespace pgpassage::migrate
