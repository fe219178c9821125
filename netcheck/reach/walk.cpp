#include "netcheck/reach/walk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/filters.hpp"
#include "netcheck/reach/locate.hpp"
#include "netcheck/reach/passes.hpp"

namespace pgpassage::netcheck {
namespace {

constexpr int max_hops = 8;  // azure-facts 2.14

bool ends_in(const Walk& walk, const VirtualNetwork& network) {
  return walk.end.kind == Place::Kind::in_virtual_network && walk.end.virtual_network == network.name;
}

const char* kind_of(const EffectiveRoute& route) {
  if (route.user != nullptr) return pass::user_route;
  if (route.endpoint != nullptr) return pass::endpoint_route;
  if (route.origin == RouteOrigin::bgp) return pass::gateway_route;
  return route.next_hop == NextHop::peering ? pass::peering_route : pass::system_route;
}

std::string words_for(NextHop next_hop) {
  switch (next_hop) {
    case NextHop::virtual_network: return "inside the virtual network";
    case NextHop::peering: return "by the peering";
    case NextHop::gateway: return "to the virtual network gateway";
    case NextHop::internet: return "to the Internet";
    case NextHop::appliance: return "to a virtual appliance";
    case NextHop::endpoint: return "to the private endpoint";
    case NextHop::none: return "nowhere: next hop None";
  }
  return {};
}

void add_route_hop(Walk& walk, const Position& position, const RouteChoice& choice) {
  const EffectiveRoute& route = *choice.route;
  Hop hop{walk.leg,   position.name(), HopKind::route, Decision::forward,
          route.by(), route.location,  kind_of(route), words_for(route.next_hop)};
  if (!choice.missing.empty()) {
    hop.decision = Decision::unknown;
    hop.cause = cause::route_undecided;
    hop.detail = "the route depends on " + choice.missing;
    if (choice.location.known()) hop.location = choice.location;
  }
  add_hop(walk, std::move(hop));
}

void add_blocker(Walk& walk, const Position& position, const EffectiveRoute& route, const char* cause,
                 std::string detail) {
  add_hop(walk, {walk.leg, position.name(), HopKind::route, Decision::deny, route.by(), route.location, cause,
                 std::move(detail)});
}

// The packet is dropped or leaves Azure because nothing better is known: say which link is missing.
void explain_no_route(Walk& walk, const Position& position, const SubnetState& state, const EffectiveRoute& route) {
  const VirtualNetwork* network = walk.flow.states.network(walk.end.virtual_network);
  if (walk.appliance_on_the_way_there && walk.end.kind != Place::Kind::internet) {
    add_blocker(walk, position, route, cause::no_return_route,
                fmt::format("{} has no route back to {}: the way there goes through an appliance", position.name(),
                            walk.end.node));
  } else if (network != nullptr && network != position.network &&
             !peering_between(*position.network, *network).usable()) {
    explain_missing_peering(walk, *position.network, *network);
  } else if (walk.end.kind == Place::Kind::at_site) {
    explain_missing_gateway(walk, position, state);
  } else {
    add_blocker(walk, position, route, cause::no_route,
                fmt::format("no route of {} leads to {}", position.name(), walk.end.node));
  }
}

bool covered_by_service_endpoint(const Walk& walk, const Position& position) {
  const Server* server = walk.end.server;
  if (walk.end.kind != Place::Kind::internet || server == nullptr || server->kind != ServerKind::single_server ||
      position.subnet == nullptr || position.at_gateway)
    return false;
  const auto& endpoints = position.subnet->service_endpoints;
  if (std::find(endpoints.begin(), endpoints.end(), "Microsoft.Sql") == endpoints.end()) return false;
  // The endpoint covers the services of one region (azure-facts 2.7.1).
  return server->azure_location.empty() || position.network->azure_location.empty() ||
         server->azure_location == position.network->azure_location;
}

// A user route may be longer than the service's prefixes, which the file does not give; a default route is not.
bool may_turn(const SubnetState& state, const AddressSpan& destination) {
  return std::any_of(state.routes.begin(), state.routes.end(), [&](const EffectiveRoute& route) {
    return route.origin == RouteOrigin::user && route.prefix.length() > 0 &&
           lies_in(destination, {&route.prefix, 1}) != Match::no;
  });
}

void take_service_endpoint(Walk& walk, const Position& position, const SubnetState& state, const RouteChoice& choice) {
  walk.passage.arrived = true;
  walk.passage.through_internet = true;
  walk.passage.service_endpoint_network = position.network;
  walk.passage.service_endpoint_subnet = position.subnet;
  if (!choice.missing.empty() || may_turn(state, walk.destination)) {
    RouteChoice undecided = choice;
    walk.passage.undecided = true;
    if (choice.missing.empty())
      undecided.missing = "the prefixes of the service endpoint Microsoft.Sql, which may be longer";
    return add_route_hop(walk, position, undecided);
  }
  add_hop(walk,
          {walk.leg, position.name(), HopKind::route, Decision::forward, "service endpoint Microsoft.Sql",
           position.subnet->location, pass::service_endpoint_route, "to the service, with the subnet's identity"});
}

void leave_to_internet(Walk& walk, const Position& position, const SubnetState& state, const RouteChoice& choice) {
  if (lies_in_public(walk.destination) == Match::no) {
    if (choice.route->origin == RouteOrigin::user)
      return add_blocker(walk, position, *choice.route, cause::destination_is_private,
                         fmt::format("{} has a private address, and the route leads to the Internet", walk.end.node));
    return explain_no_route(walk, position, state, *choice.route);
  }
  if (!asked_publicly(walk.end)) return explain_no_route(walk, position, state, *choice.route);
  add_route_hop(walk, position, choice);
  walk.passage.arrived = true;
  walk.passage.through_internet = true;
}

// Forced tunnelling: what the site's filter does not let out ends there; what it lets out goes on by ways of its own.
bool stopped_at_site(Walk& walk, const Site& site) {
  if (walk.leg == Leg::back || !site.firewall_rules) return false;
  const Flow& flow = walk.flow;
  const std::size_t before = walk.hops.size();
  filter_at_site(walk, site, Direction::outbound,
                 {nsg_end(flow.topology, flow.from, flow.source), nsg_end(flow.topology, flow.to, walk.destination),
                  flow.port, false, flow.protocol});
  if (walk.hops.back().decision == Decision::deny) return true;
  walk.hops.resize(before);
  return false;
}

bool take_bgp_gateway_route(Walk& walk, const Position& position, const RouteChoice& choice) {
  const GatewayWay& way = choice.route->way;
  add_route_hop(walk, position, choice);
  if (walk.end.kind == Place::Kind::at_site && walk.end.site == way.site->name) {
    pass_gateway(walk, position, way);
    walk.passage.arrived = true;
  } else if (asked_publicly(walk.end)) {
    pass_gateway(walk, position, way);
    walk.passage.through_internet = true;
    if (stopped_at_site(walk, *way.site)) return false;
    add_hop(walk, {walk.leg, way.site->name, HopKind::gateway, Decision::unknown, way.site->name, way.site->location,
                   cause::site_not_described, "how the site passes traffic on to the Internet is not described"});
  } else {
    add_blocker(walk, position, *choice.route, cause::routed_elsewhere,
                fmt::format("the route leads to the site {}, not to {}", way.site->name, walk.end.node));
  }
  return false;
}

void take_network_route(Walk& walk, const Position& position, const RouteChoice& choice,
                        const VirtualNetwork& network) {
  if (!ends_in(walk, network)) {
    add_blocker(walk, position, *choice.route, cause::routed_elsewhere,
                fmt::format("the route leads into {}, and {} is elsewhere", network.name, walk.end.node));
    return;
  }
  // A machine inside does not answer there to its public address.
  if (lies_in(walk.destination, network.address_prefixes) == Match::no) {
    add_blocker(
        walk, position, *choice.route, cause::routed_elsewhere,
        fmt::format("the route leads into {}, where nothing has that address of {}", network.name, walk.end.node));
    return;
  }
  add_route_hop(walk, position, choice);
  walk.passage.arrived = true;
  if (&network != position.network)
    cross_peering(walk, position, network, nsg_decides_at(walk.flow.states, walk.end, Direction::inbound));
}

// True when the walk goes on from a new position.
bool take(Walk& walk, Position& position, const SubnetState& state, const RouteChoice& choice) {
  const EffectiveRoute& route = *choice.route;
  switch (route.next_hop) {
    case NextHop::none:
      if (route.origin == RouteOrigin::user)
        add_blocker(walk, position, route, cause::route_none, "the route drops the traffic: next hop None");
      else
        explain_no_route(walk, position, state, route);
      return false;
    case NextHop::internet: leave_to_internet(walk, position, state, choice); return false;
    case NextHop::virtual_network: take_network_route(walk, position, choice, *position.network); return false;
    case NextHop::peering: take_network_route(walk, position, choice, *route.remote); return false;
    case NextHop::endpoint:
      take_network_route(walk, position, choice, route.remote == nullptr ? *position.network : *route.remote);
      return false;
    case NextHop::gateway:
      if (route.origin == RouteOrigin::bgp) return take_bgp_gateway_route(walk, position, choice);
      add_route_hop(walk, position, choice);
      return take_user_gateway_route(walk, position, route);
    case NextHop::appliance: add_route_hop(walk, position, choice); return pass_appliance(walk, position, route);
  }
  return false;
}

UserRoutes user_routes_of(const Walk& walk, const Position& position) {
  if (walk.leg == Leg::there || walk.start.endpoint == nullptr || position.subnet == nullptr) return UserRoutes::apply;
  using enum PrivateEndpointNetworkPolicies;
  const auto policies = position.subnet->private_endpoint_network_policies;
  return policies == enabled || policies == route_table_enabled ? UserRoutes::apply : UserRoutes::ignore;
}

void follow_routes(Walk& walk, Position position) {
  for (int count = 0; count < max_hops; ++count) {
    const bool at_start = count == 0 && !position.at_gateway;
    const SubnetState& state = walk.flow.states.of(*position.network, position.subnet,
                                                   at_start ? user_routes_of(walk, position) : UserRoutes::apply);
    const RouteChoice choice = choose(state, walk.destination);
    if (choice.route == nullptr) {
      add_hop(walk, {walk.leg, position.name(), HopKind::route, Decision::unknown, position.name(), position.location(),
                     cause::place_not_described, fmt::format("the address of {} is not described", walk.end.node)});
      return;
    }
    if (!choice.missing.empty()) walk.passage.undecided = true;
    if (covered_by_service_endpoint(walk, position) && !single(choice.route->prefix))
      return take_service_endpoint(walk, position, state, choice);
    if (!take(walk, position, state, choice)) return;
  }
  add_hop(walk, {walk.leg, position.name(), HopKind::route, Decision::deny, position.name(), position.location(),
                 cause::too_many_hops, fmt::format("more than {} forwarding hops", max_hops)});
}

void leave_internet(Walk& walk) {
  walk.passage.through_internet = true;
  walk.passage.arrived = asked_publicly(walk.end) && lies_in_public(walk.destination) != Match::no;
  if (walk.passage.arrived) return;
  add_hop(walk, {walk.leg, walk.start.node, HopKind::route, Decision::deny, "Internet",
                 location_of(walk.flow.topology, walk.end), cause::destination_is_private,
                 fmt::format("{} has no private way to the address of {}", walk.start.node, walk.end.node)});
}

}  // namespace

bool asked_publicly(const Place& place) {
  if (place.kind == Place::Kind::internet) return true;
  return place.server != nullptr && place.address && place.address == place.server->public_ip_address;
}

void add_hop(Walk& walk, Hop hop) {
  hop.leg = walk.leg;
  if (walk.passage.undecided && hop.decision == Decision::deny) {
    hop.decision = Decision::unknown;
    hop.detail += "; whether the flow takes this way is undecided";
  }
  walk.hops.push_back(std::move(hop));
}

namespace {

// Whatever a walk does, it ends at its end, at a blocker, or at something the file does not say.
void check_that_it_was_decided(Walk& walk, std::size_t first) {
  if (walk.passage.arrived ||
      std::any_of(walk.hops.begin() + static_cast<std::ptrdiff_t>(first), walk.hops.end(), stops))
    return;
  add_hop(walk, {walk.leg, walk.start.node, HopKind::route, Decision::unknown, walk.start.node,
                 location_of(walk.flow.topology, walk.start), cause::way_not_decided,
                 fmt::format("the file does not say how packets come from {} to {}", walk.start.node, walk.end.node)});
}

}  // namespace

Passage walk_routes(Walk walk) {
  const std::size_t first = walk.hops.size();
  Position position;
  switch (walk.start.kind) {
    case Place::Kind::internet: leave_internet(walk); break;
    case Place::Kind::at_site:
      if (leave_site(walk, position)) follow_routes(walk, position);
      break;
    case Place::Kind::in_virtual_network:
      position.network = walk.flow.states.network(walk.start.virtual_network);
      if (position.network == nullptr) break;
      position.subnet = find_subnet(*position.network, walk.start.subnet);
      position.nsg_decides = nsg_decides_at(walk.flow.states, walk.start, Direction::outbound);
      follow_routes(walk, position);
  }
  check_that_it_was_decided(walk, first);
  return walk.passage;
}

}  // namespace pgpassage::netcheck
