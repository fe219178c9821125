#include <fmt/format.h>

#include <algorithm>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/passes.hpp"
#include "netcheck/reach/walk.hpp"

namespace pgpassage::netcheck {
namespace {

void add_connection_hop(Walk& walk, const GatewayWay& way) {
  const ConnectionStatus status = way.connection->status;
  Hop hop{walk.leg,
          way.network->name,
          HopKind::gateway,
          Decision::allow,
          fmt::format("{}/{}", way.gateway->name, way.connection->name),
          way.connection->location,
          pass::connection_connected,
          fmt::format("to {}", way.site->name)};
  if (status == ConnectionStatus::unknown) {
    hop.decision = Decision::unknown;
    hop.cause = cause::connection_status_unknown;
    hop.detail = "connectionStatus is Unknown";
  } else if (status != ConnectionStatus::connected) {
    hop.decision = Decision::deny;
    hop.cause = cause::connection_not_connected;
    hop.detail = fmt::format("connectionStatus is {}", to_string(status));
  }
  add_hop(walk, std::move(hop));
}

// A user route may name a VPN gateway only (azure-facts 2.5): the VNet's own, else a peer's with transit.
const VirtualNetworkGateway* gateway_of(const Topology& topology, const VirtualNetwork& network, GatewayType type) {
  for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways)
    if (gateway.virtual_network == network.name && gateway.type == type) return &gateway;
  return nullptr;
}

const VirtualNetworkGateway* gateway_for(const EffectiveStates& states, const VirtualNetwork& network,
                                         GatewayType type) {
  const Topology& topology = states.topology();
  if (has_gateway(topology, network)) return gateway_of(topology, network, type);
  for (const Peering& peering : network.peerings) {
    const VirtualNetwork* remote = states.network(peering.remote_virtual_network);
    if (remote == nullptr) continue;
    const PeeringPair pair = peering_of(peering, network, *remote);
    if (!pair.usable() || !transit_to_far_gateway(pair)) continue;
    if (const VirtualNetworkGateway* gateway = gateway_of(topology, *remote, type)) return gateway;
  }
  return nullptr;
}

void deny(Walk& walk, const std::string& at, std::string by, Location location, const char* cause, std::string detail) {
  add_hop(walk, {walk.leg, at, HopKind::gateway, Decision::deny, std::move(by), location, cause, std::move(detail)});
}

bool behind(const GatewayWay& way, const AddressSpan& destination) {
  return lies_in(destination, prefixes_over(way)) != Match::no;
}

void explain_missing_transit(Walk& walk, const VirtualNetwork& network, const VirtualNetwork& hub) {
  const PeeringPair pair = peering_between(network, hub);
  if (!pair.usable()) return explain_missing_peering(walk, network, hub);
  if (!pair.near->use_remote_gateways)
    deny(walk, network.name, fmt::format("{}/{}", network.name, pair.near->name), pair.near->location,
         cause::remote_gateway_off,
         fmt::format("{} does not use the gateway of {}: useRemoteGateways is false", network.name, hub.name));
  if (!pair.far->allow_gateway_transit)
    deny(walk, hub.name, fmt::format("{}/{}", hub.name, pair.far->name), pair.far->location, cause::gateway_transit_off,
         fmt::format("{} does not lend its gateway to {}: allowGatewayTransit is false", hub.name, network.name));
}

// The gateway VNet whose peering with this one is the nearest to working.
const VirtualNetwork* nearest_hub(const VirtualNetwork& network, const std::vector<GatewayWay>& ways) {
  const VirtualNetwork* nearest = nullptr;
  int best = -1;
  for (const GatewayWay& way : ways) {
    const PeeringPair pair = peering_between(network, *way.network);
    const int score = (pair.near != nullptr ? 1 : 0) + (pair.far != nullptr ? 1 : 0) + (pair.usable() ? 1 : 0);
    if (score > best) nearest = way.network, best = score;
  }
  return best > 0 ? nearest : nullptr;
}

}  // namespace

void pass_gateway(Walk& walk, const Position& position, const GatewayWay& way) {
  if (way.network != position.network) cross_peering_to_gateway(walk, position, *way.network);
  add_connection_hop(walk, way);
}

bool take_user_gateway_route(Walk& walk, Position& position, const EffectiveRoute& route) {
  const Topology& topology = walk.flow.topology;
  const VirtualNetwork& network = *position.network;
  const VirtualNetworkGateway* gateway = gateway_for(walk.flow.states, network, GatewayType::vpn);
  const bool express_route = gateway_for(walk.flow.states, network, GatewayType::express_route) != nullptr;
  if (gateway == nullptr || express_route) {
    deny(walk, network.name, route.by(), route.location,
         express_route ? cause::route_to_express_route : cause::no_gateway,
         express_route ? "a user route may name a VPN gateway only, and none beside ExpressRoute"
                       : fmt::format("{} has no VPN gateway, and uses none of a peer", network.name));
    return false;
  }
  if (gateway_of(topology, network, GatewayType::express_route) != nullptr && gateway->virtual_network == network.name)
    add_hop(walk, {walk.leg, network.name, HopKind::gateway, Decision::unknown, route.by(), route.location,
                   cause::route_to_express_route,
                   "a user route may not name the gateway where VPN and ExpressRoute stand side by side"});
  const VirtualNetwork* hub = walk.flow.states.network(gateway->virtual_network);
  if (hub == nullptr) {
    add_hop(walk,
            {walk.leg, network.name, HopKind::gateway, Decision::unknown, gateway->name, gateway->location,
             cause::place_not_described, fmt::format("the virtual network of {} is not in the file", gateway->name)});
    return false;
  }
  if (walk.end.kind == Place::Kind::at_site) {
    for (const GatewayConnection& connection : gateway->connections) {
      const GatewayWay way{gateway, &connection, find_site(topology, connection.site), hub};
      if (way.site == nullptr || way.site->name != walk.end.site || !behind(way, walk.destination)) continue;
      pass_gateway(walk, position, way);
      walk.passage.arrived = true;
      return false;
    }
    explain_missing_gateway(walk, position, walk.flow.states.of(network, position.subnet));
    return false;
  }
  if (asked_publicly(walk.end)) {
    walk.passage.through_internet = true;
    add_hop(walk, {walk.leg, hub->name, HopKind::gateway, Decision::unknown, gateway->name, gateway->location,
                   cause::site_not_described, "how the far side passes traffic on to the Internet is not described"});
    return false;
  }
  if (hub != &network) cross_peering_to_gateway(walk, position, *hub);
  position = {hub, find_subnet(*hub, "GatewaySubnet"), true, false};
  return true;
}

void explain_missing_gateway(Walk& walk, const Position& position, const SubnetState& state) {
  const VirtualNetwork& network = *position.network;
  const Site* site = find_site(walk.flow.topology, walk.end.site);
  if (site == nullptr)
    return add_hop(walk, {walk.leg, network.name, HopKind::gateway, Decision::unknown, walk.end.node, network.location,
                          cause::place_not_described, fmt::format("the site of {} is not in the file", walk.end.node)});
  if (lies_in(walk.destination, site->address_prefixes) != Match::yes)
    return deny(walk, site->name, site->name, site->location, cause::prefix_not_behind_gateway,
                fmt::format("{} is not inside the address prefixes of {}", walk.end.node, site->name));
  const std::vector<GatewayWay> usable = gateway_ways(walk.flow.states, network);
  const bool connected = std::any_of(usable.begin(), usable.end(), [&](const auto& way) { return way.site == site; });
  if (connected && state.table != nullptr && state.table->disable_bgp_route_propagation)
    return deny(walk, position.name(), state.table->name, state.table->location, cause::gateway_routes_disabled,
                fmt::format("{} keeps the gateway's routes out of {}: disableBgpRoutePropagation is true",
                            state.table->name, position.name()));
  if (connected)
    return deny(walk, site->name, site->name, site->location, cause::prefix_not_behind_gateway,
                fmt::format("{} does not announce the address of {} over its connection (learnedRoutes)", site->name,
                            walk.end.node));
  const std::vector<GatewayWay> ways = ways_from(walk.flow.topology, *site);
  if (has_gateway(walk.flow.topology, network))
    return deny(walk, network.name, network.name, network.location, cause::no_connection,
                fmt::format("the gateway of {} has no connection to {}", network.name, site->name));
  if (const VirtualNetwork* hub = nearest_hub(network, ways)) return explain_missing_transit(walk, network, *hub);
  deny(walk, network.name, network.name, network.location, cause::no_gateway,
       fmt::format("neither {} nor a VNet peered with it has a gateway connected to {}", network.name, site->name));
}

}  // namespace pgpassage::netcheck
