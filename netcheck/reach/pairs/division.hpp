#pragma once

#include <set>
#include <vector>

#include "netcheck/reach/pairs/prefix_order.hpp"
#include "netcheck/topology/topology.hpp"

namespace pgpassage::netcheck {

/// Divides subnets where prefixes of rules and routes end inside them.
class Division {
 public:
  Division(const Topology& topology, std::vector<Cidr> splits);

  bool divides(const Subnet& subnet) const;
  /// One address of each part, ascending: the first that Azure does not keep for itself and that no machine has. A part
  /// without such an address is left out.
  std::vector<IpAddress> parts_of(const Subnet& subnet) const;

 private:
  std::optional<IpAddress> address_in(const Cidr& part, const Cidr& whole) const;

  PrefixOrder splits_;
  std::set<IpAddress> taken_;
};

}  // namespace pgpassage::netcheck
