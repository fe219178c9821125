#include "netcheck/reach/filters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/passes.hpp"

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
          decision.is_default ? pass::default_rule : pass::security_rule,
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

const Subnet* subnet_of(const EffectiveStates& states, const Place& place) {
  return states.subnet(place.virtual_network, place.subnet);
}

bool honours_nsg(const Subnet& subnet) {
  using enum PrivateEndpointNetworkPolicies;
  return subnet.private_endpoint_network_policies == enabled ||
         subnet.private_endpoint_network_policies == network_security_group_enabled;
}

const NetworkSecurityGroup* group_of(const Walk& walk, const Subnet* subnet) {
  return subnet == nullptr ? nullptr : walk.flow.states.security_group(subnet->network_security_group);
}

std::string interface_name(const Place& place) { return place.node; }

/// One end of a flow, where admin rules are tried and then security groups.
struct AdminQuestion {
  std::string at;
  const VirtualNetwork* network = nullptr;
  const Subnet* subnet = nullptr;
  Direction direction = Direction::outbound;
  const NsgFlow* flow = nullptr;
  const VirtualNetworkTag* virtual_network = nullptr;
};

struct GroupAt {
  std::string at;
  const NetworkSecurityGroup* group = nullptr;
};

// Azure's own machines there are outside the rules.
bool admin_rules_hold_in(const Subnet* subnet) {
  static constexpr std::array<std::string_view, 5> exempt{"GatewaySubnet", "AzureFirewallSubnet",
                                                          "AzureFirewallManagementSubnet", "AzureBastionSubnet",
                                                          "RouteServerSubnet"};
  return subnet == nullptr || std::find(exempt.begin(), exempt.end(), subnet->name) == exempt.end();
}

Hop admin_hop(const AdminQuestion& question, const AppliedAdminRule& applied, Decision decision) {
  const AdminRule& rule = *applied.rule;
  Hop hop{Leg::there, question.at, HopKind::nsg, decision, {}, rule.location, pass::security_admin_rule, {}};
  hop.by = fmt::format("{}/{}/{}", applied.configuration->name, applied.collection->name, rule.name);
  const char* direction = question.direction == Direction::inbound ? "into" : "out of";
  if (decision == Decision::deny) {
    hop.cause = cause::security_admin_denies;
    hop.detail = fmt::format("{} denies {} {} {} {} before any security group", hop.by,
                             name_of(question.flow->protocol), question.flow->port, direction, question.at);
  } else if (decision == Decision::unknown) {
    const std::string tag = undecided_tag(rule.sources, rule.destinations);
    hop.cause = cause::security_admin_undecided;
    hop.detail = fmt::format("whether {} decides depends on {}", hop.by,
                             tag.empty() ? "the exact address or port, or on another rule of its priority" : tag);
  } else if (rule.access == AdminRuleAccess::always_allow) {
    hop.detail = "always allowed: security groups are not asked";
  }
  return hop;
}

bool admits(const std::vector<Hop>& hops, std::size_t first) {
  return std::all_of(hops.begin() + static_cast<std::ptrdiff_t>(first), hops.end(),
                     [](const Hop& hop) { return hop.decision == Decision::allow; });
}

void ask_groups(Walk& walk, const AdminQuestion& question, const std::vector<GroupAt>& groups) {
  AdminDecision admin;
  if (admin_rules_hold_in(question.subnet))
    admin = evaluate(walk.flow.topology, walk.flow.states.admin_rules(*question.network), question.direction,
                     *question.flow, *question.virtual_network);
  if (admin.effect == AdminEffect::denies)
    add_hop(walk, admin_hop(question, *admin.by, Decision::deny));
  else if (admin.effect == AdminEffect::undecided)
    add_hop(walk, admin_hop(question, *admin.by, Decision::unknown));
  else if (admin.by != nullptr && admin.effect != AdminEffect::may_pass_by_groups)
    add_hop(walk, admin_hop(question, *admin.by, Decision::allow));
  const bool groups_may_not_count = admin.effect == AdminEffect::undecided && admin.may_skip_groups;
  if (admin.effect == AdminEffect::passes_by_groups || groups_may_not_count) return;
  const std::size_t first = walk.hops.size();
  for (const GroupAt& at : groups)
    ask(walk, {at.at, at.group, question.direction, question.flow, question.virtual_network});
  if (admin.effect != AdminEffect::may_pass_by_groups || admits(walk.hops, first)) return;
  walk.hops.resize(first);
  add_hop(walk, admin_hop(question, *admin.by, Decision::unknown));
}

}  // namespace

bool nsg_decides_at(const EffectiveStates& states, const Place& place, Direction direction) {
  if (place.kind != Place::Kind::in_virtual_network) return false;
  const Subnet* subnet = subnet_of(states, place);
  const bool at_subnet = subnet != nullptr && !subnet->network_security_group.empty();
  if (place.endpoint != nullptr) return at_subnet && direction == Direction::inbound && honours_nsg(*subnet);
  return at_subnet || !place.network_security_group.empty();
}

void filter_outbound(Walk& walk, const Place& place, const NsgFlow& flow) {
  const VirtualNetwork* network = walk.flow.states.network(place.virtual_network);
  if (network == nullptr || place.endpoint != nullptr) return;
  const Subnet* subnet = subnet_of(walk.flow.states, place);
  const VirtualNetworkTag& tag = walk.flow.states.of(*network, subnet).virtual_network;
  ask_groups(walk, {place.node, network, subnet, Direction::outbound, &flow, &tag},
             {{interface_name(place), walk.flow.states.security_group(place.network_security_group)},
              {place.subnet, group_of(walk, subnet)}});
}

void filter_inbound(Walk& walk, const Place& place, const NsgFlow& flow) {
  const VirtualNetwork* network = walk.flow.states.network(place.virtual_network);
  if (network == nullptr) return;
  const Subnet* subnet = subnet_of(walk.flow.states, place);
  const VirtualNetworkTag& tag = walk.flow.states.of(*network, subnet).virtual_network;
  if (place.endpoint != nullptr) {
    // Security admin rules do not concern private endpoints.
    if (nsg_decides_at(walk.flow.states, place, Direction::inbound))
      ask(walk, {place.subnet, group_of(walk, subnet), Direction::inbound, &flow, &tag});
    return;
  }
  ask_groups(walk, {place.node, network, subnet, Direction::inbound, &flow, &tag},
             {{place.subnet, group_of(walk, subnet)},
              {interface_name(place), walk.flow.states.security_group(place.network_security_group)}});
}

void filter_at_appliance(Walk& walk, const Position& position, Direction direction) {
  const Topology& topology = walk.flow.topology;
  const VirtualNetworkTag& tag = walk.flow.states.of(*position.network, position.subnet).virtual_network;
  const NsgFlow flow{nsg_end(topology, walk.flow.from, walk.flow.source),
                     nsg_end(topology, walk.flow.to, walk.destination), walk.flow.port, false, walk.flow.protocol};
  ask_groups(walk, {position.name(), position.network, position.subnet, direction, &flow, &tag},
             {{position.name(), group_of(walk, position.subnet)}});
}

void check_endpoint(Walk& walk, const Place& place) {
  const PrivateEndpoint& endpoint = *place.endpoint;
  Hop hop{walk.leg,      endpoint.subnet,   HopKind::endpoint,       Decision::allow,
          endpoint.name, endpoint.location, pass::endpoint_approved, {}};
  hop.detail = nsg_decides_at(walk.flow.states, place, Direction::inbound)
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
