#pragma once

#include <vector>

#include "netcheck/reach/pairs/matrix.hpp"
#include "netcheck/reach/pairs/node_set.hpp"

/// One network security group asked about one node and all others at once.
namespace pgpassage::netcheck {

/// The rules of one direction that can match the protocol and the port, with the default rules.
struct NsgRules {
  struct Rule {
    Access access = Access::deny;
    Match service = Match::yes;              ///< of protocol and ports
    Match at_private_endpoint = Match::yes;  ///< the same without the source ports
    RuleSide source;
    RuleSide destination;
  };
  std::vector<Rule> rules;
};

NsgRules rules_of(const NodeSets& sets, const NetworkSecurityGroup& group, Direction direction, Protocol protocol,
                  Port port);

/// The side of a flow on which the one node is; all the others are on the other side.
enum class FixedEnd : std::uint8_t { source, destination };

/// Where the fixed node matches each rule, in the order of the rules: nodes with equal matches have equal rows.
std::vector<Match> matches_of(const NsgRules& rules, FixedEnd fixed, std::uint32_t node, const TagSets& tags,
                              bool at_private_endpoint);

/// What evaluate() says for each node at the other end: one bit each for denied and for unknown.
struct NsgRow {
  std::vector<Word> denied;
  std::vector<Word> unknown;
};

/// `undecided` is working memory, kept by the caller between calls.
void paint(const NsgRules& rules, FixedEnd fixed, const std::vector<Match>& fixed_matches, const TagSets& tags,
           std::uint32_t nodes, std::vector<Word>& undecided, NsgRow& row);

}  // namespace pgpassage::netcheck
