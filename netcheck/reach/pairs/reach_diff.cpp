#include "netcheck/reach/pairs/reach_diff.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "netcheck/reach/pairs/division.hpp"

namespace pgpassage::netcheck {
namespace {

/// A node by its name in both files; absent where a file lacks it.
struct Known {
  std::string name;
  std::optional<std::uint32_t> before;
  std::optional<std::uint32_t> after;
};

std::vector<Known> nodes_of_both(const ReachMatrix& before, const ReachMatrix& after) {
  std::vector<Known> all;
  std::unordered_map<std::string, std::size_t> indexes;
  for (std::uint32_t i = 0; i < before.nodes.size(); ++i)
    if (indexes.emplace(before.nodes.all[i].name(), all.size()).second)
      all.push_back({before.nodes.all[i].name(), i, std::nullopt});
  for (std::uint32_t i = 0; i < after.nodes.size(); ++i) {
    const auto [known, added] = indexes.emplace(after.nodes.all[i].name(), all.size());
    if (added)
      all.push_back({after.nodes.all[i].name(), std::nullopt, i});
    else if (!all[known->second].after)
      all[known->second].after = i;
  }
  return all;
}

std::optional<Cell> cell(const ReachMatrix& reach, std::optional<std::uint32_t> from, std::optional<std::uint32_t> to) {
  if (!from || !to) return std::nullopt;
  const Cell cell = reach.cells.at(*from, *to);
  return cell == Cell::self ? std::nullopt : std::optional{cell};
}

std::optional<FlowChange> change_of(std::optional<Cell> before, std::optional<Cell> after) {
  const Cell old = before.value_or(Cell::denied), now = after.value_or(Cell::denied);
  if (old == now) return std::nullopt;
  if (now == Cell::unknown) return FlowChange::becomes_unknown;
  if (old == Cell::unknown) return now == Cell::allowed ? FlowChange::becomes_allowed : FlowChange::becomes_denied;
  return now == Cell::allowed ? FlowChange::opens : FlowChange::closes;
}

/// One address that a subnet's machines may have, so that a person can try the flow.
std::optional<IpAddress> address_of(const Topology& topology, const Node& node) {
  if (node.place.address) return node.place.address;
  if (node.subnet == nullptr || node.single) return std::nullopt;
  const auto parts = Division{topology, {}}.parts_of(*node.subnet);
  return parts.empty() ? std::nullopt : std::optional{parts.front()};
}

const Hop* first_against(const Trace& trace) {
  const Decision sought = trace.predicted == Predicted::denied ? Decision::deny : Decision::unknown;
  const auto hop = std::find_if(trace.hops.begin(), trace.hops.end(),
                                [&](const Hop& candidate) { return candidate.decision == sought; });
  return trace.predicted == Predicted::allowed || hop == trace.hops.end() ? nullptr : &*hop;
}

bool same_step(const Hop& one, const Hop& other) {
  return one.leg == other.leg && one.kind == other.kind && one.at == other.at;
}

/// What stops the flow; when nothing does, what stands where the other file stops it.
Hop deciding_hop(const Trace& trace, const Trace* other) {
  if (const Hop* hop = first_against(trace)) return *hop;
  const Hop* there = other == nullptr ? nullptr : first_against(*other);
  if (there != nullptr)
    for (const Hop& hop : trace.hops)
      if (same_step(hop, *there)) return hop;
  return trace.hops.empty() ? Hop{} : trace.hops.back();
}

class Diff {
 public:
  Diff(const Topology& before, const Topology& after, Port port, Protocol protocol)
      : topologies_{&before, &after}, port_{port}, protocol_{protocol} {
    const std::vector<Cidr> splits = changed_prefixes(before, after);
    reach_ = {reach_matrix(before, port, protocol, 0, splits), reach_matrix(after, port, protocol, 0, splits)};
    nodes_ = nodes_of_both(reach_[0], reach_[1]);
  }

  ReachDiff diff() {
    ReachDiff diff;
    for (const Known& node : nodes_) {
      if (!node.before) diff.added.push_back(node.name);
      if (!node.after) diff.removed.push_back(node.name);
    }
    for (std::uint32_t from = 0; from < nodes_.size(); ++from) compare_row(from, diff);
    for (const auto& [what, from] : groups_) diff.changes.push_back(group_of(what.first, from, what.second));
    std::stable_sort(diff.changes.begin(), diff.changes.end(),
                     [](const auto& a, const auto& b) { return a.change < b.change; });
    return diff;
  }

 private:
  using Group = std::pair<FlowChange, std::vector<std::uint32_t>>;  // the change, and where the flows go

  void compare_row(std::uint32_t from, ReachDiff& diff) {
    std::map<FlowChange, std::vector<std::uint32_t>> changed;
    for (std::uint32_t to = 0; to < nodes_.size(); ++to) {
      const auto old = cell(reach_[0], nodes_[from].before, nodes_[to].before);
      const auto now = cell(reach_[1], nodes_[from].after, nodes_[to].after);
      if (old == Cell::unknown && now == Cell::unknown) ++diff.unknown_in_both;
      if (const auto change = change_of(old, now)) changed[*change].push_back(to);
    }
    for (auto& [change, to] : changed) groups_[{change, std::move(to)}].push_back(from);
  }

  ChangedFlows group_of(FlowChange change, const std::vector<std::uint32_t>& from,
                        const std::vector<std::uint32_t>& to) const {
    ChangedFlows flows{change, {}, {}, witness_of(from.front(), to.front())};
    for (const std::uint32_t node : from) flows.from.push_back(nodes_[node].name);
    for (const std::uint32_t node : to) flows.to.push_back(nodes_[node].name);
    return flows;
  }

  const Node* node_in(std::size_t file, std::uint32_t node) const {
    const auto& index = file == 0 ? nodes_[node].before : nodes_[node].after;
    return index ? &reach_[file].nodes.all[*index] : nullptr;
  }

  std::string address_of(std::uint32_t node) const {
    for (const std::size_t file : {std::size_t{1}, std::size_t{0}})
      if (const Node* known = node_in(file, node))
        if (const auto address = netcheck::address_of(*topologies_[file], *known)) return address->to_string();
    return {};
  }

  Witness witness_of(std::uint32_t from, std::uint32_t to) const {
    std::array<std::optional<Trace>, 2> traces;
    for (const std::size_t file : {std::size_t{0}, std::size_t{1}}) {
      const Node* start = node_in(file, from);
      const Node* end = node_in(file, to);
      if (start != nullptr && end != nullptr)
        traces[file] = trace_flow(*topologies_[file], start->place, end->place, port_, protocol_);
    }
    const auto decider = [&](std::size_t file) {
      if (!traces[file]) return Decider{};
      const auto& other = traces[1 - file];
      return Decider{traces[file]->predicted, deciding_hop(*traces[file], other ? &*other : nullptr)};
    };
    return {nodes_[from].name, nodes_[to].name, address_of(from), address_of(to), decider(0), decider(1)};
  }

  std::array<const Topology*, 2> topologies_;
  Port port_;
  Protocol protocol_;
  std::array<ReachMatrix, 2> reach_;
  std::vector<Known> nodes_;
  std::map<Group, std::vector<std::uint32_t>> groups_;
};

}  // namespace

const char* to_string(FlowChange value) {
  switch (value) {
    case FlowChange::opens: return "opens";
    case FlowChange::closes: return "closes";
    case FlowChange::becomes_unknown: return "becomesUnknown";
    case FlowChange::becomes_allowed: return "becomesAllowed";
    case FlowChange::becomes_denied: return "becomesDenied";
  }
  return "becomesUnknown";
}

ReachDiff reach_diff(const Topology& before, const Topology& after, Port port, Protocol protocol) {
  return Diff{before, after, port, protocol}.diff();
}

}  // namespace pgpassage::netcheck
