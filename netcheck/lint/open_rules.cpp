#include "netcheck/lint/open_rules.hpp"

#include <algorithm>

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

/// What the rules of one direction are held against: the same sets for every rule.
struct Surroundings {
  std::size_t far = source;
  std::size_t near = destination;
  Intervals network;  ///< coordinates of the virtual network
  Intervals anybody;  ///< of every private address
  std::vector<const Box*> denied;
};

Surroundings surroundings_of(const GroupBoxes& group, Direction direction) {
  Surroundings around;
  if (direction == Direction::outbound) std::swap(around.far, around.near);
  around.network = group.addresses(group.virtual_network());
  around.anybody = group.addresses(private_prefixes());
  for (std::size_t index = 0; index < group.rules().size(); ++index) {
    const SecurityRule& rule = group.rules()[index];
    if (rule.direction == direction && rule.access == Access::deny) around.denied.push_back(&group.of(index).covers());
  }
  return around;
}

/// The flows of a rule with others at its far side. Coordinates outside the group's own prefixes need not be exact: no
/// rule tells them apart.
Box flows_with(const Box& rule, const Surroundings& around, const Intervals& far_side) {
  Box box = rule;
  box[around.far] = difference(far_side, rule[around.far]);
  box[around.near] = intersection(around.network, rule[around.near]);
  return box;
}

bool restricts_nothing(const Box& rule, const Surroundings& around) {
  if (empty(flows_with(rule, around, around.network))) return false;
  const Box anybody = flows_with(rule, around, around.anybody);
  return std::ranges::none_of(around.denied, [&](const Box* box) { return overlap(*box, anybody); });
}

}  // namespace

std::vector<OpenRules> open_rules(const GroupBoxes& group, std::span<const Cidr> subnets) {
  std::vector<OpenRules> result;
  for (const Direction direction : {Direction::inbound, Direction::outbound}) {
    OpenRules open{direction, {}};
    const Surroundings around = surroundings_of(group, direction);
    for (std::size_t index = 0; index < group.rules().size(); ++index) {
      const SecurityRule& rule = group.rules()[index];
      if (rule.direction == direction && looks_like_a_restriction(rule, subnets) &&
          restricts_nothing(group.of(index).covers(), around))
        open.rules.push_back(&rule);
    }
    if (!open.rules.empty()) result.push_back(std::move(open));
  }
  return result;
}

}  // namespace pgpassage::netcheck::lint
