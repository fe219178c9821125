#pragma once

#include "netcheck/reach/pairs/asked_groups.hpp"
#include "netcheck/reach/pairs/matrix.hpp"
#include "netcheck/reach/pairs/ways.hpp"

/// Everything that the cells of a matrix are made from. Nothing of it changes while they are filled.
namespace pgpassage::netcheck {

struct Estate {
  /// `splits`: where subnets are divided (nodes_of).
  Estate(const Topology& topology, const std::vector<Cidr>& splits, Port port, Protocol protocol, unsigned threads);

  /// The way between two nodes.
  const Way& way(std::uint32_t from, std::uint32_t to) const;
  /// The nodes of the same VNet, itself among them; itself alone outside Azure.
  std::span<const std::uint32_t> neighbours(std::uint32_t node) const;

  const Topology& topology;
  Port port;
  Protocol protocol;
  unsigned threads;
  EffectiveStates states;  ///< for its indexes: threads share the estate, so nothing computes a state in it
  Nodes nodes;
  RouteClasses classes;
  Ways ways;
  AskedGroups groups;
  std::vector<std::vector<std::uint32_t>> members;  ///< nodes by route class
  std::vector<std::uint32_t> indexes;               ///< 0, 1, 2, ...
};

/// For each node, those to which its cells have to be traced one by one.
using SpecialCells = std::vector<std::vector<std::uint32_t>>;

/// Fills in what routes say, and the groups where flows leave and on their way.
SpecialCells fill_leaving(const Estate& estate, Matrix& cells);
/// Adds the groups where flows enter.
void fill_entering(const Estate& estate, Matrix& cells);

/// The row of one group for one node, and the memory to work in.
struct Painter {
  std::uint32_t nodes = 0;
  std::vector<Word> undecided = {};
  NsgRow row = {};

  const NsgRow& paint(const AskedGroup& group, FixedEnd fixed, std::uint32_t node, bool at_private_endpoint) {
    netcheck::paint(*group.rules, fixed, matches_of(*group.rules, fixed, node, *group.tags, at_private_endpoint),
                    *group.tags, nodes, undecided, row);
    return row;
  }
};

}  // namespace pgpassage::netcheck
