#pragma once

#include <span>
#include <vector>

#include "netcheck/lint/rule_space.hpp"
#include "netcheck/topology/topology.hpp"

namespace pgpassage::netcheck::lint {

/// The rules of one group as boxes, made once for everything that is asked of the group.
class GroupBoxes {
 public:
  /// `virtual_network`: prefixes that the tag VirtualNetwork surely holds: those of the network where the group is
  /// used. The group, the topology and the prefixes must outlive the boxes.
  GroupBoxes(const Topology& topology, const NetworkSecurityGroup& nsg, std::span<const Cidr> virtual_network)
      : nsg_{nsg}, virtual_network_{virtual_network}, space_{topology, nsg, virtual_network} {
    boxes_.reserve(nsg.rules.size());
    for (const SecurityRule& rule : nsg.rules) boxes_.push_back(space_.boxes_of(rule));
  }

  const std::vector<SecurityRule>& rules() const { return nsg_.rules; }
  const RuleBoxes& of(std::size_t rule) const { return boxes_[rule]; }  ///< by its place in rules()
  std::span<const Cidr> virtual_network() const { return virtual_network_; }
  Intervals addresses(std::span<const Cidr> prefixes) const { return space_.addresses(prefixes); }

 private:
  const NetworkSecurityGroup& nsg_;
  std::span<const Cidr> virtual_network_;
  RuleSpace space_;
  std::vector<RuleBoxes> boxes_;
};

}  // namespace pgpassage::netcheck::lint
