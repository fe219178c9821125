#include "netcheck/reach/nsg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pgpassage::netcheck {
namespace {

AddressPrefix tag(const char* name) { return {std::nullopt, name}; }

SecurityRule default_rule(const char* name, int priority, Direction direction, Access access, const char* source,
                          const char* destination) {
  SecurityRule rule;
  rule.name = name;
  rule.priority = priority;
  rule.direction = direction;
  rule.access = access;
  rule.source_prefixes = {tag(source)};
  rule.destination_prefixes = {tag(destination)};
  rule.source_ports = rule.destination_ports = {PortRange{}};
  return rule;
}

constexpr int first_default_priority = 65000;

const std::array<SecurityRule, 6>& six_default_rules() {
  using enum Direction;
  static const std::array<SecurityRule, 6> rules{
      default_rule("AllowVNetInBound", 65000, inbound, Access::allow, "VirtualNetwork", "VirtualNetwork"),
      default_rule("AllowAzureLoadBalancerInBound", 65001, inbound, Access::allow, "AzureLoadBalancer", "*"),
      default_rule("DenyAllInBound", 65500, inbound, Access::deny, "*", "*"),
      default_rule("AllowVnetOutBound", 65000, outbound, Access::allow, "VirtualNetwork", "VirtualNetwork"),
      default_rule("AllowInternetOutBound", 65001, outbound, Access::allow, "*", "Internet"),
      default_rule("DenyAllOutBound", 65500, outbound, Access::deny, "*", "*")};
  return rules;
}

Match protocol_matches(Protocol named, Protocol flow) {
  return named == Protocol::any || named == flow ? Match::yes : Match::no;
}

Match port_matches(const std::vector<PortRange>& ranges, Port port) {
  const auto holds = [&](const PortRange& range) { return range.contains(port); };
  return std::any_of(ranges.begin(), ranges.end(), holds) ? Match::yes : Match::no;
}

// A client's port is chosen by its system, and never a privileged one.
Match source_port_matches(std::vector<PortRange> ranges) {
  constexpr int first_client_port = 1024;
  std::sort(ranges.begin(), ranges.end(), [](const PortRange& a, const PortRange& b) { return a.first < b.first; });
  int next = first_client_port;
  bool overlaps = false;
  for (const PortRange& range : ranges) {
    if (range.last < first_client_port) continue;
    overlaps = true;
    if (range.first <= next) next = std::max(next, range.last + 1);
  }
  if (!overlaps) return Match::no;
  return next > 65535 ? Match::yes : Match::unknown;
}

Match service_matches(Protocol named, const std::vector<PortRange>& source_ports,
                      const std::vector<PortRange>& destination_ports, Protocol protocol, Port port,
                      bool ignores_source_ports) {
  const Match match = all_of(protocol_matches(named, protocol), port_matches(destination_ports, port));
  if (match == Match::no || ignores_source_ports) return match;
  return all_of(match, source_port_matches(source_ports));
}

Match in_groups(const std::vector<std::string>& groups, const NsgEnd& end) {
  if (groups.empty()) return Match::no;
  for (const std::string& group : end.application_security_groups)
    if (std::find(groups.begin(), groups.end(), group) != groups.end()) return Match::yes;
  return end.groups_known ? Match::no : Match::unknown;
}

/// What every kind of rule has.
struct Sides {
  Protocol protocol;
  const std::vector<AddressPrefix>& sources;
  const std::vector<PortRange>& source_ports;
  const std::vector<std::string>& source_groups;
  const std::vector<AddressPrefix>& destinations;
  const std::vector<PortRange>& destination_ports;
  const std::vector<std::string>& destination_groups;
};

std::string missing_for(const SecurityRule& rule) {
  if (std::string tag = undecided_tag(rule.source_prefixes, rule.destination_prefixes); !tag.empty()) return tag;
  if (!rule.source_groups.empty() || !rule.destination_groups.empty())
    return "which machine is meant, and its application security groups";
  return "the exact address or source port";
}

bool is_default(const SecurityRule& rule) { return rule.priority >= first_default_priority; }

NsgDecision decided(Access access, const SecurityRule& rule) {
  return {
      access == Access::allow ? Predicted::allowed : Predicted::denied, rule.name, rule.location, {}, is_default(rule)};
}

}  // namespace

const char* name_of(Protocol protocol) { return protocol == Protocol::udp ? "UDP" : "TCP"; }

std::string undecided_tag(const std::vector<AddressPrefix>& sources, const std::vector<AddressPrefix>& destinations) {
  for (const auto* prefixes : {&sources, &destinations})
    for (const AddressPrefix& prefix : *prefixes)
      if (!prefix.cidr && prefix.tag != "*" && prefix.tag != "VirtualNetwork" && prefix.tag != "Internet")
        return fmt::format("the addresses of the service tag {} (serviceTags:)", prefix.tag);
  return {};
}

std::span<const SecurityRule> default_rules() { return six_default_rules(); }

Match service_matches(const SecurityRule& rule, Protocol protocol, Port port, bool ignores_source_ports) {
  return service_matches(rule.protocol, rule.source_ports, rule.destination_ports, protocol, port,
                         ignores_source_ports);
}

Match end_matches(const Topology& topology, const VirtualNetworkTag& virtual_network,
                  const std::vector<AddressPrefix>& prefixes, const std::vector<std::string>& groups,
                  const NsgEnd& end) {
  if (end.service) return holds_service(topology, virtual_network, prefixes, *end.service);
  return any_of(lies_in_any(topology, virtual_network, prefixes, end.address), in_groups(groups, end));
}

namespace {

Match matches_sides(const Topology& topology, const Sides& rule, const NsgFlow& flow,
                    const VirtualNetworkTag& virtual_network) {
  // The cheap tests first: most rules of a large group are about other ports.
  Match match = service_matches(rule.protocol, rule.source_ports, rule.destination_ports, flow.protocol, flow.port,
                                flow.ignores_source_ports);
  if (match == Match::no) return match;
  match = all_of(match,
                 end_matches(topology, virtual_network, rule.destinations, rule.destination_groups, flow.destination));
  if (match == Match::no) return match;
  return all_of(match, end_matches(topology, virtual_network, rule.sources, rule.source_groups, flow.source));
}

}  // namespace

Match matches(const Topology& topology, const SecurityRule& rule, const NsgFlow& flow,
              const VirtualNetworkTag& virtual_network) {
  return matches_sides(topology,
                       {rule.protocol, rule.source_prefixes, rule.source_ports, rule.source_groups,
                        rule.destination_prefixes, rule.destination_ports, rule.destination_groups},
                       flow, virtual_network);
}

Match matches(const Topology& topology, const AdminRule& rule, const NsgFlow& flow,
              const VirtualNetworkTag& virtual_network) {
  static const std::vector<std::string> no_groups;
  return matches_sides(
      topology,
      {rule.protocol, rule.sources, rule.source_ports, no_groups, rule.destinations, rule.destination_ports, no_groups},
      flow, virtual_network);
}

NsgDecision evaluate(const Topology& topology, const NetworkSecurityGroup& nsg, Direction direction,
                     const NsgFlow& flow, const VirtualNetworkTag& virtual_network) {
  const SecurityRule* first_possible = nullptr;
  bool possible_allow = false, possible_deny = false;
  const auto try_rule = [&](const SecurityRule& rule) -> std::optional<NsgDecision> {
    if (rule.direction != direction) return std::nullopt;
    const Match match = matches(topology, rule, flow, virtual_network);
    if (match == Match::no) return std::nullopt;
    (rule.access == Access::allow ? possible_allow : possible_deny) = true;
    if (match == Match::yes && !(possible_allow && possible_deny)) return decided(rule.access, rule);
    if (first_possible == nullptr) first_possible = &rule;
    if (match == Match::unknown) return std::nullopt;
    return NsgDecision{Predicted::unknown, first_possible->name, first_possible->location, missing_for(*first_possible),
                       is_default(*first_possible)};
  };
  for (const SecurityRule& rule : nsg.rules)
    if (auto decision = try_rule(rule)) return *decision;
  for (const SecurityRule& rule : default_rules())
    if (auto decision = try_rule(rule)) return *decision;
  return decided(Access::deny, default_rules().back());
}

}  // namespace pgpassage::netcheck
