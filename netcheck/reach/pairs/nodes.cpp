#include "netcheck/reach/pairs/nodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "netcheck/reach/pairs/division.hpp"
#include "netcheck/reach/walk.hpp"

namespace pgpassage::netcheck {
namespace {

void add(const EffectiveStates& states, Place place, bool single, std::vector<Node>& nodes) {
  Node node;
  node.end = nsg_end(states.topology(), place, span_of(states, place));
  if (place.kind == Place::Kind::in_virtual_network) {
    node.network = states.network(place.virtual_network);
    if (node.network != nullptr) node.subnet = find_subnet(*node.network, place.subnet);
  }
  node.single = single;
  node.place = std::move(place);
  nodes.push_back(std::move(node));
}

Node node_of(const VirtualNetwork& network, const Subnet& subnet) {
  Node node;
  node.place.kind = Place::Kind::in_virtual_network;
  node.place.node = fmt::format("{}/{}", network.name, subnet.name);
  node.place.virtual_network = network.name;
  node.place.subnet = subnet.name;
  node.end = {{subnet.prefixes, false}, {}, false};
  node.network = &network;
  node.subnet = &subnet;
  return node;
}

void add_subnets(const VirtualNetwork& network, const Division& division, std::vector<Node>& nodes) {
  for (const Subnet& subnet : network.subnets) {
    const Node whole = node_of(network, subnet);
    if (!division.divides(subnet)) {
      nodes.push_back(whole);
      continue;
    }
    for (const IpAddress& address : division.parts_of(subnet)) {
      Node& part = nodes.emplace_back(whole);
      part.place.node += " " + address.to_string();
      part.place.address = address;
      part.end.address = span_of(address);
    }
  }
}

void add_servers_and_endpoints(const EffectiveStates& states, std::vector<Node>& nodes) {
  const Topology& topology = states.topology();
  std::unordered_set<const PrivateEndpoint*> shown;
  for (const Server& server : topology.servers) {
    Place place = place_of(topology, server);
    shown.insert(place.endpoint);
    add(states, std::move(place), true, nodes);
  }
  for (const PrivateEndpoint& endpoint : topology.private_endpoints)
    if (!shown.contains(&endpoint)) add(states, place_of(topology, endpoint), true, nodes);
}

bool has_one_prefix(const Node& node) { return node.end.address.prefixes.size() == 1 && !node.end.address.any_public; }

bool before(const Node& one, const Node& other) {
  if (has_one_prefix(one) != has_one_prefix(other)) return has_one_prefix(one);
  if (has_one_prefix(one))
    if (const auto order = one.end.address.prefixes.front() <=> other.end.address.prefixes.front(); order != 0)
      return order < 0;
  return one.name() < other.name();
}

}  // namespace

Nodes nodes_of(const EffectiveStates& states, const std::vector<Cidr>& splits) {
  const Topology& topology = states.topology();
  Nodes nodes;
  const Division division{topology, splits};
  for (const VirtualNetwork& network : topology.virtual_networks) add_subnets(network, division, nodes.all);
  add_servers_and_endpoints(states, nodes.all);
  for (const Host& host : topology.hosts) add(states, place_of(topology, host), true, nodes.all);
  for (const Site& site : topology.sites) {
    Place place;
    place.kind = Place::Kind::at_site;
    place.node = place.site = site.name;
    add(states, std::move(place), false, nodes.all);
  }
  Place internet;
  internet.node = "Internet";
  add(states, std::move(internet), true, nodes.all);
  std::stable_sort(nodes.all.begin(), nodes.all.end(), before);
  std::vector<Cidr> prefixes;
  for (const Node& node : nodes.all)
    if (has_one_prefix(node)) prefixes.push_back(node.end.address.prefixes.front());
  nodes.order = PrefixOrder{prefixes};
  nodes.of_network.resize(topology.virtual_networks.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    if (const VirtualNetwork* network = nodes.all[i].network)
      nodes.of_network[static_cast<std::size_t>(network - topology.virtual_networks.data())].push_back(i);
  return nodes;
}

}  // namespace pgpassage::netcheck
