#include "scenarios/fix/opened.hpp"

#include <algorithm>

#include "netcheck/reach/pairs/reach_diff.hpp"

namespace pgpassage::scenarios::fix {
namespace {

using netcheck::ChangedFlows;
using netcheck::FlowChange;

constexpr std::size_t most_flows = 10'000;

bool lets_more_through(const ChangedFlows& changed) {
  switch (changed.change) {
    case FlowChange::opens:
    case FlowChange::becomes_allowed: return true;
    case FlowChange::becomes_unknown: return changed.witness.before.predicted != netcheck::Predicted::allowed;
    case FlowChange::closes:
    case FlowChange::becomes_denied: return false;
  }
  return false;
}

bool is_required(const std::vector<FlowAssessment>& required, const OpenedFlow& flow) {
  return std::ranges::any_of(required, [&](const FlowAssessment& one) {
    return one.from == flow.from && one.to == flow.to && one.port == flow.port && flow.protocol == Protocol::tcp;
  });
}

void add(Opened& opened, const ChangedFlows& changed, const PortAsked& port,
         const std::vector<FlowAssessment>& required) {
  const bool allowed = changed.change != FlowChange::becomes_unknown;
  for (const std::string& from : changed.from)
    for (const std::string& to : changed.to) {
      OpenedFlow flow{from, to, port.port, port.protocol, allowed};
      if (is_required(required, flow)) continue;
      opened.complete &= opened.flows.size() < most_flows;
      if (!opened.complete) return;
      opened.flows.push_back(std::move(flow));
    }
}

}  // namespace

Opened opened_flows(const Topology& before, const Topology& after, const std::vector<FlowAssessment>& required,
                    const std::vector<PortAsked>& ports) {
  Opened opened;
  for (const PortAsked& port : ports)
    for (const ChangedFlows& changed : netcheck::reach_diff(before, after, port.port, port.protocol).changes)
      if (lets_more_through(changed)) add(opened, changed, port, required);
  return opened;
}

}  // namespace pgpassage::scenarios::fix
