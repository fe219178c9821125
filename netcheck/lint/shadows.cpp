#include "netcheck/lint/shadows.hpp"

#include <algorithm>
#include <array>

namespace pgpassage::netcheck::lint {
namespace {

/// The outermost ends of one dimension of every rule, side by side, so that one rule is compared with many at once.
struct Hulls {
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> end;

  void add(const Intervals& set) {
    first.push_back(set.empty() ? 0 : set.front().first);
    end.push_back(set.empty() ? 0 : set.back().end);
  }
};

/// The rules of one direction, by priority. A group may have a thousand of them, half a million pairs: most are told
/// apart by the hulls alone.
class Rules {
 public:
  void add(const SecurityRule& rule, const RuleBoxes& boxes) {
    for (std::size_t dimension = 0; dimension < dimensions; ++dimension)
      hulls_[dimension].add(boxes.covers()[dimension]);
    rules_.push_back(&rule);
    boxes_.push_back(&boxes);
  }

  void find(Shadows& shadows) {
    apart_.resize(rules_.size());
    for (std::size_t index = 1; index < rules_.size(); ++index) judge(shadows, index);
  }

 private:
  void mark_apart(std::size_t dimension, std::size_t index) {
    const Intervals& asked = boxes_[index]->matches[dimension];
    const std::uint32_t asked_first = asked.empty() ? 0 : asked.front().first;
    const std::uint32_t asked_end = asked.empty() ? 0 : asked.back().end;
    const std::uint32_t* first = hulls_[dimension].first.data();
    const std::uint32_t* end = hulls_[dimension].end.data();
    std::uint32_t* apart = apart_.data();
    for (std::size_t other = 0; other < index; ++other)
      apart[other] |=
          static_cast<std::uint32_t>(end[other] <= asked_first) | static_cast<std::uint32_t>(asked_end <= first[other]);
  }

  std::vector<std::size_t> earlier_that_overlap(std::size_t index) {
    std::fill_n(apart_.begin(), index, 0);
    for (std::size_t dimension = 0; dimension < dimensions; ++dimension) mark_apart(dimension, index);
    std::vector<std::size_t> found;
    for (std::size_t other = 0; other < index; ++other)
      if (apart_[other] == 0 && overlap(boxes_[other]->covers(), boxes_[index]->matches)) found.push_back(other);
    return found;
  }

  void judge(Shadows& shadows, std::size_t index) {
    const std::vector<std::size_t> others = earlier_that_overlap(index);
    std::vector<const Box*> covers;
    for (const std::size_t other : others) covers.push_back(&boxes_[other]->covers());
    const std::optional<bool> shadowed = covered(boxes_[index]->matches, covers);
    if (!shadowed) return shadows.undecided.push_back(rules_[index]);
    if (!*shadowed) return;
    ShadowedRule result{rules_[index], {}};
    for (std::size_t i = 0; i < others.size(); ++i) {
      // It decides some flow of the rule unless those before it decide all that it matches.
      const Box part = intersection(boxes_[others[i]]->covers(), boxes_[index]->matches);
      if (covered(part, std::span{covers}.first(i)).value_or(false)) continue;
      result.by.push_back(rules_[others[i]]);
    }
    shadows.rules.push_back(std::move(result));
  }

  std::vector<const SecurityRule*> rules_;
  std::vector<const RuleBoxes*> boxes_;
  std::array<Hulls, dimensions> hulls_;  ///< of what each rule covers
  std::vector<std::uint32_t> apart_;     ///< of one rule from each earlier one
};

}  // namespace

bool ShadowedRule::contradicted() const {
  return std::ranges::any_of(by, [&](const SecurityRule* other) { return other->access != rule->access; });
}

Shadows shadowed_rules(const GroupBoxes& group) {
  Shadows shadows;
  for (const Direction direction : {Direction::inbound, Direction::outbound}) {
    Rules rules;
    for (std::size_t index = 0; index < group.rules().size(); ++index)
      if (group.rules()[index].direction == direction) rules.add(group.rules()[index], group.of(index));
    rules.find(shadows);
  }
  return shadows;
}

}  // namespace pgpassage::netcheck::lint
