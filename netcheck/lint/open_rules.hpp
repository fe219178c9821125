#pragma once

#include <span>
#include <vector>

#include "netcheck/lint/group_boxes.hpp"

/// Rules of a network security group that look like a restriction and are none.
namespace pgpassage::netcheck::lint {

/// Allow rules of one direction that name some addresses of the virtual network, while the default rule
/// (AllowVNetInBound, AllowVnetOutBound) lets every other address of it through on the same ports.
struct OpenRules {
  Direction direction = Direction::inbound;
  std::vector<const SecurityRule*> rules;  ///< by priority; never empty
};

/// At most one element per direction. A rule is among them when it allows private addresses, fewer than the virtual
/// network has, on some ports of this network, and no Deny of its direction matches such a flow of any other private
/// address, in this network or elsewhere.
/// Not among them: rules for every port; rules with tags or application security groups, whose members the file may
/// not name; rules within one of `subnets`, which the documents ask for (azure-facts 2.9.2) and nobody takes for a
/// restriction. `subnets`: the prefixes of the subnets that use the group.
std::vector<OpenRules> open_rules(const GroupBoxes& group, std::span<const Cidr> subnets);

}  // namespace pgpassage::netcheck::lint
