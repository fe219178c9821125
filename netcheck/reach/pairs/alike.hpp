#pragma once

#include <optional>
#include <vector>

#include "netcheck/reach/pairs/reach_matrix.hpp"

/// A matrix in short: nodes that behave alike.
namespace pgpassage::netcheck {

/// Two nodes are alike when every node of another VNet has the same cells with both, and each has the same cells with
/// the nodes of its own VNet.
struct AlikeClasses {
  std::vector<std::vector<std::uint32_t>> members;  ///< indexes of nodes, ascending; classes by their first member
  std::vector<std::uint32_t> of_node;
};

AlikeClasses alike_classes_of(const Topology& topology, const ReachMatrix& reach);

/// What the nodes of one class can do to those of another; absent: no two of them lie so. `mixed`: not all the same.
struct ClassCell {
  std::optional<Cell> apart;         ///< in different VNets, or outside Azure
  std::optional<Cell> same_network;  ///< in one VNet
  bool mixed = false;
};

/// The cells from one class to all classes, in their order.
std::vector<ClassCell> cells_from(const ReachMatrix& reach, const AlikeClasses& classes, std::uint32_t from);

}  // namespace pgpassage::netcheck
