#include "netcheck/reach/pairs/asked_groups.hpp"

#include "netcheck/base/in_parallel.hpp"
#include "netcheck/reach/states.hpp"

namespace pgpassage::netcheck {
namespace {

// A machine may lie in a VNet and in none of the subnets that the file lists.
const void* key_of(const VirtualNetwork* network, const Subnet* subnet) {
  return subnet == nullptr ? static_cast<const void*>(network) : subnet;
}

}  // namespace

AskedGroups::AskedGroups(const Topology& topology, const Nodes& nodes, Protocol protocol, Port port, unsigned threads) {
  for (const NetworkSecurityGroup& group : topology.network_security_groups) by_name_.emplace(group.name, &group);
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Subnet& subnet : network.subnets) use(subnet.network_security_group, network, &subnet);
  for (const Node& node : nodes.all)
    if (node.network != nullptr) use(node.place.network_security_group, *node.network, node.subnet);
  const NodeSets sets{topology, nodes};
  in_parallel(compiled_.size(), threads, [&](std::size_t i) {
    Compiled& compiled = compiled_[i];
    compiled.inbound = rules_of(sets, *compiled.group, Direction::inbound, protocol, port);
    compiled.outbound = rules_of(sets, *compiled.group, Direction::outbound, protocol, port);
  });
  const EffectiveStates states{topology};
  tags_.resize(places_.size());
  in_parallel(places_.size(), threads, [&](std::size_t i) {
    const auto& [network, subnet] = places_[i];
    tags_[i] = sets.tags_of(state_of(states, *network, subnet, UserRoutes::apply).virtual_network);
  });
}

void AskedGroups::use(const std::string& group, const VirtualNetwork& network, const Subnet* subnet) {
  const auto found = by_name_.find(group);
  if (group.empty() || found == by_name_.end()) return;
  if (groups_.emplace(found->first, compiled_.size()).second) compiled_.push_back({found->second, {}, {}});
  if (places_by_key_.emplace(key_of(&network, subnet), places_.size()).second) places_.emplace_back(&network, subnet);
}

AskedGroup AskedGroups::asked(const std::string& group, const void* key, Direction direction) const {
  const auto found = groups_.find(group);
  if (group.empty() || found == groups_.end()) return {};
  const Compiled& compiled = compiled_[found->second];
  return {direction == Direction::inbound ? &compiled.inbound : &compiled.outbound, &tags_[places_by_key_.at(key)]};
}

AskedGroup AskedGroups::of_subnet(const Subnet& subnet, Direction direction) const {
  return asked(subnet.network_security_group, &subnet, direction);
}

AskedGroup AskedGroups::of_interface(const Node& node, Direction direction) const {
  if (node.network == nullptr) return {};
  return asked(node.place.network_security_group, key_of(node.network, node.subnet), direction);
}

}  // namespace pgpassage::netcheck
