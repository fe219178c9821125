#pragma once

#include <string>
#include <vector>

#include "netcheck/reach/nsg.hpp"
#include "netcheck/reach/pairs/prefix_order.hpp"

/// The nodes between which `check --all-pairs` tells who reaches whom.
namespace pgpassage::netcheck {

/// A subnet ("vnet/subnet", any address of it) or a part of one ("vnet/subnet 10.1.1.4", whose addresses all behave as
/// that one), a site, a server, a host, a private endpoint whose server is not such
/// a node already, or the Internet.
struct Node {
  Place place;
  NsgEnd end;                               ///< as security groups see it inside Azure
  const VirtualNetwork* network = nullptr;  ///< null outside Azure
  const Subnet* subnet = nullptr;
  bool single = false;  ///< one machine, or the Internet: it has no flow to itself

  const std::string& name() const { return place.node; }
};

struct Nodes {
  /// First the nodes with exactly one prefix, by that prefix and then by name; then the others by name.
  std::vector<Node> all;
  PrefixOrder order;                                   ///< of the nodes with one prefix; the same indexes
  std::vector<std::vector<std::uint32_t>> of_network;  ///< the nodes in each VNet of the topology, in its order

  std::uint32_t size() const { return static_cast<std::uint32_t>(all.size()); }
};

/// Every node of the file, in the order of the matrix. They refer into the topology of `states`. A subnet that holds
/// some of `splits` is divided: one node for each set of its addresses that no split tells apart, without the addresses
/// of machines.
Nodes nodes_of(const EffectiveStates& states, const std::vector<Cidr>& splits);

}  // namespace pgpassage::netcheck
