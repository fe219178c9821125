#include "netcheck/reach/filters.hpp"

#include <fmt/format.h>

#include "netcheck/reach/causes.hpp"

namespace pgpassage::netcheck {
namespace {

struct NsgQuestion {
  std::string at;
  const NetworkSecurityGroup* group = nullptr;
  Direction direction = Direction::outbound;
  const NsgFlow* flow = nullptr;
  const VirtualNetworkTag* virtual_network = nullptr;
};

void ask(Walk& walk, const NsgQuestion& question) {
  if (question.group == nullptr) return;
  const NetworkSecurityGroup& group = *question.group;
  const NsgDecision decision =
      evaluate(walk.flow.topology, group, question.direction, *question.flow, *question.virtual_network);
  Hop hop{walk.leg,
          question.at,
          HopKind::nsg,
          Decision::allow,
          fmt::format("{}/{}", group.name, decision.rule),
          decision.location.known() ? decision.location : group.location,
          {},
          {}};
  const char* direction = question.direction == Direction::inbound ? "into" : "out of";
  if (decision.predicted == Predicted::denied) {
    hop.decision = Decision::deny;
    hop.cause = cause::nsg_denies;
    hop.detail = fmt::format("{} denies {} {} {} {}", hop.by, name_of(question.flow->protocol), question.flow->port,
                             direction, question.at);
  } else if (decision.predicted == Predicted::unknown) {
    hop.decision = Decision::unknown;
    hop.cause = cause::nsg_undecided;
    hop.detail = fmt::format("whether {} matches depends on {}", hop.by, decision.missing);
  }
  add_hop(walk, std::move(hop));
}

const Subnet* subnet_of(const Topology& topology, const Place& place) {
  return find_subnet(topology, place.virtual_network, place.subnet);
}

bool honours_nsg(const Subnet& subnet) {
  using enum PrivateEndpointNetworkPolicies;
  return subnet.private_endpoint_network_policies == enabled ||
         subnet.private_endpoint_network_policies == network_security_group_enabled;
}

VirtualNetworkTag tag_at(const Topology& topology, const Place& place, const Subnet* subnet) {
  const VirtualNetwork* network = find_virtual_network(topology, place.virtual_network);
  return network == nullptr ? VirtualNetworkTag{} : state_of(topology, *network, subnet).virtual_network;
}

const NetworkSecurityGroup* group_of(const Topology& topology, const Subnet* subnet) {
  return subnet == nullptr ? nullptr : find_network_security_group(topology, subnet->network_security_group);
}

std::string interface_name(const Place& place) { return place.node; }

}  // namespace

bool nsg_decides_at(const Topology& topology, const Place& place, Direction direction) {
  if (place.kind != Place::Kind::in_virtual_network) return false;
  const Subnet* subnet = subnet_of(topology, place);
  const bool at_subnet = subnet != nullptr && !subnet->network_security_group.empty();
  if (place.endpoint != nullptr) return at_subnet && direction == Direction::inbound && honours_nsg(*subnet);
  return at_subnet || !place.network_security_group.empty();
}

void filter_outbound(Walk& walk, const Place& place, const NsgFlow& flow) {
  if (!nsg_decides_at(walk.flow.topology, place, Direction::outbound)) return;
  const Topology& topology = walk.flow.topology;
  const Subnet* subnet = subnet_of(topology, place);
  const VirtualNetworkTag tag = tag_at(topology, place, subnet);
  ask(walk, {interface_name(place), find_network_security_group(topology, place.network_security_group),
             Direction::outbound, &flow, &tag});
  ask(walk, {place.subnet, group_of(topology, subnet), Direction::outbound, &flow, &tag});
}

void filter_inbound(Walk& walk, const Place& place, const NsgFlow& flow) {
  if (!nsg_decides_at(walk.flow.topology, place, Direction::inbound)) return;
  const Topology& topology = walk.flow.topology;
  const Subnet* subnet = subnet_of(topology, place);
  const VirtualNetworkTag tag = tag_at(topology, place, subnet);
  ask(walk, {place.subnet, group_of(topology, subnet), Direction::inbound, &flow, &tag});
  if (place.endpoint == nullptr)
    ask(walk, {interface_name(place), find_network_security_group(topology, place.network_security_group),
               Direction::inbound, &flow, &tag});
}

void filter_at_appliance(Walk& walk, const Position& position, Direction direction) {
  const Topology& topology = walk.flow.topology;
  const NetworkSecurityGroup* group = group_of(topology, position.subnet);
  if (group == nullptr) return;
  const VirtualNetworkTag tag = state_of(topology, *position.network, position.subnet).virtual_network;
  const NsgFlow flow{nsg_end(topology, walk.flow.from, walk.flow.source),
                     nsg_end(topology, walk.flow.to, walk.destination), walk.flow.port, false, walk.flow.protocol};
  ask(walk, {position.name(), group, direction, &flow, &tag});
}

void check_endpoint(Walk& walk, const Place& place) {
  const PrivateEndpoint& endpoint = *place.endpoint;
  Hop hop{walk.leg, endpoint.subnet, HopKind::endpoint, Decision::allow, endpoint.name, endpoint.location, {}, {}};
  hop.detail = nsg_decides_at(walk.flow.topology, place, Direction::inbound)
                   ? "approved; its subnet's security group counts"
                   : "approved; no security group of its subnet counts";
  if (endpoint.connection_state != EndpointConnectionState::approved) {
    hop.decision = Decision::deny;
    hop.cause = cause::endpoint_not_approved;
    hop.detail = fmt::format("its connection is {}", to_string(endpoint.connection_state));
  } else if (place.server != nullptr && endpoint.private_link_service != place.server->name) {
    hop.decision = Decision::deny;
    hop.cause = cause::endpoint_of_another_server;
    hop.detail =
        fmt::format("{} leads to {}, not to {}", endpoint.name, endpoint.private_link_service, place.server->name);
  }
  add_hop(walk, std::move(hop));
}

}  // namespace pgpassage::netcheck
