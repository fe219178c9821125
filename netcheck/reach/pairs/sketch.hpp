#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "netcheck/reach/pairs/route_classes.hpp"

/// A small network that routes like a large one.
namespace pgpassage::netcheck {

/// The topology with a few VNets of each class, and with security groups that admit everything and are named for where
/// they stand: what a walk asks there is known by its hops, and answered for the real groups by others.
struct Sketch {
  Topology topology;
  std::unordered_map<std::string, const Subnet*> subnets;  ///< by name of their group in the sketch; real subnets
  std::unordered_map<std::uint32_t, Place> places;  ///< of the chosen nodes, by index; they refer into `topology`
};

/// `chosen`: indexes of the nodes between which walks will be asked for.
Sketch sketch_of(const Topology& topology, const Nodes& nodes, const RouteClasses& classes,
                 const std::vector<std::uint32_t>& chosen);

/// Names of the groups in a sketch, and of their two rules.
inline constexpr const char* machine_group = "machine";
inline constexpr const char* inbound_rule = "/in";
inline constexpr const char* outbound_rule = "/out";

}  // namespace pgpassage::netcheck
