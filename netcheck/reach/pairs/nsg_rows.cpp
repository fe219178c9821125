#include "netcheck/reach/pairs/nsg_rows.hpp"

namespace pgpassage::netcheck {
namespace {

constexpr std::uint32_t bits = 64;

/// Calls `visit(word index, mask)` for the words that hold the range.
template <class Visit>
void for_words(const IndexRange& range, Visit visit) {
  if (range.empty()) return;
  const std::size_t first = range.first / bits, last = (range.last - 1) / bits;
  const Word head = ~Word{0} << (range.first % bits);
  const Word tail = ~Word{0} >> (bits - 1 - (range.last - 1) % bits);
  if (first == last) return visit(first, head & tail);
  visit(first, head);
  for (std::size_t word = first + 1; word < last; ++word) visit(word, ~Word{0});
  visit(last, tail);
}

/// Every node may be decided by the rules that may match it, and by the first that surely does.
struct Painting {
  std::vector<Word>& undecided;
  std::vector<Word>& reached;  // by a rule of the access at hand

  void certain(const std::vector<IndexRange>& ranges) {
    for (const IndexRange& range : ranges)
      for_words(range, [&](std::size_t word, Word mask) {
        reached[word] |= undecided[word] & mask;
        undecided[word] &= ~mask;
      });
  }
  void possible(const std::vector<IndexRange>& ranges) {
    for (const IndexRange& range : ranges)
      for_words(range, [&](std::size_t word, Word mask) { reached[word] |= undecided[word] & mask; });
  }
  void add(const NodeSet& set, bool surely) {
    possible(set.possible);
    if (surely)
      certain(set.certain);
    else
      possible(set.certain);
  }
};

void add_rule(const NodeSets& sets, const SecurityRule& rule, Direction direction, Protocol protocol, Port port,
              NsgRules& rules) {
  if (rule.direction != direction) return;
  const Match at_endpoint = service_matches(rule, protocol, port, true);
  if (at_endpoint == Match::no) return;
  rules.rules.push_back({rule.access, service_matches(rule, protocol, port, false), at_endpoint,
                         sets.side_of(rule.source_prefixes, rule.source_groups),
                         sets.side_of(rule.destination_prefixes, rule.destination_groups)});
}

const RuleSide& side(const NsgRules::Rule& rule, FixedEnd end) {
  return end == FixedEnd::source ? rule.source : rule.destination;
}

FixedEnd opposite(FixedEnd end) { return end == FixedEnd::source ? FixedEnd::destination : FixedEnd::source; }

}  // namespace

NsgRules rules_of(const NodeSets& sets, const NetworkSecurityGroup& group, Direction direction, Protocol protocol,
                  Port port) {
  NsgRules rules;
  for (const SecurityRule& rule : group.rules) add_rule(sets, rule, direction, protocol, port, rules);
  for (const SecurityRule& rule : default_rules()) add_rule(sets, rule, direction, protocol, port, rules);
  return rules;
}

std::vector<Match> matches_of(const NsgRules& rules, FixedEnd fixed, std::uint32_t node, const TagSets& tags,
                              bool at_private_endpoint) {
  std::vector<Match> matches;
  matches.reserve(rules.rules.size());
  for (const NsgRules::Rule& rule : rules.rules) {
    const Match service = at_private_endpoint ? rule.at_private_endpoint : rule.service;
    matches.push_back(service == Match::no ? service : all_of(service, side(rule, fixed).match(node, tags)));
  }
  return matches;
}

void paint(const NsgRules& rules, FixedEnd fixed, const std::vector<Match>& fixed_matches, const TagSets& tags,
           std::uint32_t nodes, std::vector<Word>& undecided, NsgRow& row) {
  const std::size_t words = (nodes + bits - 1) / bits;
  undecided.assign(words, ~Word{0});
  row.denied.assign(words, 0);
  row.unknown.assign(words, 0);  // holds the nodes that a rule with Allow reaches, until the end
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    if (fixed_matches[i] == Match::no) continue;
    const NsgRules::Rule& rule = rules.rules[i];
    const RuleSide& other = side(rule, opposite(fixed));
    const bool surely = fixed_matches[i] == Match::yes;
    Painting painting{undecided, rule.access == Access::allow ? row.unknown : row.denied};
    painting.add(other.nodes, surely);
    if (other.virtual_network) painting.add(tags.virtual_network, surely);
    if (other.internet) painting.add(tags.internet, surely);
  }
  for (std::size_t word = 0; word < words; ++word) {
    const Word either = row.denied[word] & row.unknown[word];
    row.denied[word] &= ~row.unknown[word];
    row.unknown[word] = either;
  }
}

}  // namespace pgpassage::netcheck
