#include <bitset>

#include "netcheck/reach/filters.hpp"
#include "netcheck/reach/nsg.hpp"

namespace pgpassage::netcheck {
namespace {

/// Everything that may come of the rules tried so far. No rule and Allow are the same: the groups are asked.
struct Outcomes {
  bool groups = false;
  bool always = false;
  bool deny = false;

  void add(AdminRuleAccess access) {
    if (access == AdminRuleAccess::allow) groups = true;
    if (access == AdminRuleAccess::always_allow) always = true;
    if (access == AdminRuleAccess::deny) deny = true;
  }
  AdminEffect effect() const {
    if (deny) return groups || always ? AdminEffect::undecided : AdminEffect::denies;
    if (always) return groups ? AdminEffect::may_pass_by_groups : AdminEffect::passes_by_groups;
    return AdminEffect::asks_groups;
  }
};

/// Of rules with one priority nobody says which is tried first.
bool same_turn(const AppliedAdminRule& one, const AppliedAdminRule& other) {
  return one.configuration == other.configuration && one.rule->priority == other.rule->priority;
}

}  // namespace

AdminDecision evaluate(const Topology& topology, const std::vector<AppliedAdminRule>& rules, Direction direction,
                       const NsgFlow& flow, const VirtualNetworkTag& virtual_network) {
  Outcomes outcomes;
  const AppliedAdminRule* first = nullptr;
  const AppliedAdminRule* certain = nullptr;
  for (const AppliedAdminRule& applied : rules) {
    if (certain != nullptr && !same_turn(applied, *certain)) break;
    if (applied.rule->direction != direction) continue;
    const Match match = matches(topology, *applied.rule, flow, virtual_network);
    if (match == Match::no) continue;
    outcomes.add(applied.rule->access);
    if (first == nullptr) first = &applied;
    if (match == Match::yes && certain == nullptr) certain = &applied;
  }
  if (certain == nullptr) outcomes.groups = true;
  const AdminEffect effect = outcomes.effect();
  const bool by_certain = effect != AdminEffect::undecided && effect != AdminEffect::may_pass_by_groups;
  return {effect, by_certain ? certain : first, outcomes.always};
}

}  // namespace pgpassage::netcheck
