#pragma once

#include <vector>

#include "netcheck/lint/group_boxes.hpp"

/// Rules of a network security group that decide nothing.
namespace pgpassage::netcheck::lint {

struct ShadowedRule {
  const SecurityRule* rule = nullptr;
  std::vector<const SecurityRule*> by;  ///< the earlier rules that decide its flows, by priority; never empty

  /// Some of its flows end otherwise than it says.
  bool contradicted() const;
};

struct Shadows {
  std::vector<ShadowedRule> rules;             ///< by direction, then priority
  std::vector<const SecurityRule*> undecided;  ///< too many partial overlaps to say (cover.hpp)
};

/// Finds every rule whose flows earlier rules of its direction match altogether, each alone or several together:
/// exact over protocol, addresses and ports. Where a tag's addresses are not known, a rule is reported only when it is
/// shadowed whatever they are (rule_space.hpp). Pointers refer into the group. No I/O, cannot fail.
Shadows shadowed_rules(const GroupBoxes& group);

}  // namespace pgpassage::netcheck::lint
