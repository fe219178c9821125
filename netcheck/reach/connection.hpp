#pragma once

#include <optional>
#include <string>
#include <vector>

#include "netcheck/topology/topology.hpp"

/// How networks hang together: peerings with both their links, and the ways through gateways to sites.
namespace pgpassage::netcheck {

/// The two links between two VNets. Packets cross only when both exist and are Connected (azure-facts 2.4.1).
struct PeeringPair {
  const Peering* near = nullptr;  ///< the link in the VNet that was named first
  const Peering* far = nullptr;

  bool usable() const {
    return near != nullptr && far != nullptr && near->state == PeeringState::connected &&
           far->state == PeeringState::connected;
  }
};

PeeringPair peering_between(const VirtualNetwork& near, const VirtualNetwork& far);
/// The same when the link in `near` is at hand: a hub has hundreds to search.
PeeringPair peering_of(const Peering& link, const VirtualNetwork& near, const VirtualNetwork& far);

/// May `peering.near`'s VNet use the gateway of the other one (azure-facts 2.6.6)? The links must be usable as well.
bool transit_to_far_gateway(const PeeringPair& peering);

class EffectiveStates;

/// One way between a VNet and a site.
struct GatewayWay {
  const VirtualNetworkGateway* gateway = nullptr;
  const GatewayConnection* connection = nullptr;
  const Site* site = nullptr;
  const VirtualNetwork* network = nullptr;  ///< the gateway's own VNet
};

/// The prefixes that Azure routes over a connection: what it learned by BGP, else the site's own.
const std::vector<Cidr>& prefixes_over(const GatewayWay& way);

/// Every connection whose routes the VNet gets: through its own gateways, or without one through a peer's with transit.
/// Connected ones first, and of those ExpressRoute; the status of the others is for the caller to judge.
std::vector<GatewayWay> gateway_ways(const Topology& topology, const VirtualNetwork& network);
/// The same with the indexes of `states`, which take a large topology tens of milliseconds to make.
std::vector<GatewayWay> gateway_ways(const EffectiveStates& states, const VirtualNetwork& network);

/// Every connection to a site, whichever VNet has the gateway. Connected ones first, and of those ExpressRoute.
std::vector<GatewayWay> ways_from(const Topology& topology, const Site& site);

bool has_gateway(const Topology& topology, const VirtualNetwork& network);

}  // namespace pgpassage::netcheck
