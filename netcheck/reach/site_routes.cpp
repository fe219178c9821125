#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/passes.hpp"
#include "netcheck/reach/walk.hpp"

namespace pgpassage::netcheck {
namespace {

/// How well a gateway's VNet reaches the VNet where the leg ends: 0 it is there, or by transit; 1 peered; 2 not.
int distance(const GatewayWay& way, const VirtualNetwork* network) {
  if (network == nullptr || network == way.network) return 0;
  const PeeringPair pair = peering_between(*network, *way.network);
  if (!pair.usable()) return 2;
  return transit_to_far_gateway(pair) ? 0 : 1;
}

// ways_from() has put connected ones first, and min_element takes the first of equals.
const GatewayWay* best_way(const std::vector<GatewayWay>& ways, const VirtualNetwork* network) {
  const auto best = std::min_element(ways.begin(), ways.end(), [&](const auto& a, const auto& b) {
    return distance(a, network) < distance(b, network);
  });
  return best == ways.end() ? nullptr : &*best;
}

// Absent `routes` are the gateway's VNet and its transit peers (contract 1).
std::vector<Cidr> routes_of(const EffectiveStates& states, const GatewayWay& way) {
  if (way.site->routes) return *way.site->routes;
  std::vector<Cidr> routes = way.network->address_prefixes;
  for (const Peering& peering : way.network->peerings) {
    const VirtualNetwork* remote = states.network(peering.remote_virtual_network);
    if (remote == nullptr) continue;
    const PeeringPair pair{find_peering(*remote, way.network->name), &peering};
    if (pair.usable() && transit_to_far_gateway(pair))
      routes.insert(routes.end(), remote->address_prefixes.begin(), remote->address_prefixes.end());
  }
  return routes;
}

// Without transit a peer is not announced to the site. When the gateway hands over directly, the missing flag is
// the finding, and the walk makes it; a route at the site would not help.
bool transit_is_the_cause(const Walk& walk, const GatewayWay& way, const VirtualNetwork* network) {
  if (way.site->routes || network == nullptr || distance(way, network) != 1) return false;
  const SubnetState& state = walk.flow.states.of(*way.network, find_subnet(*way.network, "GatewaySubnet"));
  const RouteChoice choice = choose(state, walk.destination);
  return choice.route != nullptr && choice.route->remote == network;
}

void add_site_route_hop(Walk& walk, const GatewayWay& way, const VirtualNetwork* network) {
  const Site& site = *way.site;
  Hop hop{walk.leg,
          site.name,
          HopKind::route,
          Decision::forward,
          fmt::format("{}/routes", site.name),
          site.location,
          pass::site_route,
          fmt::format("over {}", way.connection->name)};
  const Match covered = lies_in(walk.destination, routes_of(walk.flow.states, way));
  if (covered != Match::yes && !transit_is_the_cause(walk, way, network)) {
    hop.decision = covered == Match::no ? Decision::deny : Decision::unknown;
    hop.cause = walk.leg == Leg::back ? cause::site_has_no_return_route : cause::site_has_no_route;
    hop.detail = fmt::format("{} has no route {}to {} over its connection", site.name,
                             walk.leg == Leg::back ? "back " : "", walk.end.node);
  }
  add_hop(walk, std::move(hop));
}

void add_site_hop(Walk& walk, const Site& site, Decision decision, const char* cause, std::string detail) {
  add_hop(walk, {walk.leg, site.name, HopKind::route, decision, site.name, site.location, cause, std::move(detail)});
}

bool covered(const AddressSpan& destination, const std::vector<Cidr>& prefixes) {
  return lies_in(destination, prefixes) == Match::yes;
}

// The other connection of the same gateway, when BGP on both tells each site of the other (azure-facts 2.6.4). Without
// it, and through ExpressRoute, whether the gateway relays is not in the file.
std::optional<GatewayWay> relay_to(const Walk& walk, const GatewayWay& way) {
  const Site* end = find_site(walk.flow.topology, walk.end.site);
  if (end == nullptr || way.gateway->type != GatewayType::vpn || !way.connection->enable_bgp) return std::nullopt;
  for (const GatewayConnection& connection : way.gateway->connections) {
    const GatewayWay onward{way.gateway, &connection, end, way.network};
    if (connection.site == end->name && connection.enable_bgp && covered(walk.destination, prefixes_over(onward)))
      return onward;
  }
  return std::nullopt;
}

// Sites may know ways of their own. Only one that says that it sends the other's prefixes over its connection, to a
// gateway that relays, is decided.
bool relayed_by_azure(Walk& walk, const Site& site) {
  if (!site.routes || !covered(walk.destination, *site.routes)) return false;
  for (const GatewayWay& way : ways_from(walk.flow.topology, site)) {
    const std::optional<GatewayWay> onward = relay_to(walk, way);
    if (!onward) continue;
    add_site_route_hop(walk, way, nullptr);
    pass_gateway(walk, {way.network, nullptr, true, false}, way);
    pass_gateway(walk, {way.network, nullptr, true, false}, *onward);
    walk.passage.arrived = true;
    return true;
  }
  return false;
}

// What a site does with traffic that does not go to Azure's private side is its own business.
bool stays_outside_azure(Walk& walk, const Site& site) {
  if (walk.end.kind == Place::Kind::at_site) {
    walk.passage.arrived = walk.end.site == site.name;
    if (walk.passage.arrived)
      add_site_hop(walk, site, Decision::forward, pass::inside_site, "inside the site");
    else if (!relayed_by_azure(walk, site))
      add_site_hop(walk, site, Decision::unknown, cause::site_not_described,
                   "ways between sites are described only by 'routes' of both and a VPN gateway with BGP to both");
    return true;
  }
  if (asked_publicly(walk.end) && site.routes && lies_in(walk.destination, *site.routes) != Match::no &&
      !ways_from(walk.flow.topology, site).empty()) {
    walk.passage.through_internet = true;  // whoever passes it on: a public address is seen at the far side
    add_site_hop(
        walk, site, Decision::unknown, cause::routed_elsewhere,
        fmt::format("its routes send the address of {} over its connection; whether anything there passes it on "
                    "to the Internet is not described",
                    walk.end.node));
    return true;
  }
  if (asked_publicly(walk.end)) {
    walk.passage.arrived = lies_in_public(walk.destination) == Match::yes;
    if (walk.passage.arrived)
      add_site_hop(walk, site, Decision::forward, pass::site_uplink, "to the Internet by the site's own uplink");
    else
      add_site_hop(walk, site, Decision::deny, cause::destination_is_private,
                   fmt::format("no private way from {} to {} is described", site.name, walk.end.node));
    walk.passage.through_internet = true;
    return true;
  }
  return false;
}

}  // namespace

bool leave_site(Walk& walk, Position& position) {
  const Site* site = find_site(walk.flow.topology, walk.start.site);
  if (site == nullptr || stays_outside_azure(walk, *site)) return false;
  const VirtualNetwork* network = walk.flow.states.network(walk.end.virtual_network);
  const std::vector<GatewayWay> ways = ways_from(walk.flow.topology, *site);
  const GatewayWay* way = best_way(ways, network);
  if (way == nullptr) {
    add_hop(walk, {walk.leg, site->name, HopKind::gateway, Decision::deny, site->name, site->location,
                   cause::no_gateway, fmt::format("no gateway has a connection to {}", site->name)});
    return false;
  }
  add_site_route_hop(walk, *way, network);
  pass_gateway(walk, {way->network, nullptr, true, false}, *way);
  position = {way->network, find_subnet(*way->network, "GatewaySubnet"), true, false};
  return true;
}

}  // namespace pgpassage::netcheck
