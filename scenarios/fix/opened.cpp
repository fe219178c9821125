#include "scenarios/fix/opened.hpp"

#include <algorithm>

#include "netcheck/reach/trace.hpp"

namespace pgpassage::scenarios::fix {
namespace {

using netcheck::Place;
using netcheck::Predicted;

constexpr std::size_t most_nodes = 400;

std::vector<std::string> nodes_of(const Topology& topology, const std::vector<FlowAssessment>& required) {
  std::vector<std::string> nodes;
  const auto add = [&](const std::string& node) {
    if (std::ranges::find(nodes, node) == nodes.end()) nodes.push_back(node);
  };
  for (const FlowAssessment& flow : required) add(flow.from), add(flow.to);
  for (const Server& server : topology.servers) add(server.name);
  for (const Host& host : topology.hosts) add(host.name);
  add("Internet");
  for (const Site& site : topology.sites) add(site.name);
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Subnet& subnet : network.subnets) add(network.name + "/" + subnet.name);
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

Predicted predicted(const Topology& topology, const std::string& from, const std::string& to, const PortAsked& port) {
  const auto start = netcheck::place_of(topology, from);
  const auto end = netcheck::place_of(topology, to);
  if (!start || !end) return Predicted::denied;
  return netcheck::trace_flow(topology, *start, as_destination(topology, *end), port.port, port.protocol).predicted;
}

bool is_required(const std::vector<FlowAssessment>& required, const OpenedFlow& flow) {
  return std::ranges::any_of(required, [&](const FlowAssessment& one) {
    return one.from == flow.from && one.to == flow.to && one.port == flow.port && flow.protocol == Protocol::tcp;
  });
}

}  // namespace

Opened opened_flows(const Topology& before, const Topology& after, const std::vector<FlowAssessment>& required,
                    const std::vector<PortAsked>& ports) {
  std::vector<std::string> nodes = nodes_of(after, required);
  Opened opened;
  opened.complete = nodes.size() <= most_nodes;
  nodes.resize(std::min(nodes.size(), most_nodes));
  opened.nodes = nodes.size();
  for (const PortAsked& port : ports)
    for (const std::string& from : nodes)
      for (const std::string& to : nodes) {
        const Predicted now = from == to ? Predicted::denied : predicted(after, from, to, port);
        const OpenedFlow flow{from, to, port.port, port.protocol, now == Predicted::allowed};
        if (now == Predicted::denied || is_required(required, flow)) continue;
        const Predicted then = predicted(before, from, to, port);
        if (then == Predicted::denied || (then == Predicted::unknown && now == Predicted::allowed))
          opened.flows.push_back(flow);
      }
  return opened;
}

}  // namespace pgpassage::scenarios::fix
