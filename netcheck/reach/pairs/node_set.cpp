#include "netcheck/reach/pairs/node_set.hpp"

#include <algorithm>
#include <cctype>

namespace pgpassage::netcheck {
namespace {

void merge(std::vector<IndexRange>& ranges) {
  std::erase_if(ranges, [](const IndexRange& range) { return range.empty(); });
  if (ranges.size() < 2) return;
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].first <= ranges[kept].last)
      ranges[kept].last = std::max(ranges[kept].last, ranges[i].last);
    else
      ranges[++kept] = ranges[i];
  }
  ranges.resize(kept + 1);
}

void tidy(NodeSet& set) {
  merge(set.certain);
  merge(set.possible);
}

void add(NodeSet& set, const NodeSet& other) {
  set.certain.insert(set.certain.end(), other.certain.begin(), other.certain.end());
  set.possible.insert(set.possible.end(), other.possible.begin(), other.possible.end());
}

void add(NodeSet& set, std::uint32_t node, Match match) {
  if (match != Match::no) (match == Match::yes ? set.certain : set.possible).push_back({node, node + 1});
}

bool holds(const std::vector<IndexRange>& ranges, std::uint32_t node) {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), node,
                                      [](std::uint32_t value, const IndexRange& range) { return value < range.first; });
  return after != ranges.begin() && node < std::prev(after)->last;
}

bool is_tag(const AddressPrefix& prefix, std::string_view name) {
  return std::equal(prefix.tag.begin(), prefix.tag.end(), name.begin(), name.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
}

}  // namespace

Match NodeSet::match(std::uint32_t node) const {
  if (holds(certain, node)) return Match::yes;
  return holds(possible, node) ? Match::unknown : Match::no;
}

Match RuleSide::match(std::uint32_t node, const TagSets& tags) const {
  Match match = nodes.match(node);
  if (virtual_network && match != Match::yes) match = any_of(match, tags.virtual_network.match(node));
  if (internet && match != Match::yes) match = any_of(match, tags.internet.match(node));
  return match;
}

NodeSets::NodeSets(const Topology& topology, const Nodes& nodes) : topology_{topology}, nodes_{nodes} {
  for (std::uint32_t node = 0; node < nodes.size(); ++node) {
    const NsgEnd& end = nodes.all[node].end;
    if (node >= nodes.order.prefixes().size()) unordered_.push_back(node);
    if (end.groups_known) grouped_.push_back(node);
    if (lies_in_public(end.address) != Match::no) maybe_public_.push_back(node);
  }
}

template <class Decide>
NodeSet NodeSets::decided(const std::vector<std::uint32_t>& nodes, Decide decide) const {
  NodeSet set;
  for (const std::uint32_t node : nodes) add(set, node, decide(nodes_.all[node].end.address));
  return set;
}

NodeSet NodeSets::with_prefixes(const std::vector<Cidr>& prefixes) const {
  NodeSet set;
  std::vector<std::uint32_t> partly = unordered_;
  for (const Cidr& prefix : prefixes) {
    set.certain.push_back(nodes_.order.inside(prefix));
    nodes_.order.around(prefix, [&](std::uint32_t node) { partly.push_back(node); });
  }
  std::sort(partly.begin(), partly.end());
  partly.erase(std::unique(partly.begin(), partly.end()), partly.end());
  // Several prefixes may cover a node together that none of them covers alone.
  add(set, decided(partly, [&](const AddressSpan& address) { return lies_in(address, prefixes); }));
  return set;
}

NodeSet NodeSets::with_tag(const std::string& tag) const {
  const std::lock_guard lock{mutex_};
  auto& known = tags_[tag];
  if (known == nullptr) {
    NodeSet set;
    for (std::uint32_t node = 0; node < nodes_.size(); ++node)
      add(set, node, lies_in_tag(topology_, {}, tag, nodes_.all[node].end.address));
    tidy(set);
    known = std::make_shared<const NodeSet>(std::move(set));
  }
  return *known;
}

NodeSet NodeSets::in_groups(const std::vector<std::string>& groups) const {
  NodeSet set;
  std::uint32_t next = 0;
  for (const std::uint32_t node : grouped_) {
    set.possible.push_back({next, node});
    next = node + 1;
    const std::vector<std::string>& own = nodes_.all[node].end.application_security_groups;
    if (std::find_first_of(own.begin(), own.end(), groups.begin(), groups.end()) != own.end())
      add(set, node, Match::yes);
  }
  set.possible.push_back({next, nodes_.size()});
  return set;
}

RuleSide NodeSets::side_of(const std::vector<AddressPrefix>& prefixes, const std::vector<std::string>& groups) const {
  RuleSide side;
  std::vector<Cidr> cidrs;
  for (const AddressPrefix& prefix : prefixes) {
    if (prefix.cidr)
      cidrs.push_back(*prefix.cidr);
    else if (prefix.tag == "*")
      side.nodes.certain.push_back({0, nodes_.size()});
    else if (is_tag(prefix, "virtualnetwork"))
      side.virtual_network = true;
    else if (is_tag(prefix, "internet"))
      side.internet = true;
    else
      add(side.nodes, with_tag(prefix.tag));
  }
  if (!cidrs.empty()) add(side.nodes, with_prefixes(cidrs));
  if (!groups.empty()) add(side.nodes, in_groups(groups));
  tidy(side.nodes);
  return side;
}

TagSets NodeSets::tags_of(const VirtualNetworkTag& tag) const {
  const auto lies = [&](const char* name) {
    return [this, &tag, name](const AddressSpan& address) { return lies_in_tag(topology_, tag, name, address); };
  };
  TagSets sets;
  sets.internet = decided(maybe_public_, lies("Internet"));
  std::vector<Cidr> prefixes = tag.prefixes;
  if (tag.has_default) prefixes.emplace_back();
  if (tag.has_ipv6_default) prefixes.push_back(*Cidr::parse("::/0"));
  sets.virtual_network = with_prefixes(prefixes);
  // What the prefixes alone do not say: nodes that have several or none, and those behind doubtful routes.
  std::vector<std::uint32_t> others = unordered_;
  for (const Cidr& prefix : tag.doubtful) {
    const IndexRange inside = nodes_.order.inside(prefix);
    for (std::uint32_t node = inside.first; node < inside.last; ++node) others.push_back(node);
    nodes_.order.around(prefix, [&](std::uint32_t node) { others.push_back(node); });
  }
  const auto unordered = [&](const IndexRange& range) { return range.first >= nodes_.order.prefixes().size(); };
  std::erase_if(sets.virtual_network.certain, unordered);
  std::erase_if(sets.virtual_network.possible, unordered);
  add(sets.virtual_network, decided(others, lies("VirtualNetwork")));
  tidy(sets.virtual_network);
  tidy(sets.internet);
  return sets;
}

}  // namespace pgpassage::netcheck
