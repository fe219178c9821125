#pragma once

#include <optional>
#include <string>
#include <vector>

#include "netcheck/reach/pairs/reach_matrix.hpp"

/// Which flows a change of a topology opens or closes.
namespace pgpassage::netcheck {

/// What became of one flow: of single addresses where a change divides a subnet.
enum class FlowChange { opens, closes, becomes_unknown, becomes_allowed, becomes_denied };

const char* to_string(FlowChange value);  ///< "opens", "becomesUnknown"

/// What decides a flow in one of the two files.
struct Decider {
  std::optional<Predicted> predicted;  ///< absent: the file has no such node
  Hop hop;                             ///< the one that decides; empty when `predicted` is absent
};

/// One flow of a group, for a person to look at.
struct Witness {
  std::string from;  ///< node
  std::string to;
  std::string from_address;  ///< one for which it holds; empty when the file gives none
  std::string to_address;
  Decider before;
  Decider after;
};

/// Flows from each of `from` to each of `to` that all changed alike.
struct ChangedFlows {
  FlowChange change = FlowChange::opens;
  std::vector<std::string> from;  ///< names of nodes
  std::vector<std::string> to;
  Witness witness;
};

struct ReachDiff {
  std::vector<ChangedFlows> changes;  ///< by kind of change, then in the order of the nodes
  std::vector<std::string> added;     ///< nodes that only the new file has
  std::vector<std::string> removed;
  std::uint64_t unknown_in_both = 0;  ///< flows that neither file decides
};

/// Compares every pair of nodes of either file on one port. Subnets are divided wherever a rule or route that the files
/// do not share ends inside them, so that a change for some addresses is found too. A node that one file lacks reaches
/// nobody there. Complete: a flow that both files decide, and differently, is in exactly one group.
ReachDiff reach_diff(const Topology& before, const Topology& after, Port port, Protocol protocol = Protocol::tcp);

/// The prefixes in security and admin rules, route tables, tags, sites, learned routes and authorized networks that are
/// not the same in both, and those that decide about a machine or subnet which wears another security group, route
/// table or application security group, or which only one of them has.
std::vector<Cidr> changed_prefixes(const Topology& before, const Topology& after);

}  // namespace pgpassage::netcheck
