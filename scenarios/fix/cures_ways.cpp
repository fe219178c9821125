#include <algorithm>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/connection.hpp"
#include "scenarios/fix/cures.hpp"

namespace pgpassage::scenarios::fix {
namespace {

using netcheck::Hop;
using netcheck::HopKind;
using netcheck::Leg;
using netcheck::Place;
namespace cause = netcheck::cause;
using Changes = std::vector<Change>;

bool overlap(const VirtualNetwork& one, const VirtualNetwork& other) {
  return std::ranges::any_of(one.address_prefixes, [&](const Cidr& prefix) {
    return std::ranges::any_of(other.address_prefixes, [&](const Cidr& with) { return prefix.overlaps(with); });
  });
}

/// Azure refuses a peering of networks that use the same addresses.
void add_peering(Changes& changes, const VirtualNetwork* one, const VirtualNetwork* other, bool transit = false) {
  if (one != nullptr && other != nullptr && one != other && !overlap(*one, *other))
    changes.push_back(peer(*one, *other, transit));
}

struct Link {
  const VirtualNetwork* network = nullptr;
  const Peering* peering = nullptr;
};

Link link_of(const Topology& topology, const Hop& hop) {
  const auto [network_name, name] = split(hop.by, "/");
  const VirtualNetwork* network = find_virtual_network(topology, network_name);
  if (network == nullptr) return {};
  const auto found = std::ranges::find(network->peerings, name, &Peering::name);
  return {network, found == network->peerings.end() ? nullptr : &*found};
}

Changes cures_of_peering(const Way& way, const Hop& hop) {
  const Topology& topology = way.topology();
  Changes changes;
  if (hop.cause == cause::peering_missing) {
    const auto [near, far] = split(hop.by, " -> ");
    add_peering(changes, find_virtual_network(topology, near), find_virtual_network(topology, far));
    return changes;
  }
  const Link link = link_of(topology, hop);
  if (link.peering == nullptr) return {};
  if (hop.cause == cause::forwarded_traffic_off)
    return {set_peering_flag(*link.network, *link.peering, "allowForwardedTraffic")};
  if (hop.cause == cause::peering_access_off)
    return {set_peering_flag(*link.network, *link.peering, "allowVirtualNetworkAccess")};
  add_peering(changes, link.network, find_virtual_network(topology, link.peering->remote_virtual_network));
  return changes;
}

/// The end of the leg that the hop belongs to, and the prefixes that lead there.
const Place& end_of(const Way& way, const Hop& hop) { return hop.leg == Leg::there ? way.to : way.from; }

std::vector<Cidr> prefixes_of_end(const Way& way, const Hop& hop) {
  return hop.leg == Leg::there ? destination_prefixes(way.topology(), way.to)
                               : source_prefixes(way.topology(), way.from, false);
}

const Site* site_of(const Way& way) {
  const Topology& topology = way.topology();
  const Site* site = find_site(topology, way.to.site);
  return site != nullptr ? site : find_site(topology, way.from.site);
}

/// The subnet where a hop stands; several networks may have one of that name.
struct Spot {
  const VirtualNetwork* network = nullptr;
  const Subnet* subnet = nullptr;
};

Spot spot_of(const Way& way, const Hop& hop, const RouteTable* table) {
  const Site* site = site_of(way);
  if (hop.at == "GatewaySubnet" && site != nullptr)
    for (const netcheck::GatewayWay& gateway : netcheck::ways_from(way.topology(), *site))
      if (const Subnet* subnet = find_subnet(*gateway.network, hop.at)) return {gateway.network, subnet};
  Spot spot;
  for (const VirtualNetwork& network : way.topology().virtual_networks)
    for (const Subnet& subnet : network.subnets) {
      if (subnet.name != hop.at || (table != nullptr && subnet.route_table != table->name)) continue;
      const bool nearer = network.name == way.from.virtual_network || network.name == way.to.virtual_network;
      if (spot.subnet == nullptr || nearer) spot = {&network, &subnet};
    }
  return spot;
}

bool uses_vpn(const Topology& topology, const VirtualNetwork& network) {
  const auto ways = netcheck::gateway_ways(topology, network);
  return !ways.empty() && ways.front().gateway->type == GatewayType::vpn;
}

/// A route for the flow alone, which goes before a wider one.
void add_exact_route(Changes& changes, const Way& way, const Hop& hop, const Spot& spot, NextHopType next_hop,
                     std::optional<IpAddress> appliance = std::nullopt) {
  const std::vector<Cidr> prefixes = prefixes_of_end(way, hop);
  if (spot.subnet == nullptr || prefixes.empty()) return;
  const RouteTable* table = find_route_table(way.topology(), spot.subnet->route_table);
  Route route;
  route.name = "to-" + end_of(way, hop).node;
  route.prefix.cidr = prefixes.front();
  route.next_hop_type = next_hop;
  route.next_hop_ip_address = appliance;
  std::ranges::replace(route.name, '/', '-');
  if (table != nullptr)
    for (const Route& other : table->routes)
      if (other.prefix.cidr == route.prefix.cidr || other.name == route.name) return;
  changes.push_back(add_route(spot.network->name, *spot.subnet, table, route));
}

/// A connection from the gateway at hand: of the network where the way ends, of the flow's own, or of one peered with
/// it. Else the gateway of a network that has a connection is used by transit.
void add_connections(Changes& changes, const Way& way, const Hop& hop, const Site& site) {
  const Topology& topology = way.topology();
  const VirtualNetwork* at = find_virtual_network(topology, hop.at);
  const Place& inside = way.to.kind == Place::Kind::in_virtual_network ? way.to : way.from;
  const VirtualNetwork* own = find_virtual_network(topology, inside.virtual_network);
  const auto add_of = [&](auto chosen) {
    for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways)
      if (chosen(gateway.virtual_network)) changes.push_back(add_connection(gateway, site));
  };
  if (at != nullptr) add_of([&](const std::string& name) { return name == at->name; });
  if (own != nullptr && own != at) add_of([&](const std::string& name) { return name == own->name; });
  if (own != nullptr)
    add_of([&](const std::string& name) { return (at == nullptr || name != at->name) && find_peering(*own, name); });
  if (own == nullptr || netcheck::has_gateway(topology, *own)) return;
  for (const netcheck::GatewayWay& hub : netcheck::ways_from(topology, site))
    add_peering(changes, own, hub.network, true);
}

bool inside(const Site& site, const Cidr& prefix) {
  return std::ranges::any_of(site.address_prefixes, [&](const Cidr& whole) { return whole.contains(prefix); });
}

Changes cures_of_gateway(const Way& way, const Hop& hop) {
  const Topology& topology = way.topology();
  Changes changes;
  const auto [name, part] = split(hop.by, "/");
  const Site* site = site_of(way);
  if (hop.cause == cause::remote_gateway_off || hop.cause == cause::gateway_transit_off) {
    const Link link = link_of(topology, hop);
    const char* flag = hop.cause == cause::remote_gateway_off ? "useRemoteGateways" : "allowGatewayTransit";
    if (link.peering != nullptr) changes.push_back(set_peering_flag(*link.network, *link.peering, flag));
  } else if (hop.cause == cause::connection_not_connected) {
    for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways)
      for (const GatewayConnection& connection : gateway.connections)
        if (gateway.name == name && connection.name == part) changes.push_back(connect(gateway, connection));
  } else if (hop.cause == cause::gateway_routes_disabled) {
    const RouteTable* table = find_route_table(topology, name);
    const Spot spot = spot_of(way, hop, table);
    if (spot.network != nullptr && uses_vpn(topology, *spot.network))
      add_exact_route(changes, way, hop, spot, NextHopType::virtual_network_gateway);
    if (table != nullptr) changes.push_back(propagate_gateway_routes(*table));
  } else if (hop.cause == cause::prefix_not_behind_gateway && site != nullptr) {
    const std::vector<Cidr> prefixes = prefixes_of_end(way, hop);
    changes = cures_of_learned_routes(way, *site, prefixes);
    for (const Cidr& prefix : prefixes)
      if (!inside(*site, prefix)) changes.push_back(add_site_prefix(*site, prefix));
  } else if ((hop.cause == cause::no_gateway || hop.cause == cause::no_connection) && site != nullptr) {
    add_connections(changes, way, hop, *site);
  }
  return changes;
}

const NetworkAppliance* appliance_at(const Topology& topology, const std::optional<IpAddress>& address) {
  const auto found = std::ranges::find_if(topology.network_appliances,
                                          [&](const auto& appliance) { return appliance.ip_address == address; });
  return found == topology.network_appliances.end() ? nullptr : &*found;
}

/// What a dropping route has to leave out: the end alone, else the subnet that it is in.
std::vector<Cidr> holes_for(const Way& way, const Hop& hop) {
  const std::vector<Cidr> exact = prefixes_of_end(way, hop);
  if (exact.size() != 1) return {};
  std::vector<Cidr> holes{exact.front()};
  const Place& end = end_of(way, hop);
  if (const Subnet* subnet = find_subnet(way.topology(), end.virtual_network, end.subnet))
    for (const Cidr& prefix : subnet->prefixes)
      if (prefix.contains(exact.front()) && prefix != exact.front()) holes.push_back(prefix);
  return holes;
}

/// A user route stops the flow: one for the flow alone goes before it, where Azure has such a next hop; else it goes.
Changes cures_of_user_route(const Way& way, const Hop& hop, const RouteTable& table, const Route& route) {
  const Topology& topology = way.topology();
  const Spot spot = spot_of(way, hop, &table);
  const Place& end = end_of(way, hop);
  Changes changes;
  if (hop.cause == cause::next_hop_not_reachable && spot.network != nullptr)
    if (const NetworkAppliance* appliance = appliance_at(topology, route.next_hop_ip_address))
      add_peering(changes, spot.network, find_virtual_network(topology, appliance->virtual_network));
  const bool global = end.address && end.address->global();
  if (global)
    add_exact_route(changes, way, hop, spot, NextHopType::internet);
  else if (spot.network != nullptr && end.virtual_network == spot.network->name)
    add_exact_route(changes, way, hop, spot, NextHopType::vnet_local);
  else if (!end.site.empty() && spot.network != nullptr && uses_vpn(topology, *spot.network))
    add_exact_route(changes, way, hop, spot, NextHopType::virtual_network_gateway);
  for (const Cidr& hole : holes_for(way, hop))
    if (auto cut = route.prefix.cidr ? cut_route(table, route, hole) : std::nullopt) changes.push_back(*std::move(cut));
  changes.push_back(remove_route(table, route));
  return changes;
}

/// The last appliance on the way there: answers have to pass it too.
const NetworkAppliance* last_appliance(const Topology& topology, const netcheck::Trace& trace) {
  const NetworkAppliance* last = nullptr;
  for (const Hop& hop : trace.hops)
    for (const NetworkAppliance& appliance : topology.network_appliances)
      if (hop.leg == Leg::there && hop.kind == HopKind::appliance && hop.by == appliance.name) last = &appliance;
  return last;
}

Changes cures_of_route(const Way& way, const netcheck::Trace& trace, const Hop& hop) {
  const Topology& topology = way.topology();
  Changes changes;
  if (hop.cause == cause::site_has_no_route || hop.cause == cause::site_has_no_return_route) {
    if (const Site* site = find_site(topology, hop.at))
      for (const Cidr& prefix : prefixes_of_end(way, hop)) changes.push_back(add_site_route(*site, prefix));
    return changes;
  }
  if (hop.cause == cause::no_return_route) {
    if (const NetworkAppliance* appliance = last_appliance(topology, trace))
      add_exact_route(changes, way, hop, spot_of(way, hop, nullptr), NextHopType::virtual_appliance,
                      appliance->ip_address);
    return changes;
  }
  const auto [table_name, route_name] = split(hop.by, "/");
  const RouteTable* table = find_route_table(topology, table_name);
  if (table == nullptr) return {};
  const auto route = std::ranges::find(table->routes, route_name, &Route::name);
  return route == table->routes.end() ? Changes{} : cures_of_user_route(way, hop, *table, *route);
}

bool passed_there(const netcheck::Trace& trace, const NetworkAppliance& appliance) {
  return std::ranges::any_of(trace.hops, [&](const Hop& hop) {
    return hop.leg == Leg::there && hop.kind == HopKind::appliance && hop.by == appliance.name;
  });
}

Changes cures_of_appliance(const Way& way, const netcheck::Trace& trace, const Hop& hop) {
  const Topology& topology = way.topology();
  const auto appliance = std::ranges::find(topology.network_appliances, hop.by, &NetworkAppliance::name);
  if (appliance == topology.network_appliances.end()) return {};
  if (hop.cause == cause::appliance_does_not_forward) {
    Changes changes;
    if (!appliance->enable_ip_forwarding) changes.push_back(forward_in_azure(*appliance));
    if (appliance->forwards) return changes;
    const auto sources = source_prefixes(topology, way.from, false);
    const auto destinations = destination_prefixes(topology, way.to);
    changes.push_back(
        forward_itself(*appliance, {way.from.node, way.to.node, sources, destinations, way.port, way.protocol}));
    return changes;
  }
  if (hop.cause != cause::asymmetric_return) return {};
  // The leg that misses the appliance gets a route through it.
  Hop missing = hop;
  missing.leg = passed_there(trace, *appliance) ? Leg::back : Leg::there;
  const Place& start = missing.leg == Leg::back ? way.to : way.from;
  missing.at = start.kind == Place::Kind::at_site ? "GatewaySubnet" : start.subnet;
  Changes changes;
  add_exact_route(changes, way, missing, spot_of(way, missing, nullptr), NextHopType::virtual_appliance,
                  appliance->ip_address);
  return changes;
}

}  // namespace

std::vector<Change> cures_of(const Way& way, const netcheck::Trace& trace, const Hop& hop) {
  switch (hop.kind) {
    case HopKind::peering: return cures_of_peering(way, hop);
    case HopKind::gateway: return cures_of_gateway(way, hop);
    case HopKind::route: return cures_of_route(way, trace, hop);
    case HopKind::appliance: return cures_of_appliance(way, trace, hop);
    case HopKind::nsg:
    case HopKind::endpoint:
    case HopKind::firewall: return cures_of_filter(way, hop);
    case HopKind::name: return {};
  }
  return {};
}

}  // namespace pgpassage::scenarios::fix
