#include "netcheck/reach/connection.hpp"

#include <algorithm>
#include <utility>

#include "netcheck/reach/states.hpp"

namespace pgpassage::netcheck {
namespace {

int rank(const GatewayWay& way) {
  switch (way.connection->status) {
    case ConnectionStatus::connected: return 0;
    case ConnectionStatus::unknown: return 1;
    case ConnectionStatus::connecting: return 2;
    case ConnectionStatus::not_connected: return 3;
  }
  return 3;
}

// The ExpressRoute circuit is the primary link, and a VPN beside it takes over when it fails (Microsoft Learn,
// "Configure ExpressRoute and site-to-site coexisting connections").
bool before(const GatewayWay& a, const GatewayWay& b) {
  const auto after_express_route = [](const GatewayWay& way) { return way.gateway->type == GatewayType::vpn; };
  return std::pair{rank(a), after_express_route(a)} < std::pair{rank(b), after_express_route(b)};
}

void connected_first(std::vector<GatewayWay>& ways) { std::stable_sort(ways.begin(), ways.end(), before); }

void add_ways_of(const Topology& topology, const VirtualNetwork& network, std::vector<GatewayWay>& ways) {
  for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways) {
    if (gateway.virtual_network != network.name) continue;
    for (const GatewayConnection& connection : gateway.connections)
      if (const Site* site = find_site(topology, connection.site))
        ways.push_back({&gateway, &connection, site, &network});
  }
}

}  // namespace

PeeringPair peering_between(const VirtualNetwork& near, const VirtualNetwork& far) {
  return {find_peering(near, far.name), find_peering(far, near.name)};
}

PeeringPair peering_of(const Peering& link, const VirtualNetwork& near, const VirtualNetwork& far) {
  return {&link, find_peering(far, near.name)};
}

bool transit_to_far_gateway(const PeeringPair& peering) {
  return peering.near != nullptr && peering.near->use_remote_gateways && peering.far != nullptr &&
         peering.far->allow_gateway_transit;
}

const std::vector<Cidr>& prefixes_over(const GatewayWay& way) {
  return way.connection->learned_routes ? *way.connection->learned_routes : way.site->address_prefixes;
}

bool has_gateway(const Topology& topology, const VirtualNetwork& network) {
  return std::any_of(topology.virtual_network_gateways.begin(), topology.virtual_network_gateways.end(),
                     [&](const auto& gateway) { return gateway.virtual_network == network.name; });
}

std::vector<GatewayWay> gateway_ways(const Topology& topology, const VirtualNetwork& network) {
  return gateway_ways(EffectiveStates{topology}, network);
}

std::vector<GatewayWay> gateway_ways(const EffectiveStates& states, const VirtualNetwork& network) {
  const Topology& topology = states.topology();
  std::vector<GatewayWay> ways;
  add_ways_of(topology, network, ways);
  // A VNet with a gateway of its own cannot use a peer's (azure-facts 2.4.5).
  if (!has_gateway(topology, network)) {
    for (const Peering& peering : network.peerings) {
      const VirtualNetwork* remote = states.network(peering.remote_virtual_network);
      if (remote == nullptr) continue;
      const PeeringPair pair = peering_of(peering, network, *remote);
      if (pair.usable() && transit_to_far_gateway(pair)) add_ways_of(topology, *remote, ways);
    }
  }
  connected_first(ways);
  return ways;
}

std::vector<GatewayWay> ways_from(const Topology& topology, const Site& site) {
  std::vector<GatewayWay> ways;
  for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways) {
    const VirtualNetwork* network = find_virtual_network(topology, gateway.virtual_network);
    if (network == nullptr) continue;
    for (const GatewayConnection& connection : gateway.connections)
      if (connection.site == site.name) ways.push_back({&gateway, &connection, &site, network});
  }
  connected_first(ways);
  return ways;
}

}  // namespace pgpassage::netcheck
