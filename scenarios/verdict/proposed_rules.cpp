#include "scenarios/verdict/proposed_rules.hpp"

#include <algorithm>

namespace pgpassage::scenarios {
namespace {

constexpr int first_priority = 100, last_priority = 4096;

}  // namespace

ProposedRules::Numbers& ProposedRules::numbers_of(const NetworkSecurityGroup& nsg, Direction direction) {
  const auto [found, is_new] = groups_.try_emplace({nsg.name, direction});
  if (is_new)
    for (const SecurityRule& rule : nsg.rules)
      if (rule.direction == direction) found->second.taken.insert(rule.priority);
  return found->second;
}

std::optional<int> ProposedRules::below(int bound, const NetworkSecurityGroup& nsg, Direction direction,
                                        const std::string& rule) {
  Numbers& numbers = numbers_of(nsg, direction);
  const auto before = numbers.of_proposed.find(rule);
  if (before != numbers.of_proposed.end() && before->second < bound) return before->second;
  for (int priority = std::min(bound, last_priority) - 1; priority >= first_priority; --priority)
    if (numbers.taken.insert(priority).second) return numbers.of_proposed[rule] = priority;
  return std::nullopt;
}

std::optional<int> ProposedRules::behind(int bound, const NetworkSecurityGroup& nsg, Direction direction,
                                         const std::string& rule) {
  Numbers& numbers = numbers_of(nsg, direction);
  for (const auto& proposed : numbers.of_proposed) bound = std::max(bound, proposed.second);
  for (int priority = last_priority; priority > bound; --priority)
    if (numbers.taken.insert(priority).second) return numbers.of_proposed[rule] = priority;
  return std::nullopt;
}

}  // namespace pgpassage::scenarios
