#include "netcheck/reach/pairs/estate.hpp"

#include <numeric>

namespace pgpassage::netcheck {

Estate::Estate(const Topology& the_topology, const std::vector<Cidr>& splits, Port the_port, Protocol the_protocol,
               unsigned the_threads)
    : topology{the_topology},
      port{the_port},
      protocol{the_protocol},
      threads{the_threads},
      states{topology},
      nodes{nodes_of(states, splits)},
      classes{route_classes_of(topology, nodes)},
      ways{states, nodes, classes, port, protocol, threads},
      groups{topology, nodes, protocol, port, threads},
      members(classes.count),
      indexes(nodes.size()) {
  std::iota(indexes.begin(), indexes.end(), 0u);
  for (const std::uint32_t node : indexes) members[classes.of_node[node]].push_back(node);
}

const Way& Estate::way(std::uint32_t from, std::uint32_t to) const {
  const Nearness nearness = nearness_of(nodes.all[from], nodes.all[to]);
  const std::uint32_t one = classes.of_node[from], other = classes.of_node[to];
  return ways.all()[nearness == Nearness::apart ? ways.from(one)[other] : ways.near(one, other, nearness)];
}

std::span<const std::uint32_t> Estate::neighbours(std::uint32_t node) const {
  const VirtualNetwork* network = nodes.all[node].network;
  if (network == nullptr) return {&indexes[node], 1};
  return nodes.of_network[static_cast<std::size_t>(network - topology.virtual_networks.data())];
}

}  // namespace pgpassage::netcheck
