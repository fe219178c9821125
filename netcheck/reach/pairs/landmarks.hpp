#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "netcheck/reach/pairs/prefix_order.hpp"
#include "netcheck/topology/topology.hpp"

/// The prefixes of a file that tell addresses apart on their way, and where a place lies among them.
namespace pgpassage::netcheck {

/// Every prefix outside security groups and VNets: of routes, service tags, admin rules and sites with their own rules,
/// and the addresses of machines outside Azure.
/// A user route to a part of one VNet is told by what it does there, relative to the VNet, so that VNets for which the
/// same routes exist look the same. Refers into the topology.
class Landmarks {
 public:
  explicit Landmarks(const Topology& topology);

  /// Equal texts for prefixes that lie alike among the landmarks. `network`: whose routes `prefix` may be told by.
  std::string around(const Cidr& prefix, const VirtualNetwork* network) const;
  /// The user routes to parts of this VNet, relative to it.
  std::string routes_into(const VirtualNetwork& network) const;
  /// What a subnet's route table says; relative to the VNet when only its own subnets use the table.
  std::string table_of(const VirtualNetwork& network, const Subnet& subnet) const;
  /// Does the VNet share addresses with another one?
  bool overlaps(const VirtualNetwork& network) const { return overlapping_.contains(&network); }

 private:
  struct RouteInto {
    const RouteTable* table;
    const Route* route;
    Cidr prefix;
  };
  void find_overlaps(const Topology& topology);
  void add_routes(const RouteTable& table, std::vector<Cidr>& prefixes);
  void find_users(const Topology& topology);
  bool only_for(const RouteTable& table, const VirtualNetwork& network) const;
  std::string name_of(const RouteTable& table, const VirtualNetwork& network) const;

  PrefixOrder order_;
  PrefixOrder network_order_;
  std::vector<const VirtualNetwork*> network_owners_;  // by index in network_order_
  std::unordered_set<const VirtualNetwork*> overlapping_;
  std::unordered_map<const VirtualNetwork*, std::vector<RouteInto>> routes_into_;
  std::unordered_map<std::string, const VirtualNetwork*> sole_user_;  // by name of route table; null: several
  std::unordered_map<std::string, const RouteTable*> tables_;
};

}  // namespace pgpassage::netcheck
