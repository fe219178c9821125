#include <fmt/format.h>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/passes.hpp"
#include "netcheck/reach/walk.hpp"

namespace pgpassage::netcheck {
namespace {

std::string link_name(const VirtualNetwork& network, const Peering& link) {
  return fmt::format("{}/{}", network.name, link.name);
}

Hop link_hop(HopKind kind, Decision decision, const VirtualNetwork& network, const Peering& link, const char* cause,
             std::string detail) {
  return {Leg::there, network.name, kind, decision, link_name(network, link), link.location, cause, std::move(detail)};
}

// allowVirtualNetworkAccess false takes the remote prefixes out of that side's VirtualNetwork tag. Whether it blocks
// anything else the documents do not agree on (azure-facts 4.12), so that side's security group must decide.
const Peering* access_undecided(const Walk& walk, const Position& position, const PeeringPair& pair,
                                bool nsg_at_arrival) {
  if (walk.leg == Leg::back) return nullptr;
  if (!pair.near->allow_virtual_network_access && !position.nsg_decides) return pair.near;
  if (!pair.far->allow_virtual_network_access && !nsg_at_arrival) return pair.far;
  return nullptr;
}

void check_transit(Walk& walk, const VirtualNetwork& near, const VirtualNetwork& far, const PeeringPair& pair) {
  if (!pair.near->allow_gateway_transit)
    add_hop(walk, link_hop(HopKind::gateway, Decision::deny, near, *pair.near, cause::gateway_transit_off,
                           fmt::format("{} does not lend its gateway to {}: allowGatewayTransit is false", near.name,
                                       far.name)));
  if (!pair.far->use_remote_gateways)
    add_hop(walk, link_hop(HopKind::gateway, Decision::deny, far, *pair.far, cause::remote_gateway_off,
                           fmt::format("{} does not use the gateway of {}: useRemoteGateways is false", far.name,
                                       near.name)));
}

void check_forwarded(Walk& walk, const VirtualNetwork& near, const VirtualNetwork& far, const PeeringPair& pair) {
  const bool originates_here = !walk.start_forwards && walk.start.kind == Place::Kind::in_virtual_network &&
                               walk.start.virtual_network == near.name;
  if (originates_here || pair.far->allow_forwarded_traffic) return;
  add_hop(walk, link_hop(HopKind::peering, Decision::deny, far, *pair.far, cause::forwarded_traffic_off,
                         fmt::format("{} accepts from {} only what starts there: allowForwardedTraffic is false",
                                     far.name, near.name)));
}

}  // namespace

void cross_peering(Walk& walk, const Position& position, const VirtualNetwork& remote, bool nsg_at_arrival) {
  const VirtualNetwork& near = *position.network;
  const PeeringPair pair = peering_between(near, remote);
  if (!pair.usable()) return explain_missing_peering(walk, near, remote);
  Hop hop = link_hop(HopKind::peering, Decision::allow, near, *pair.near, pass::peering_connected,
                     fmt::format("to {}", remote.name));
  if (const Peering* link = access_undecided(walk, position, pair, nsg_at_arrival)) {
    hop = link_hop(HopKind::peering, Decision::unknown, link == pair.near ? near : remote, *link,
                   cause::peering_access_off,
                   "allowVirtualNetworkAccess is false and no security group decides at this end");
  }
  add_hop(walk, std::move(hop));
  if (position.at_gateway)
    check_transit(walk, near, remote, pair);
  else
    check_forwarded(walk, near, remote, pair);
}

void cross_peering_to_gateway(Walk& walk, const Position& position, const VirtualNetwork& hub) {
  const PeeringPair pair = peering_between(*position.network, hub);
  Hop hop = link_hop(HopKind::peering, Decision::allow, *position.network, *pair.near, pass::peering_connected,
                     fmt::format("to the gateway of {}", hub.name));
  if (access_undecided(walk, position, pair, true) != nullptr) {
    hop.decision = Decision::unknown;
    hop.cause = cause::peering_access_off;
    hop.detail = "allowVirtualNetworkAccess is false and no security group decides at this end";
  }
  add_hop(walk, std::move(hop));
}

void explain_missing_peering(Walk& walk, const VirtualNetwork& near, const VirtualNetwork& far) {
  const PeeringPair pair = peering_between(near, far);
  if (pair.near == nullptr && pair.far == nullptr) {
    add_hop(walk,
            {walk.leg, near.name, HopKind::peering, Decision::deny, fmt::format("{} -> {}", near.name, far.name),
             near.location, cause::peering_missing,
             fmt::format("{} and {} are not peered with each other; peering is not transitive", near.name, far.name)});
  } else if (pair.near == nullptr || pair.far == nullptr) {
    const bool near_has = pair.near != nullptr;
    const VirtualNetwork& has = near_has ? near : far;
    const VirtualNetwork& lacks = near_has ? far : near;
    add_hop(walk,
            link_hop(HopKind::peering, Decision::deny, has, near_has ? *pair.near : *pair.far, cause::peering_half_open,
                     fmt::format("{} has no peering link to {}", lacks.name, has.name)));
  } else {
    const auto not_connected = [&](const VirtualNetwork& network, const Peering& link) {
      if (link.state == PeeringState::connected) return;
      add_hop(walk, link_hop(HopKind::peering, Decision::deny, network, link, cause::peering_not_connected,
                             fmt::format("its state is {}", to_string(link.state))));
    };
    not_connected(near, *pair.near);
    not_connected(far, *pair.far);
  }
}

}  // namespace pgpassage::netcheck
