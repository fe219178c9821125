#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "netcheck/reach/pairs/nodes.hpp"

namespace pgpassage::netcheck {

/// Which nodes one side of a rule speaks of, as ranges of indexes: `certain` where the whole node lies in it,
/// `possible` where a part does, or where the file cannot decide. A node in both is certain. Each list is sorted,
/// without overlap.
struct NodeSet {
  std::vector<IndexRange> certain;
  std::vector<IndexRange> possible;

  Match match(std::uint32_t node) const;
};

/// What the tags VirtualNetwork and Internet are to one subnet.
struct TagSets {
  NodeSet virtual_network;
  NodeSet internet;
};

/// One side of a security rule. The two tags differ from subnet to subnet, and are filled in when it is asked.
struct RuleSide {
  NodeSet nodes;
  bool virtual_network = false;
  bool internet = false;

  Match match(std::uint32_t node, const TagSets& tags) const;
};

/// Compiles sides of rules for the nodes of one topology: exactly what end_matches() says of each node, found by
/// ranges. Both arguments must outlive it. Threads may share one.
class NodeSets {
 public:
  NodeSets(const Topology& topology, const Nodes& nodes);

  RuleSide side_of(const std::vector<AddressPrefix>& prefixes, const std::vector<std::string>& groups) const;
  TagSets tags_of(const VirtualNetworkTag& tag) const;

 private:
  NodeSet with_prefixes(const std::vector<Cidr>& prefixes) const;
  NodeSet with_tag(const std::string& tag) const;
  NodeSet in_groups(const std::vector<std::string>& groups) const;
  template <class Decide>
  NodeSet decided(const std::vector<std::uint32_t>& nodes, Decide decide) const;

  const Topology& topology_;
  const Nodes& nodes_;
  std::vector<std::uint32_t> unordered_;     // nodes with several prefixes, or none
  std::vector<std::uint32_t> grouped_;       // nodes whose application security groups are known
  std::vector<std::uint32_t> maybe_public_;  // nodes that are not all private
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<const NodeSet>> tags_;
};

}  // namespace pgpassage::netcheck
