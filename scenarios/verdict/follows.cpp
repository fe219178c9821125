#include "scenarios/verdict/follows.hpp"

#include <algorithm>

#include "netcheck/reach/causes.hpp"
#include "scenarios/verdict/case_of.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::Decision;
using netcheck::Hop;
using netcheck::HopKind;

bool denies(const Hop& hop, HopKind kind) { return hop.kind == kind && hop.decision == Decision::deny; }

VirtualNetwork* network_named(Topology& topology, std::string_view name) {
  const auto found = std::ranges::find(topology.virtual_networks, name, &VirtualNetwork::name);
  return found == topology.virtual_networks.end() ? nullptr : &*found;
}

void connect(VirtualNetwork& network, const std::string& remote) {
  const auto link = std::ranges::find(network.peerings, remote, &Peering::remote_virtual_network);
  if (link != network.peerings.end()) {
    link->state = PeeringState::connected;
    return;
  }
  Peering added;
  added.name = "to-" + remote;
  added.remote_virtual_network = remote;
  network.peerings.push_back(std::move(added));
}

/// `hop.by` is "vnet/peering" of the link that is there.
bool mend(Topology& topology, const Hop& hop) {
  const std::size_t slash = hop.by.find('/');
  VirtualNetwork* network = network_named(topology, std::string_view{hop.by}.substr(0, slash));
  if (slash == std::string::npos || network == nullptr) return false;
  const auto link = std::ranges::find(network->peerings, std::string_view{hop.by}.substr(slash + 1), &Peering::name);
  if (link == network->peerings.end()) return false;
  const std::string near = network->name, far = link->remote_virtual_network;
  VirtualNetwork* remote = network_named(topology, far);
  if (remote == nullptr) return false;
  connect(*network, far);
  connect(*remote, near);
  return true;
}

bool of_peering_state(const Hop& hop) {
  return denies(hop, HopKind::peering) &&
         (hop.cause == netcheck::cause::peering_half_open || hop.cause == netcheck::cause::peering_not_connected);
}

bool denied_by_group(const Hop& hop) { return denies(hop, HopKind::nsg) && hop.cause == netcheck::cause::nsg_denies; }

/// Does a security group let the flow through at the same place in the other trace? Another rule of it may deny there.
bool passes_in(const netcheck::Trace& trace, const Hop& hop) {
  const auto here = [&](const Hop& other) {
    return other.kind == HopKind::nsg && other.leg == hop.leg && other.at == hop.at;
  };
  const auto allows = [&](const Hop& other) { return !here(other) || other.decision == Decision::allow; };
  return std::ranges::any_of(trace.hops, here) && std::ranges::all_of(trace.hops, allows);
}

}  // namespace

std::vector<std::string> denied_for_want_of_peering(const Case& checked, const FlowAssessment& flow) {
  if (std::ranges::none_of(flow.trace.hops, denied_by_group) || std::ranges::none_of(flow.trace.hops, of_peering_state))
    return {};
  Topology mended = checked.topology;
  for (const Hop& hop : flow.trace.hops)
    if (of_peering_state(hop) && !mend(mended, hop)) return {};
  const auto with_peering = case_of(mended, checked.edition.id);
  if (!with_peering) return {};
  std::vector<std::string> consequences;
  for (const FlowAssessment& now : required_flows(*with_peering))
    for (const Hop& hop : flow.trace.hops)
      if (now.id == flow.id && now.from == flow.from && denied_by_group(hop) && passes_in(now.trace, hop))
        consequences.push_back(hop.by);
  return consequences;
}

}  // namespace pgpassage::scenarios
