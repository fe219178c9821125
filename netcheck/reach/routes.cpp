#include "netcheck/reach/routes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netcheck/base/azure_dns.hpp"
#include "netcheck/reach/states.hpp"

namespace pgpassage::netcheck {
namespace {

EffectiveRoute route_to(const Cidr& prefix, NextHop next_hop, Location location,
                        RouteOrigin origin = RouteOrigin::system) {
  EffectiveRoute route;
  route.prefix = prefix;
  route.origin = origin;
  route.next_hop = next_hop;
  route.location = location;
  return route;
}

void add_default_routes(SubnetState& state) {
  const Location made_by = state.network->location;
  const auto own = [&](const Cidr& prefix) {
    return std::any_of(state.network->address_prefixes.begin(), state.network->address_prefixes.end(),
                       [&](const Cidr& mine) { return mine.contains(prefix); });
  };
  for (const char* text : {"0.0.0.0/0", "::/0"})
    state.routes.push_back(route_to(*Cidr::parse(text), NextHop::internet, made_by, RouteOrigin::system_default));
  for (const char* text : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"}) {
    const Cidr prefix = *Cidr::parse(text);
    if (!own(prefix)) state.routes.push_back(route_to(prefix, NextHop::none, made_by, RouteOrigin::system_default));
  }
}

void add_endpoints_of(const EffectiveStates& states, const VirtualNetwork& network, const VirtualNetwork* remote,
                      SubnetState& state) {
  for (const PrivateEndpoint* listed : states.endpoints_in(network)) {
    const PrivateEndpoint& endpoint = *listed;
    EffectiveRoute route = route_to(Cidr{endpoint.private_ip_address}, NextHop::endpoint, endpoint.location);
    route.endpoint = &endpoint;
    route.remote = remote;
    const Subnet* subnet = find_subnet(network, endpoint.subnet);
    using enum PrivateEndpointNetworkPolicies;
    if (subnet != nullptr && (subnet->private_endpoint_network_policies == enabled ||
                              subnet->private_endpoint_network_policies == route_table_enabled))
      for (const Cidr& prefix : network.address_prefixes)
        if (prefix.contains(endpoint.private_ip_address)) route.yields_to_length = prefix.length();
    state.routes.push_back(std::move(route));
  }
}

void add_network(const EffectiveStates& states, SubnetState& state) {
  for (const Cidr& prefix : state.network->address_prefixes) {
    state.routes.push_back(route_to(prefix, NextHop::virtual_network, state.network->location));
    state.virtual_network.prefixes.push_back(prefix);
  }
  add_endpoints_of(states, *state.network, nullptr, state);
}

void add_peerings(const EffectiveStates& states, SubnetState& state) {
  for (const Peering& peering : state.network->peerings) {
    const VirtualNetwork* remote = states.network(peering.remote_virtual_network);
    if (remote == nullptr || !peering_of(peering, *state.network, *remote).usable()) continue;
    for (const Cidr& prefix : remote->address_prefixes) {
      EffectiveRoute route = route_to(prefix, NextHop::peering, peering.location);
      route.remote = remote;
      state.routes.push_back(std::move(route));
      if (peering.allow_virtual_network_access) state.virtual_network.prefixes.push_back(prefix);
    }
    add_endpoints_of(states, *remote, remote, state);
  }
}

void add_to_tag(const Cidr& prefix, SubnetState& state) {
  const bool four = prefix.address().family() == IpAddress::Family::ipv4;
  if (prefix.length() == 0)
    (four ? state.virtual_network.has_default : state.virtual_network.has_ipv6_default) = true;
  else
    state.virtual_network.prefixes.push_back(prefix);
}

void add_gateways(const EffectiveStates& states, bool propagate, SubnetState& state) {
  for (const GatewayWay& way : gateway_ways(states, *state.network)) {
    for (const Cidr& prefix : prefixes_over(way)) {
      // A default route that the subnet does not take cannot make its tag hold everything.
      if (propagate || prefix.length() > 0) add_to_tag(prefix, state);
      if (!propagate) continue;
      EffectiveRoute route = route_to(prefix, NextHop::gateway, way.connection->location, RouteOrigin::bgp);
      route.way = way;
      state.routes.push_back(std::move(route));
    }
  }
}

NextHop next_hop_of(NextHopType type) {
  switch (type) {
    case NextHopType::virtual_network_gateway: return NextHop::gateway;
    case NextHopType::vnet_local: return NextHop::virtual_network;
    case NextHopType::internet: return NextHop::internet;
    case NextHopType::virtual_appliance: return NextHop::appliance;
    case NextHopType::none: return NextHop::none;
  }
  return NextHop::none;
}

void add_user_route(const Route& user, const Cidr& prefix, SubnetState& state) {
  EffectiveRoute route = route_to(prefix, next_hop_of(user.next_hop_type), user.location, RouteOrigin::user);
  route.table = state.table;
  route.user = &user;
  route.appliance = user.next_hop_ip_address;
  // A default route widens the tag only when it leads to a private hop (azure-facts 2.2).
  const bool private_hop = route.next_hop != NextHop::none && route.next_hop != NextHop::internet;
  if (private_hop)
    add_to_tag(prefix, state);
  else if (prefix.length() > 0)
    state.virtual_network.doubtful.push_back(prefix);
  state.routes.push_back(std::move(route));
}

// A route to a service tag comes after explicit prefixes, which win when the prefix is the same.
void add_user_routes(const Topology& topology, SubnetState& state) {
  for (const Route& user : state.table->routes)
    if (user.prefix.cidr) add_user_route(user, *user.prefix.cidr, state);
  for (const Route& user : state.table->routes) {
    if (user.prefix.cidr) continue;
    const ServiceTag* tag = find_service_tag(topology, user.prefix.tag);
    if (tag == nullptr) {
      state.undecided.push_back(&user);
      continue;
    }
    for (const Cidr& prefix : tag->prefixes) add_user_route(user, prefix, state);
  }
}

}  // namespace

std::string EffectiveRoute::by() const {
  if (user != nullptr) return fmt::format("{}/{}", table->name, user->name);
  const std::string_view kind = endpoint != nullptr ? "endpoint" : origin == RouteOrigin::bgp ? "gateway" : "system";
  return fmt::format("{} route {}", kind, prefix.to_string());
}

SubnetState state_of(const Topology& topology, const VirtualNetwork& network, const Subnet* subnet,
                     UserRoutes user_routes) {
  return state_of(EffectiveStates{topology}, network, subnet, user_routes);
}

SubnetState state_of(const EffectiveStates& states, const VirtualNetwork& network, const Subnet* subnet,
                     UserRoutes user_routes) {
  const Topology& topology = states.topology();
  SubnetState state;
  state.network = &network;
  state.subnet = subnet;
  if (subnet != nullptr && user_routes == UserRoutes::apply) state.table = states.route_table(subnet->route_table);
  add_network(states, state);
  add_peerings(states, state);
  add_gateways(states, state.table == nullptr || !state.table->disable_bgp_route_propagation, state);
  if (state.table != nullptr) add_user_routes(topology, state);
  add_default_routes(state);
  state.virtual_network.prefixes.emplace_back(azure_dns);
  return state;
}

}  // namespace pgpassage::netcheck
