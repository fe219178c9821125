#pragma once

#include <unordered_map>
#include <vector>

#include "netcheck/reach/pairs/nsg_rows.hpp"

/// The security groups of a topology, compiled once for one port, and what each subnet calls VirtualNetwork.
namespace pgpassage::netcheck {

/// A group asked in one direction at a subnet or at a machine in it; null where there is none.
struct AskedGroup {
  const NsgRules* rules = nullptr;
  const TagSets* tags = nullptr;

  explicit operator bool() const { return rules != nullptr; }
};

class AskedGroups {
 public:
  AskedGroups(const Topology& topology, const Nodes& nodes, Protocol protocol, Port port, unsigned threads);

  AskedGroup of_subnet(const Subnet& subnet, Direction direction) const;
  /// Of the node's network interface.
  AskedGroup of_interface(const Node& node, Direction direction) const;

 private:
  struct Compiled {
    const NetworkSecurityGroup* group = nullptr;
    NsgRules inbound, outbound;
  };
  void use(const std::string& group, const VirtualNetwork& network, const Subnet* subnet);
  AskedGroup asked(const std::string& group, const void* key, Direction direction) const;

  std::unordered_map<std::string_view, const NetworkSecurityGroup*> by_name_;
  std::unordered_map<std::string_view, std::size_t> groups_;  // indexes into compiled_
  std::vector<Compiled> compiled_;
  std::unordered_map<const void*, std::size_t> places_by_key_;  // subnets; indexes into tags_
  std::vector<std::pair<const VirtualNetwork*, const Subnet*>> places_;
  std::vector<TagSets> tags_;
};

}  // namespace pgpassage::netcheck
