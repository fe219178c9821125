#include "app/report/compare/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace pgpassage::app {
namespace {

using Key = std::pair<std::string, std::string>;

/// A rule may judge a subject more than once: the worst of it counts, and the order stays the report's.
std::vector<JudgedItem> worst_of_each(const std::vector<JudgedItem>& items) {
  std::vector<JudgedItem> worst;
  std::map<Key, std::size_t> place;
  for (const JudgedItem& item : items) {
    const auto [known, added] = place.emplace(Key{item.kind, item.subject}, worst.size());
    if (added)
      worst.push_back(item);
    else if (worst[known->second].standing < item.standing)
      worst[known->second] = item;
  }
  return worst;
}

std::map<Key, const JudgedItem*> by_key(const std::vector<JudgedItem>& items) {
  std::map<Key, const JudgedItem*> found;
  for (const JudgedItem& item : items) found.emplace(Key{item.kind, item.subject}, &item);
  return found;
}

Change change_of(const JudgedItem& before, const JudgedItem& after) {
  if (after.standing == before.standing) return Change::changed;
  return before.standing < after.standing ? Change::worse : Change::better;
}

std::vector<ChangedItem> changes_of(const std::vector<JudgedItem>& before, const std::vector<JudgedItem>& after,
                                    std::size_t& same) {
  std::vector<ChangedItem> changes;
  const auto old_items = by_key(before), new_items = by_key(after);
  for (const JudgedItem& item : after) {
    const auto old = old_items.find({item.kind, item.subject});
    if (old == old_items.end())
      changes.push_back({Change::appeared, {}, item});
    else if (old->second->state == item.state && old->second->standing == item.standing)
      ++same;
    else
      changes.push_back({change_of(*old->second, item), *old->second, item});
  }
  for (const JudgedItem& item : before)
    if (!new_items.contains({item.kind, item.subject})) changes.push_back({Change::gone, item, {}});
  std::ranges::stable_sort(changes, {}, &ChangedItem::change);
  return changes;
}

bool came(const ChangedItem& item, Standing standing) {
  return item.change == Change::appeared && item.after->standing == standing;
}

}  // namespace

bool ReportComparison::got_worse() const {
  return before.standing < after.standing || std::ranges::any_of(changes, [](const ChangedItem& item) {
           return item.change == Change::worse || came(item, Standing::bad);
         });
}

bool ReportComparison::brought_undecided() const {
  return std::ranges::any_of(changes, [](const ChangedItem& item) { return came(item, Standing::undecided); });
}

Result<ReportComparison> compare_reports(ReadReport before, ReadReport after) {
  if (before.of_migration != after.of_migration)
    return fail(Errc::input, "'{}' is the report of a {} and '{}' of a {}: they have nothing in common", before.file,
                before.of_migration ? "migration" : "check", after.file, after.of_migration ? "migration" : "check");
  ReportComparison comparison;
  comparison.changes = changes_of(worst_of_each(before.items), worst_of_each(after.items), comparison.same);
  comparison.before = std::move(before);
  comparison.after = std::move(after);
  return comparison;
}

std::string_view word_of(Change change) {
  switch (change) {
    case Change::worse: return "worse";
    case Change::appeared: return "new";
    case Change::better: return "better";
    case Change::changed: return "changed";
    case Change::gone: return "gone";
  }
  return "changed";
}

std::string sentence_of(const ReportComparison& comparison) {
  const auto count = [&](Change change) {
    return std::ranges::count(comparison.changes, change, &ChangedItem::change);
  };
  return fmt::format("{}: {} worse, {} new, {} better, {} changed and no better or worse, {} gone, {} the same.",
                     comparison.after.name, count(Change::worse), count(Change::appeared), count(Change::better),
                     count(Change::changed), count(Change::gone), comparison.same);
}

}  // namespace pgpassage::app
