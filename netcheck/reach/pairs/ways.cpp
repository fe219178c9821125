#include "netcheck/reach/pairs/ways.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>

#include "netcheck/base/in_parallel.hpp"
#include "netcheck/reach/locate.hpp"
#include "netcheck/reach/pairs/sketch.hpp"
#include "netcheck/reach/walk.hpp"

namespace pgpassage::netcheck {
namespace {

/// Two nodes that stand for their classes.
struct Example {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

using Members = std::vector<std::vector<std::uint32_t>>;  // of each class: the first, and the first of another VNet

Members members_of(const Nodes& nodes, const RouteClasses& classes) {
  Members members(classes.count);
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    auto& some = members[classes.of_node[i]];
    if (some.empty() || (some.size() == 1 && nodes.all[some.front()].network != nodes.all[i].network))
      some.push_back(i);
  }
  return members;
}

std::optional<Example> apart(const Nodes& nodes, const std::vector<std::uint32_t>& from,
                             const std::vector<std::uint32_t>& to) {
  for (const std::uint32_t one : from)
    for (const std::uint32_t other : to)
      if (nearness_of(nodes.all[one], nodes.all[other]) == Nearness::apart) return Example{one, other};
  return std::nullopt;
}

std::uint64_t key_of(std::uint32_t from, std::uint32_t to, Nearness nearness) {
  return (std::uint64_t{from} << 32 | to) << 1 | (nearness == Nearness::same_subnet ? 1 : 0);
}

struct NearExample {
  std::uint64_t key = 0;
  Example nodes;
};

std::vector<NearExample> near_examples(const Nodes& nodes, const RouteClasses& classes) {
  std::unordered_set<std::uint64_t> seen;
  std::vector<NearExample> examples;
  const auto add = [&](std::uint32_t from, std::uint32_t to) {
    const auto key = key_of(classes.of_node[from], classes.of_node[to], nearness_of(nodes.all[from], nodes.all[to]));
    if (seen.insert(key).second) examples.push_back({key, {from, to}});
  };
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    if (nodes.all[i].network == nullptr) add(i, i);
  for (const auto& members : nodes.of_network)
    for (const std::uint32_t from : members)
      for (const std::uint32_t to : members) add(from, to);
  return examples;
}

void note_question(const Hop& hop, const Sketch& sketch, const Node& from, const Node& to, Way& way) {
  const bool inbound = hop.by.ends_with(inbound_rule);
  const std::string group = hop.by.substr(0, hop.by.find_last_of('/'));
  if (group == machine_group) {
    (inbound ? way.enters_by_interface : way.leaves_by_interface) = true;
    return;
  }
  const auto found = sketch.subnets.find(group);
  if (found == sketch.subnets.end()) return;  // decided by what the sketch has kept
  const Subnet* subnet = found->second;
  bool& own = inbound ? way.enters_by_subnet : way.leaves_by_subnet;
  if (subnet == (inbound ? to.subnet : from.subnet)) {
    // At a private endpoint source ports do not count, at an appliance beside it they do.
    if (own && inbound && to.place.endpoint != nullptr) way.special = true;
    own = true;
  } else {
    way.between.push_back({subnet, inbound ? Direction::inbound : Direction::outbound});
  }
}

bool same_place(const Place& one, const Place& other) {
  return one.kind == other.kind && one.virtual_network == other.virtual_network && one.subnet == other.subnet &&
         one.site == other.site && one.endpoint == other.endpoint;
}

bool has_both_families(const Node& node) {
  const auto& prefixes = node.end.address.prefixes;
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const Cidr& prefix) {
    return prefix.address().family() != prefixes.front().address().family();
  });
}

// Is the node asked for by another address than it has inside its network, or by one that lies elsewhere?
bool has_two_faces(const EffectiveStates& states, const Node& node) {
  const Place& place = node.place;
  if (has_both_families(node)) return true;
  if (!place.address) return false;
  return node.end.address != span_of(*place.address) || !same_place(place, located(states, place));
}

// An admin rule with AlwaysAllow may take the word from a security group that denies.
bool has_overruling_rule(const Topology& topology) {
  for (const SecurityAdminConfiguration& configuration : topology.security_admin_configurations)
    for (const RuleCollection& collection : configuration.rule_collections)
      for (const AdminRule& rule : collection.rules)
        if (rule.access == AdminRuleAccess::always_allow) return true;
  return false;
}

bool asks_groups(const Way& way) {
  return way.leaves_by_subnet || way.leaves_by_interface || way.enters_by_subnet || way.enters_by_interface ||
         !way.between.empty();
}

Way way_of(const EffectiveStates& states, const Sketch& sketch, const Nodes& nodes, const Example& example, Port port,
           Protocol protocol) {
  Way way;
  const Trace trace = trace_flow(states, sketch.places.at(example.from), sketch.places.at(example.to), port, protocol);
  way.predicted = trace.predicted;
  for (const Hop& hop : trace.hops)
    if (hop.kind == HopKind::nsg) note_question(hop, sketch, nodes.all[example.from], nodes.all[example.to], way);
  std::sort(way.between.begin(), way.between.end());
  way.between.erase(std::unique(way.between.begin(), way.between.end()), way.between.end());
  return way;
}

/// Gives equal ways one number.
class DistinctWays {
 public:
  explicit DistinctWays(std::vector<Way>& ways) : ways_{ways} {}

  std::uint32_t number_of(Way way) {
    const auto [known, added] = numbers_.emplace(std::move(way), static_cast<std::uint32_t>(ways_.size()));
    if (added) ways_.push_back(known->first);
    return known->second;
  }

 private:
  std::vector<Way>& ways_;
  std::map<Way, std::uint32_t> numbers_;
};

std::vector<std::uint32_t> nodes_in(const std::vector<Example>& examples) {
  std::vector<std::uint32_t> chosen;
  for (const Example& example : examples) chosen.insert(chosen.end(), {example.from, example.to});
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

}  // namespace

Ways::Ways(const EffectiveStates& states, const Nodes& nodes, const RouteClasses& classes, Port port, Protocol protocol,
           unsigned threads)
    : apart_(classes.count, std::vector<std::uint32_t>(classes.count, no_way)) {
  const Members members = members_of(nodes, classes);
  std::vector<Example> examples;
  std::vector<std::uint32_t*> results;
  for (std::uint32_t from = 0; from < classes.count; ++from) {
    for (std::uint32_t to = 0; to < classes.count; ++to) {
      const auto example = apart(nodes, members[from], members[to]);
      if (!example) continue;
      examples.push_back(*example);
      results.push_back(&apart_[from][to]);
    }
  }
  for (const NearExample& example : near_examples(nodes, classes)) {
    examples.push_back(example.nodes);
    results.push_back(&near_[example.key]);
  }
  std::vector<bool> two_faced(nodes.size());
  const std::vector<std::uint32_t> chosen = nodes_in(examples);
  for (const std::uint32_t node : chosen) two_faced[node] = has_two_faces(states, nodes.all[node]);
  const Sketch sketch = sketch_of(states.topology(), nodes, classes, chosen);
  const EffectiveStates sketched{sketch.topology};
  sketched.compute_all();
  const bool overruled = has_overruling_rule(states.topology());
  std::vector<Way> found(examples.size());
  in_parallel(examples.size(), threads, [&](std::size_t i) {
    found[i] = way_of(sketched, sketch, nodes, examples[i], port, protocol);
    if (two_faced[examples[i].from] || two_faced[examples[i].to] || (overruled && asks_groups(found[i])))
      found[i].special = true;
  });
  DistinctWays distinct{ways_};
  for (std::size_t i = 0; i < found.size(); ++i) *results[i] = distinct.number_of(std::move(found[i]));
}

std::uint32_t Ways::near(std::uint32_t from, std::uint32_t to, Nearness nearness) const {
  return near_.at(key_of(from, to, nearness));
}

}  // namespace pgpassage::netcheck
