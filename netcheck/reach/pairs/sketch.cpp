#include "netcheck/reach/pairs/sketch.hpp"

#include <algorithm>
#include <unordered_set>

#include "netcheck/reach/pairs/landmarks.hpp"

namespace pgpassage::netcheck {
namespace {

using Networks = std::unordered_set<std::string_view>;

// Two of a class, so that one of them can reach another.
constexpr int networks_of_a_class = 2;

Networks kept_networks(const Topology& topology, const Nodes& nodes, const RouteClasses& classes,
                       const std::vector<std::uint32_t>& chosen) {
  Networks kept;
  for (const std::uint32_t index : chosen)
    if (nodes.all[index].network != nullptr) kept.insert(nodes.all[index].network->name);
  std::unordered_map<std::uint32_t, int> seen;
  for (std::size_t i = 0; i < topology.virtual_networks.size(); ++i)
    if (seen[classes.of_network[i]]++ < networks_of_a_class) kept.insert(topology.virtual_networks[i].name);
  return kept;
}

SecurityRule admit_everything(const char* name, Direction direction) {
  SecurityRule rule;
  rule.name = name;
  rule.priority = 100;
  rule.direction = direction;
  rule.access = Access::allow;
  rule.source_prefixes = rule.destination_prefixes = {{std::nullopt, "*"}};
  rule.source_ports = rule.destination_ports = {PortRange{}};
  return rule;
}

NetworkSecurityGroup open_group(std::string name) {
  return {std::move(name),
          {admit_everything(inbound_rule + 1, Direction::inbound),
           admit_everything(outbound_rule + 1, Direction::outbound)},
          {}};
}

void add_networks(const Topology& topology, const Networks& kept, Sketch& sketch) {
  for (const VirtualNetwork& network : topology.virtual_networks) {
    if (!kept.contains(network.name)) continue;
    VirtualNetwork& copy = sketch.topology.virtual_networks.emplace_back();
    copy.name = network.name;
    copy.azure_location = network.azure_location;
    copy.address_prefixes = network.address_prefixes;
    copy.dns_servers = network.dns_servers;
    copy.subnets = network.subnets;
    copy.location = network.location;
    for (const Peering& peering : network.peerings)
      if (kept.contains(peering.remote_virtual_network)) copy.peerings.push_back(peering);
    for (std::size_t i = 0; i < copy.subnets.size(); ++i) {
      if (copy.subnets[i].network_security_group.empty()) continue;
      copy.subnets[i].network_security_group = "subnet " + network.name + " " + copy.subnets[i].name;
      sketch.subnets.emplace(copy.subnets[i].network_security_group, &network.subnets[i]);
      sketch.topology.network_security_groups.push_back(open_group(copy.subnets[i].network_security_group));
    }
  }
}

// A route to a part of a VNet that is left out leads nowhere that anybody asks for.
bool leads_to_kept(const Route& route, const PrefixOrder& left_out) {
  if (!route.prefix.cidr) return true;
  bool inside = false;
  left_out.around(*route.prefix.cidr, [&](std::uint32_t) { inside = true; });
  return !inside && !std::binary_search(left_out.prefixes().begin(), left_out.prefixes().end(), *route.prefix.cidr);
}

PrefixOrder left_out_prefixes(const Topology& topology, const Networks& kept) {
  std::vector<Cidr> prefixes;
  for (const VirtualNetwork& network : topology.virtual_networks)
    if (!kept.contains(network.name))
      prefixes.insert(prefixes.end(), network.address_prefixes.begin(), network.address_prefixes.end());
  std::sort(prefixes.begin(), prefixes.end());
  return PrefixOrder{prefixes};
}

void add_route_tables(const Topology& topology, const Networks& kept, Sketch& sketch) {
  std::unordered_set<std::string_view> used;
  for (const VirtualNetwork& network : sketch.topology.virtual_networks)
    for (const Subnet& subnet : network.subnets) used.insert(subnet.route_table);
  const PrefixOrder left_out = left_out_prefixes(topology, kept);
  for (const RouteTable& table : topology.route_tables) {
    if (!used.contains(table.name)) continue;
    RouteTable& copy = sketch.topology.route_tables.emplace_back();
    copy.name = table.name;
    copy.disable_bgp_route_propagation = table.disable_bgp_route_propagation;
    copy.location = table.location;
    for (const Route& route : table.routes)
      if (leads_to_kept(route, left_out)) copy.routes.push_back(route);
  }
}

void add_others(const Topology& topology, const Networks& kept, Topology& sketch) {
  sketch.name = topology.name;
  sketch.edition = topology.edition;
  sketch.application_security_groups = topology.application_security_groups;
  sketch.service_tags = topology.service_tags;
  sketch.network_groups = topology.network_groups;
  sketch.security_admin_configurations = topology.security_admin_configurations;
  sketch.network_appliances = topology.network_appliances;
  sketch.virtual_network_gateways = topology.virtual_network_gateways;
  sketch.sites = topology.sites;
  sketch.servers = topology.servers;
  sketch.hosts = topology.hosts;
  for (const PrivateEndpoint& endpoint : topology.private_endpoints)
    if (kept.contains(endpoint.virtual_network)) sketch.private_endpoints.push_back(endpoint);
}

void add_place(const Node& node, std::uint32_t index, Sketch& sketch) {
  Place place = node.place;
  if (place.server != nullptr) place.server = find_server(sketch.topology, place.server->name);
  if (place.endpoint != nullptr) {
    const auto& endpoints = sketch.topology.private_endpoints;
    place.endpoint = &*std::find_if(endpoints.begin(), endpoints.end(),
                                    [&](const auto& endpoint) { return endpoint.name == place.endpoint->name; });
  }
  if (!place.network_security_group.empty()) place.network_security_group = machine_group;
  sketch.places.emplace(index, std::move(place));
}

}  // namespace

Sketch sketch_of(const Topology& topology, const Nodes& nodes, const RouteClasses& classes,
                 const std::vector<std::uint32_t>& chosen) {
  const Networks kept = kept_networks(topology, nodes, classes, chosen);
  Sketch sketch;
  add_networks(topology, kept, sketch);
  add_route_tables(topology, kept, sketch);
  add_others(topology, kept, sketch.topology);
  sketch.topology.network_security_groups.push_back(open_group(machine_group));
  for (const std::uint32_t index : chosen) add_place(nodes.all[index], index, sketch);
  return sketch;
}

}  // namespace pgpassage::netcheck
