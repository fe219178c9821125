#include "netcheck/reach/platform_dns.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netcheck/base/azure_dns.hpp"
#include "netcheck/reach/families.hpp"
#include "netcheck/reach/states.hpp"
#include "netcheck/reach/walk.hpp"

namespace pgpassage::netcheck {
namespace {

constexpr Port dns_port = 53;
constexpr std::string_view platform_tag = "AzurePlatformDNS";

AddressPrefix named(std::string_view tag) { return {std::nullopt, std::string{tag}}; }

bool names_platform(const SecurityRule& rule) {
  return rule.direction == Direction::outbound &&
         std::any_of(rule.destination_prefixes.begin(), rule.destination_prefixes.end(),
                     [](const AddressPrefix& entry) { return entry.tag == platform_tag; });
}

SecurityRule allow_the_rest() {
  SecurityRule rule;
  rule.direction = Direction::outbound;
  rule.access = Access::allow;
  rule.source_prefixes = rule.destination_prefixes = {named("*")};
  rule.source_ports = rule.destination_ports = {PortRange{}};
  return rule;
}

// What of the group concerns the platform: the rest, and the default rules, never see the question.
NetworkSecurityGroup platform_part(const NetworkSecurityGroup& group) {
  NetworkSecurityGroup part{group.name, {}, group.location};
  std::copy_if(group.rules.begin(), group.rules.end(), std::back_inserter(part.rules), names_platform);
  for (SecurityRule& rule : part.rules) rule.destination_prefixes = {named(platform_tag)};
  part.rules.push_back(allow_the_rest());
  return part;
}

using Groups = std::vector<const NetworkSecurityGroup*>;

Groups groups_at(const Topology& topology, const Place& from) {
  Groups groups;
  const Subnet* subnet = find_subnet(topology, from.virtual_network, from.subnet);
  for (const std::string& name :
       {from.network_security_group, subnet == nullptr ? std::string{} : subnet->network_security_group})
    if (const NetworkSecurityGroup* group = find_network_security_group(topology, name)) groups.push_back(group);
  return groups;
}

NsgFlow question_of(const EffectiveStates& states, const Place& from) {
  NsgFlow flow;
  flow.source = nsg_end(states.topology(), from, only(span_of(states, from), IpAddress::Family::ipv4));
  flow.destination.address = span_of(azure_dns);
  flow.port = dns_port;
  flow.protocol = Protocol::udp;
  return flow;
}

// Of two groups the one that denies counts, then the first that may.
PlatformDnsDecision worst_of(const EffectiveStates& states, const Groups& groups, const NsgFlow& flow,
                             const VirtualNetworkTag& tag) {
  PlatformDnsDecision worst{.filtered = true};
  for (const NetworkSecurityGroup* group : groups) {
    const NsgDecision decision = evaluate(states.topology(), platform_part(*group), Direction::outbound, flow, tag);
    if (decision.predicted == Predicted::allowed) continue;
    if (decision.predicted == Predicted::unknown && worst.predicted == Predicted::unknown) continue;
    worst = {decision.predicted, true, fmt::format("{}/{}", group->name, decision.rule), decision.location,
             decision.missing};
    if (decision.predicted == Predicted::denied) break;
  }
  return worst;
}

}  // namespace

PlatformDnsDecision platform_dns(const Topology& topology, const Place& from) {
  const VirtualNetwork* network = find_virtual_network(topology, from.virtual_network);
  if (network == nullptr) return {};
  const Groups groups = groups_at(topology, from);
  if (groups.empty()) return {};
  const EffectiveStates states{topology};
  const VirtualNetworkTag& tag = states.of(*network, find_subnet(*network, from.subnet)).virtual_network;
  return worst_of(states, groups, question_of(states, from), tag);
}

}  // namespace pgpassage::netcheck
