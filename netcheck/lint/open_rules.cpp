#include "netcheck/lint/open_rules.hpp"

#include <algorithm>

#include "netcheck/lint/rule_space.hpp"
#include "netcheck/reach/match.hpp"

namespace pgpassage::netcheck::lint {
namespace {

enum Dimension : std::size_t { protocol, source, source_port, destination, destination_port };

bool all_private(const std::vector<AddressPrefix>& entries) {
  return std::ranges::all_of(entries, [](const AddressPrefix& entry) {
    return entry.cidr && entry.cidr->length() > 0 && !entry.cidr->address().global();
  });
}

bool every_port(const SecurityRule& rule) {
  return std::ranges::any_of(rule.destination_ports, [](const PortRange& range) { return range == PortRange{}; });
}

bool within(const std::vector<AddressPrefix>& entries, std::span<const Cidr> prefixes) {
  return !entries.empty() && std::ranges::all_of(entries, [&](const AddressPrefix& entry) {
    return entry.cidr &&
           std::ranges::any_of(prefixes, [&](const Cidr& prefix) { return prefix.contains(*entry.cidr); });
  });
}

/// The side that the rule narrows: whence inbound traffic comes, where outbound traffic goes.
const std::vector<AddressPrefix>& far_side(const SecurityRule& rule) {
  return rule.direction == Direction::inbound ? rule.source_prefixes : rule.destination_prefixes;
}

bool looks_like_a_restriction(const SecurityRule& rule, std::span<const Cidr> subnets) {
  if (rule.access != Access::allow || every_port(rule)) return false;
  if (!rule.source_groups.empty() || !rule.destination_groups.empty()) return false;
  if (far_side(rule).empty() || !all_private(far_side(rule))) return false;
  return !(within(rule.source_prefixes, subnets) && within(rule.destination_prefixes, subnets));
}

/// The flows of a rule with others at its far side. Coordinates outside the group's own prefixes need not be exact: no
/// rule tells them apart.
Box flows_with(const RuleSpace& space, const SecurityRule& rule, std::span<const Cidr> virtual_network,
               const Intervals& far_side) {
  const std::size_t far = rule.direction == Direction::inbound ? source : destination;
  const std::size_t near = rule.direction == Direction::inbound ? destination : source;
  Box box = space.boxes_of(rule).covers;
  box[far] = difference(far_side, box[far]);
  box[near] = intersection(space.addresses(virtual_network), box[near]);
  return box;
}

std::vector<Box> denials(const RuleSpace& space, const NetworkSecurityGroup& nsg, Direction direction) {
  std::vector<Box> boxes;
  for (const SecurityRule& rule : nsg.rules)
    if (rule.direction == direction && rule.access == Access::deny) boxes.push_back(space.boxes_of(rule).covers);
  return boxes;
}

}  // namespace

std::vector<OpenRules> open_rules(const Topology& topology, const NetworkSecurityGroup& nsg,
                                  std::span<const Cidr> virtual_network, std::span<const Cidr> subnets) {
  const RuleSpace space{topology, nsg, virtual_network};
  std::vector<OpenRules> result;
  for (const Direction direction : {Direction::inbound, Direction::outbound}) {
    OpenRules open{direction, {}};
    const std::vector<Box> denied = denials(space, nsg, direction);
    for (const SecurityRule& rule : nsg.rules) {
      if (rule.direction != direction || !looks_like_a_restriction(rule, subnets)) continue;
      const Box others = flows_with(space, rule, virtual_network, space.addresses(virtual_network));
      const Box anybody = flows_with(space, rule, virtual_network, space.addresses(private_prefixes()));
      const bool denied_somewhere = std::ranges::any_of(denied, [&](const Box& box) { return overlap(box, anybody); });
      if (!empty(others) && !denied_somewhere) open.rules.push_back(&rule);
    }
    if (!open.rules.empty()) result.push_back(std::move(open));
  }
  return result;
}

}  // namespace pgpassage::netcheck::lint
