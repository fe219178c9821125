#include "tests/naive/routes.hpp"

#include <algorithm>

namespace pgpassage::naive {
namespace {

using Routes = std::vector<NaiveRoute>;

void add_system_routes(Routes& routes, const Topology& topology, const VirtualNetwork& network) {
  for (const char* everything : {"0.0.0.0/0", "::/0"})
    routes.push_back({.prefix = *Cidr::parse(everything), .hop = Hop::internet});
  for (const char* text : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"}) {
    const Cidr dropped = *Cidr::parse(text);
    const auto covers = [&](const Cidr& prefix) { return prefix.contains(dropped); };
    if (std::ranges::none_of(network.address_prefixes, covers)) routes.push_back({.prefix = dropped});
  }
  for (const Cidr& prefix : network.address_prefixes)
    routes.push_back({.prefix = prefix, .origin = Origin::system, .hop = Hop::virtual_network, .network = &network});
  for (const VirtualNetwork& other : topology.virtual_networks)
    if (peered(network, other))
      for (const Cidr& prefix : other.address_prefixes)
        routes.push_back({.prefix = prefix, .origin = Origin::system, .hop = Hop::peering, .network = &other});
  for (const PrivateEndpoint& endpoint : topology.private_endpoints) {
    const VirtualNetwork& there = *find_virtual_network(topology, endpoint.virtual_network);
    if (&there == &network || peered(network, there))
      routes.push_back({.prefix = Cidr{endpoint.private_ip_address},
                        .origin = Origin::system,
                        .hop = Hop::endpoint,
                        .network = &there,
                        .endpoint = &endpoint});
  }
}

void add_gateway_routes(Routes& routes, const Topology& topology, const VirtualNetwork& network) {
  for (const GatewayUse& use : gateways_of(topology, network))
    for (const GatewayConnection& connection : use.gateway->connections)
      for (const Cidr& prefix : prefixes_of(topology, connection))
        routes.push_back({.prefix = prefix,
                          .origin = Origin::bgp,
                          .hop = Hop::gateway,
                          .connection = &connection,
                          .express_route = use.gateway->type == GatewayType::express_route,
                          .gateway_network = use.network});
}

NaiveRoute user_route(const Route& route, const Cidr& prefix) {
  NaiveRoute result{.prefix = prefix, .origin = Origin::user};
  switch (route.next_hop_type) {
    case NextHopType::none: result.hop = Hop::none; break;
    case NextHopType::internet: result.hop = Hop::internet; break;
    case NextHopType::vnet_local: result.hop = Hop::virtual_network; break;
    case NextHopType::virtual_network_gateway: result.hop = Hop::user_gateway; break;
    case NextHopType::virtual_appliance: result.hop = Hop::appliance; break;
  }
  result.next_hop = route.next_hop_ip_address;
  return result;
}

void add_user_routes(Routes& routes, World& world, const Topology& topology, const RouteTable& table,
                     const IpAddress& destination) {
  // Of a prefix and a tag that holds the same one, the prefix is taken: the first of equals.
  for (const Route& route : table.routes)
    if (route.prefix.cidr) routes.push_back(user_route(route, *route.prefix.cidr));
  for (const Route& route : table.routes) {
    if (route.prefix.cidr) continue;
    if (const ServiceTag* tag = find_service_tag(topology, route.prefix.tag)) {
      for (const Cidr& prefix : tag->prefixes) routes.push_back(user_route(route, prefix));
    } else if (in_tag(world, topology, route.prefix.tag, destination)) {
      // How long its prefix is, the file does not say either: it is the longest, or it was not in the tag.
      routes.push_back(user_route(route, Cidr{destination}));
    }
  }
}

int length_of_space(const VirtualNetwork& network, const IpAddress& address) {
  int length = 0;
  for (const Cidr& prefix : network.address_prefixes)
    if (prefix.contains(address)) length = std::max(length, prefix.length());
  return length;
}

/// A user route displaces the /32 of an endpoint only where the endpoint's subnet has route policies, and only when it
/// is at least as long as the endpoint's address space (2.8.5, contract 6.10).
bool displaced(const Topology& topology, const NaiveRoute& endpoint, const Routes& routes) {
  const Subnet* subnet = find_subnet(topology, endpoint.endpoint->virtual_network, endpoint.endpoint->subnet);
  if (subnet == nullptr) return false;
  const auto policies = subnet->private_endpoint_network_policies;
  if (policies != PrivateEndpointNetworkPolicies::enabled &&
      policies != PrivateEndpointNetworkPolicies::route_table_enabled)
    return false;
  const int least = length_of_space(*endpoint.network, endpoint.endpoint->private_ip_address);
  return std::ranges::any_of(
      routes, [&](const NaiveRoute& route) { return route.origin == Origin::user && route.prefix.length() >= least; });
}

bool of_the_network(const NaiveRoute& route) {
  return route.origin == Origin::system &&
         (route.hop == Hop::virtual_network || route.hop == Hop::peering || route.hop == Hop::endpoint);
}

}  // namespace

std::optional<NaiveRoute> route_to(World& world, const Topology& topology, const VirtualNetwork& network,
                                   const Subnet* subnet, bool with_user_routes, const IpAddress& destination) {
  // The table of an endpoint's subnet is for its machines, unless policies say that it is for endpoints too.
  const RouteTable* table =
      subnet == nullptr || !with_user_routes ? nullptr : find_route_table(topology, subnet->route_table);
  Routes routes;
  add_system_routes(routes, topology, network);
  if (table == nullptr || !table->disable_bgp_route_propagation) add_gateway_routes(routes, topology, network);
  if (table != nullptr && with_user_routes) add_user_routes(routes, world, topology, *table, destination);
  std::erase_if(routes, [&](const NaiveRoute& route) { return !route.prefix.contains(destination); });

  for (const NaiveRoute& route : Routes{routes})
    if (route.hop == Hop::endpoint && !displaced(topology, route, routes)) return route;
  std::erase_if(routes, [](const NaiveRoute& route) { return route.hop == Hop::endpoint; });

  if (std::ranges::any_of(routes, of_the_network))
    std::erase_if(routes, [](const NaiveRoute& route) { return route.origin == Origin::bgp; });
  const auto replaces_defaults = [](const NaiveRoute& route) {
    return route.origin >= Origin::bgp && route.prefix.length() == 0;
  };
  if (std::ranges::any_of(routes, replaces_defaults))
    std::erase_if(routes, [](const NaiveRoute& route) { return route.origin == Origin::system_default; });

  const NaiveRoute* best = nullptr;
  const auto connected = [](const NaiveRoute& route) {
    return route.connection != nullptr && route.connection->status == ConnectionStatus::connected;
  };
  for (const NaiveRoute& route : routes) {
    const auto worth = [&](const NaiveRoute& one) {
      return std::tuple{one.prefix.length(), one.origin, connected(one),
                        one.connection != nullptr && one.connection->status == ConnectionStatus::unknown,
                        one.express_route};
    };
    if (best == nullptr || worth(route) > worth(*best)) best = &route;
  }
  return best == nullptr ? std::nullopt : std::optional{*best};
}

}  // namespace pgpassage::naive
