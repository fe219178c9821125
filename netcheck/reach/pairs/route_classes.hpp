#pragma once

#include <vector>

#include "netcheck/reach/pairs/nodes.hpp"

/// Nodes that routes, peerings, gateways and sites cannot tell apart. Security groups are left out: they are asked node
/// by node (nsg_rows.hpp).
namespace pgpassage::netcheck {

/// How two nodes lie to each other.
enum class Nearness : std::uint8_t { apart, same_network, same_subnet };

Nearness nearness_of(const Node& one, const Node& other);

/// Two nodes are in one class when exchanging them, together with their VNets, changes nothing that a walk looks at:
/// their VNets have the same peerings with the same VNets, hold nothing that others refer to (gateways, appliances),
/// overlap nobody; their subnets have route tables that say the same; and every prefix that the file names outside
/// security groups (routes, tags, sites and their rules) holds both or neither. A machine is its own class.
struct RouteClasses {
  std::vector<std::uint32_t> of_node;     ///< by index of node
  std::vector<std::uint32_t> of_network;  ///< by index of VNet: VNets of one class change places with their nodes
  std::uint32_t count = 0;                ///< of classes of nodes
};

RouteClasses route_classes_of(const Topology& topology, const Nodes& nodes);

}  // namespace pgpassage::netcheck
