#pragma once

#include <unordered_map>
#include <vector>

#include "netcheck/reach/pairs/route_classes.hpp"

/// What routes say about every pair of nodes, and which security groups they lead past.
namespace pgpassage::netcheck {

/// A security group asked on the way, at an appliance.
struct NsgOnTheWay {
  const Subnet* subnet = nullptr;
  Direction direction = Direction::inbound;

  auto operator<=>(const NsgOnTheWay&) const = default;
};

/// The way between two classes of nodes.
struct Way {
  Predicted predicted = Predicted::unknown;  ///< of everything but security groups
  bool leaves_by_subnet = false;             ///< the group of the start's subnet is asked, and so on
  bool leaves_by_interface = false;
  bool enters_by_subnet = false;
  bool enters_by_interface = false;
  bool special = false;              ///< each pair has to be traced by itself
  std::vector<NsgOnTheWay> between;  ///< sorted, each once

  auto operator<=>(const Way&) const = default;
};

/// The distinct ways, and who takes which.
class Ways {
 public:
  Ways(const EffectiveStates& states, const Nodes& nodes, const RouteClasses& classes, Port port, Protocol protocol,
       unsigned threads);

  const std::vector<Way>& all() const { return ways_; }
  /// Indexes into all(), by class of the node where a flow ends: the ways from one class to nodes of other VNets.
  /// `no_way` for a class of which no node lies apart.
  const std::vector<std::uint32_t>& from(std::uint32_t route_class) const { return apart_[route_class]; }
  std::uint32_t near(std::uint32_t from, std::uint32_t to, Nearness nearness) const;

  static constexpr std::uint32_t no_way = 0xffffffff;

 private:
  std::vector<Way> ways_;
  std::vector<std::vector<std::uint32_t>> apart_;
  std::unordered_map<std::uint64_t, std::uint32_t> near_;
};

}  // namespace pgpassage::netcheck
