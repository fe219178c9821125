#include <fmt/format.h>

#include <algorithm>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/filters.hpp"
#include "netcheck/reach/passes.hpp"
#include "netcheck/reach/walk.hpp"

namespace pgpassage::netcheck {
namespace {

// Unpeered VNets may use the same addresses: one that this VNet reaches comes first.
const NetworkAppliance* appliance_at(const EffectiveStates& states, const VirtualNetwork& from,
                                     const IpAddress& address) {
  const NetworkAppliance* elsewhere = nullptr;
  for (const NetworkAppliance& appliance : states.topology().network_appliances) {
    if (appliance.ip_address != address) continue;
    const VirtualNetwork* network = states.network(appliance.virtual_network);
    if (network == &from || (network != nullptr && peering_between(from, *network).usable())) return &appliance;
    elsewhere = &appliance;
  }
  return elsewhere;
}

Hop appliance_hop(const NetworkAppliance& appliance, Decision decision, const char* cause, std::string detail) {
  return {Leg::there, appliance.subnet, HopKind::appliance, decision, appliance.name, appliance.location,
          cause,      std::move(detail)};
}

void add_forwarding_hop(Walk& walk, const NetworkAppliance& appliance) {
  if (!appliance.enable_ip_forwarding)
    add_hop(walk, appliance_hop(appliance, Decision::deny, cause::appliance_does_not_forward,
                                "IP forwarding is off at its network interface (enableIPForwarding)"));
  if (!appliance.forwards)
    add_hop(walk, appliance_hop(appliance, Decision::deny, cause::appliance_does_not_forward,
                                "its own system does not forward (forwards)"));
  if (appliance.enable_ip_forwarding && appliance.forwards)
    add_hop(walk, appliance_hop(appliance, Decision::forward, pass::appliance_forwards, "passed on by the appliance"));
}

// Crossing to the appliance's VNet is a crossing like any other, only that the flow does not end there.
bool reach_appliance(Walk& walk, Position& position, const NetworkAppliance& appliance, const EffectiveRoute& route) {
  const VirtualNetwork* network = walk.flow.states.network(appliance.virtual_network);
  if (network == nullptr) {
    add_hop(walk, appliance_hop(appliance, Decision::unknown, cause::place_not_described,
                                fmt::format("the virtual network of {} is not in the file", appliance.name)));
    return false;
  }
  const Subnet* subnet = find_subnet(*network, appliance.subnet);
  const bool has_nsg = subnet != nullptr && !subnet->network_security_group.empty();
  if (network != position.network) {
    if (!peering_between(*position.network, *network).usable())
      add_hop(walk, {walk.leg, position.name(), HopKind::route, Decision::deny, route.by(), route.location,
                     cause::next_hop_not_reachable,
                     fmt::format("{} is in {}, which is not peered with {}", appliance.name, network->name,
                                 position.network->name)});
    else
      cross_peering(walk, position, *network, has_nsg);
  }
  position = {network, subnet, false, has_nsg};
  return true;
}

}  // namespace

bool pass_appliance(Walk& walk, Position& position, const EffectiveRoute& route) {
  const NetworkAppliance* appliance =
      route.appliance ? appliance_at(walk.flow.states, *position.network, *route.appliance) : nullptr;
  if (appliance == nullptr) {
    walk.passage.through_internet = asked_publicly(walk.end);
    add_hop(walk, {walk.leg, position.name(), HopKind::appliance, Decision::unknown, route.by(), route.location,
                   cause::route_to_unknown_next_hop,
                   fmt::format("the next hop {} is no declared networkAppliance",
                               route.appliance ? route.appliance->to_string() : "of the route")});
    return false;
  }
  auto& passed = walk.passage.appliances;
  if (std::find(passed.begin(), passed.end(), appliance) != passed.end()) {
    add_hop(walk, {walk.leg, position.name(), HopKind::route, Decision::deny, route.by(), route.location,
                   cause::routing_loop, fmt::format("the route leads back to {}", appliance->name)});
    return false;
  }
  passed.push_back(appliance);
  if (!reach_appliance(walk, position, *appliance, route)) return false;
  if (walk.leg == Leg::there) {
    filter_at_appliance(walk, position, Direction::inbound);
    add_forwarding_hop(walk, *appliance);
    filter_at_appliance(walk, position, Direction::outbound);
  } else {
    add_forwarding_hop(walk, *appliance);
  }
  return true;
}

}  // namespace pgpassage::netcheck
