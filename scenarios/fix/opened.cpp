#include "scenarios/fix/opened.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "netcheck/reach/trace.hpp"

namespace pgpassage::scenarios::fix {
namespace {

using netcheck::Place;
using netcheck::Predicted;

std::vector<std::string> nodes_of(const Topology& topology, const std::vector<FlowAssessment>& required) {
  std::vector<std::string> nodes;
  std::set<std::string> known, near;  // near: the networks of the required flows' ends
  const auto add = [&](const std::string& node) {
    if (known.insert(node).second) nodes.push_back(node);
  };
  const auto add_end = [&](const std::string& node) {
    add(node);
    if (const auto place = netcheck::place_of(topology, node)) near.insert(place->virtual_network);
  };
  for (const FlowAssessment& flow : required) add_end(flow.from), add_end(flow.to);
  add("Internet");
  for (const Site& site : topology.sites) add(site.name);
  for (const bool first : {true, false}) {
    for (const VirtualNetwork& network : topology.virtual_networks)
      for (const Subnet& subnet : network.subnets)
        if (near.contains(network.name) == first) add(network.name + "/" + subnet.name);
    for (const Server& server : topology.servers)
      if (near.contains(server.virtual_network) == first) add(server.name);
    for (const Host& host : topology.hosts)
      if (near.contains(host.virtual_network) == first) add(host.name);
  }
  return nodes;
}

/// A server behind an endpoint is asked at the endpoint's address.
Place as_destination(const Topology& topology, Place place) {
  if (place.server == nullptr || place.address) return place;
  if (const PrivateEndpoint* endpoint = find_private_endpoint_of(topology, place.server->name))
    place.address = endpoint->private_ip_address;
  else if (place.server->access == ServerAccess::public_access)
    place.address = place.server->public_ip_address;
  return place;
}

/// The places of nodes in one topology; absent for one that it does not have.
struct Places {
  const Topology& topology;
  std::vector<std::optional<Place>> starts, ends;

  Places(const Topology& of, const std::vector<std::string>& nodes) : topology{of} {
    for (const std::string& node : nodes) {
      const auto place = netcheck::place_of(topology, node);
      starts.push_back(place ? std::optional{*place} : std::nullopt);
      ends.push_back(place ? std::optional{as_destination(topology, *place)} : std::nullopt);
    }
  }

  Predicted predicted(std::size_t from, std::size_t to, const PortAsked& port) const {
    if (!starts[from] || !ends[to]) return Predicted::denied;
    return netcheck::trace_flow(topology, *starts[from], *ends[to], port.port, port.protocol).predicted;
  }
};

bool is_required(const std::vector<FlowAssessment>& required, const OpenedFlow& flow) {
  return std::ranges::any_of(required, [&](const FlowAssessment& one) {
    return one.from == flow.from && one.to == flow.to && one.port == flow.port && flow.protocol == Protocol::tcp;
  });
}

}  // namespace

Opened opened_flows(const Topology& before, const Topology& after, const std::vector<FlowAssessment>& required,
                    const std::vector<PortAsked>& ports, std::size_t most_nodes) {
  std::vector<std::string> nodes = nodes_of(after, required);
  Opened opened;
  opened.complete = nodes.size() <= most_nodes;
  nodes.resize(std::min(nodes.size(), most_nodes));
  opened.nodes = nodes.size();
  const Places then{before, nodes}, now{after, nodes};
  for (const PortAsked& port : ports)
    for (std::size_t from = 0; from < nodes.size(); ++from)
      for (std::size_t to = 0; to < nodes.size(); ++to) {
        const Predicted passes = from == to ? Predicted::denied : now.predicted(from, to, port);
        const OpenedFlow flow{nodes[from], nodes[to], port.port, port.protocol, passes == Predicted::allowed};
        if (passes == Predicted::denied || is_required(required, flow)) continue;
        const Predicted passed = then.predicted(from, to, port);
        if (passed == Predicted::denied || (passed == Predicted::unknown && flow.allowed)) opened.flows.push_back(flow);
      }
  return opened;
}

}  // namespace pgpassage::scenarios::fix
