#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "scenarios/fix/fix.hpp"
#include "scenarios/verdict/case_of.hpp"

namespace pgpassage::scenarios::fix {
namespace {

constexpr int most_judged = 1000;
constexpr int most_judged_after_the_first = 100;
constexpr std::size_t most_compared = 8;

using Set = std::vector<MadeChange>;

std::vector<Change> changes_of(const Set& set) {
  std::vector<Change> changes;
  for (const MadeChange& made : set) changes.push_back(made.change);
  return changes;
}

Result<Model> model_with(const boost::json::value& tree, const Set& set, std::string_view edition) {
  auto result = changed(tree, changes_of(set));
  if (!result) return tl::unexpected(result.error());
  return model_of(std::move(result->tree), edition);
}

/// What is wrong with a topology, the worst first.
using Badness = std::tuple<int, int>;  // failed, unknown

Badness badness(const Assessment& assessment) {
  if (!assessment.scenario.supported) return {1'000'000, 0};
  return {assessment.summary.failed, assessment.summary.unknown};
}

struct Candidate {
  Set set;
  Model model;
};

/// A set to be judged, and how many changes it is expected to take at least.
struct Open {
  Set set;
  std::size_t expected = 0;
};

class Search {
 public:
  Search(const Model& start, std::string_view edition) : start_{start}, edition_{edition} {}

  /// Every set that leaves nothing that can be cured, the best known ones; never empty.
  std::vector<Candidate> run();

 private:
  void expand(const Set& set);
  void push(Open open);
  void keep(Candidate candidate);
  bool enough() const;
  /// Those of the cures that do not undo or repeat what the set does.
  static std::vector<Change> usable(const Blocker& blocker, const Set& set);

  const Model& start_;
  std::string edition_;
  std::multimap<std::size_t, Set> open_;
  std::vector<Candidate> found_;
  int judged_ = 0, judged_after_first_ = 0;
};

std::vector<Change> Search::usable(const Blocker& blocker, const Set& set) {
  std::vector<Change> cures = blocker.cures;
  std::erase_if(cures, [&](const Change& change) {
    return std::ranges::any_of(set, [&](const MadeChange& made) { return collide(made.change, change); });
  });
  return cures;
}

void Search::push(Open open) { open_.emplace(open.expected, std::move(open.set)); }

void Search::keep(Candidate candidate) {
  if (!found_.empty()) {
    const Badness best = badness(found_.front().model.assessment), mine = badness(candidate.model.assessment);
    if (mine > best || (mine == best && candidate.set.size() > found_.front().set.size())) return;
    if (mine < best || candidate.set.size() < found_.front().set.size()) found_.clear();
  }
  if (found_.size() < most_compared) found_.push_back(std::move(candidate));
}

void Search::expand(const Set& set) {
  auto model = model_with(start_.tree, set, edition_);
  ++judged_;
  if (!model || !model->assessment.scenario.supported) return;  // Azure could not hold it, or it is another scenario
  const auto checked = case_of(model->topology, edition_);
  if (!checked) return;  // without a migration there is nothing to be ready
  std::vector<std::pair<Blocker, std::vector<Change>>> curable;
  for (Blocker& blocker : blockers_of(*checked, model->assessment))
    if (auto cures = usable(blocker, set); !cures.empty()) curable.emplace_back(std::move(blocker), std::move(cures));
  if (!curable.empty()) {
    const auto& [blocker, cures] = curable.front();
    for (const Change& cure : cures) {
      Open next{set, set.size() + curable.size()};
      next.set.push_back({cure, blocker.rule, blocker.what});
      push(std::move(next));
    }
  }
  // A set behind which something is left that another change may cure is a result too, if nothing better is found.
  keep({set, *std::move(model)});
}

bool Search::enough() const {
  if (judged_ >= most_judged) return true;
  if (found_.empty() || found_.front().model.assessment.verdict != Verdict::ready) return false;
  return open_.begin()->first > found_.front().set.size() || judged_after_first_ >= most_judged_after_the_first;
}

std::vector<Candidate> Search::run() {
  push({});
  while (!open_.empty() && !enough()) {
    const Set set = std::move(open_.begin()->second);
    open_.erase(open_.begin());
    expand(set);
    if (!found_.empty() && found_.front().model.assessment.verdict == Verdict::ready) ++judged_after_first_;
  }
  return std::move(found_);
}

/// Leaves out what the rest can do without.
void minimise(Candidate& candidate, const Model& start, std::string_view edition) {
  for (std::size_t i = 0; i < candidate.set.size();) {
    Set fewer = candidate.set;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    auto model = model_with(start.tree, fewer, edition);
    if (model && badness(model->assessment) <= badness(candidate.model.assessment))
      candidate = {std::move(fewer), *std::move(model)}, i = 0;
    else
      ++i;
  }
}

/// Two rules that one can replace are two changes where one is enough.
void merge_rules(Candidate& candidate, const Model& start, std::string_view edition) {
  for (std::size_t i = 0; i < candidate.set.size(); ++i)
    for (std::size_t j = i + 1; j < candidate.set.size(); ++j) {
      auto both = merged(start.topology, candidate.set[i].change, candidate.set[j].change);
      if (!both) continue;
      Set fewer = candidate.set;
      both->asks = fewer[i].change.asks ? fewer[i].change.asks : fewer[j].change.asks;
      fewer[i].change = *std::move(both);
      fewer[i].because += "; " + fewer[j].because;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(j));
      auto model = model_with(start.tree, fewer, edition);
      if (!model || badness(model->assessment) > badness(candidate.model.assessment)) continue;
      candidate = {std::move(fewer), *std::move(model)};
      return merge_rules(candidate, start, edition);
    }
}

/// The ports of the required flows, and those that the changes speak of.
std::vector<PortAsked> ports_of(const Candidate& candidate) {
  std::vector<PortAsked> ports;
  const auto add = [&](PortAsked port) {
    if (std::ranges::find(ports, port) == ports.end()) ports.push_back(port);
  };
  for (const FlowAssessment& flow : candidate.model.assessment.flows) add({flow.port, Protocol::tcp});
  for (const MadeChange& made : candidate.set)
    if (made.change.asks) add(*made.change.asks);
  return ports;
}

Opened opened_by(const Model& start, const Candidate& candidate) {
  return opened_flows(start.topology, candidate.model.topology, candidate.model.assessment.flows, ports_of(candidate));
}

/// Of equals the one that opens the fewest flows; the first, of those.
Candidate best_of(std::vector<Candidate> candidates, const Model& start, std::string_view edition) {
  for (Candidate& candidate : candidates) {
    minimise(candidate, start, edition);
    merge_rules(candidate, start, edition);
  }
  const auto size = [](const Candidate& one) { return std::tuple{badness(one.model.assessment), one.set.size()}; };
  const auto smallest = size(*std::ranges::min_element(candidates, {}, size));
  std::erase_if(candidates, [&](const Candidate& one) { return size(one) != smallest; });
  if (candidates.size() == 1) return std::move(candidates.front());
  const auto width = [&](const Candidate& one) {
    const Opened opened = opened_by(start, one);
    return std::tuple{std::ranges::count(opened.flows, true, &OpenedFlow::allowed), opened.flows.size()};
  };
  std::vector<decltype(width(candidates.front()))> widths;
  for (const Candidate& candidate : candidates) widths.push_back(width(candidate));
  const auto best = std::ranges::min_element(widths) - widths.begin();
  return std::move(candidates[static_cast<std::size_t>(best)]);
}

Outcome outcome_of(const Assessment& before, const Assessment& after) {
  if (before.verdict == Verdict::ready) return Outcome::nothing_to_do;
  switch (after.verdict) {
    case Verdict::ready: return Outcome::fixed;
    case Verdict::inconclusive: return Outcome::inconclusive;
    case Verdict::unsupported: return Outcome::unsupported;
    case Verdict::not_ready: return Outcome::not_fixable;
  }
  return Outcome::not_fixable;
}

std::vector<Finding> left_of(const Assessment& assessment) {
  std::vector<Finding> left;
  for (const Status status : {Status::failed, Status::unknown})
    for (const Finding& finding : assessment.findings)
      if (finding.status == status) left.push_back(finding);
  return left;
}

}  // namespace

Result<Fix> fix_of(const boost::json::value& tree, std::string_view edition) {
  auto start = model_of(tree, edition);
  if (!start) return tl::unexpected(start.error());
  Fix fix;
  if (start->assessment.verdict == Verdict::ready || start->assessment.verdict == Verdict::unsupported) {
    fix.before = *start;
    fix.after = *std::move(start);
  } else {
    Candidate best = best_of(Search{*start, edition}.run(), *start, edition);
    if (!best.set.empty()) fix.opened = opened_by(*start, best);
    fix.changes = std::move(best.set);
    fix.after = std::move(best.model);
    auto made = changed(start->tree, changes_of(fix.changes));
    if (!made) return tl::unexpected(made.error());
    fix.operations = std::move(made->operations);
    fix.before = *std::move(start);
  }
  fix.outcome = outcome_of(fix.before.assessment, fix.after.assessment);
  fix.left = left_of(fix.after.assessment);
  return fix;
}

const char* to_string(Outcome value) {
  switch (value) {
    case Outcome::nothing_to_do: return "nothingToDo";
    case Outcome::fixed: return "fixed";
    case Outcome::inconclusive: return "inconclusive";
    case Outcome::not_fixable: return "notFixable";
    case Outcome::unsupported: return "unsupported";
  }
  return "notFixable";
}

}  // namespace pgpassage::scenarios::fix
