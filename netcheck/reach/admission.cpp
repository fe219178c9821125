#include <fmt/format.h>

#include <algorithm>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/filters.hpp"
#include "netcheck/reach/passes.hpp"

namespace pgpassage::netcheck {
namespace {

Hop server_hop(const Server& server, Decision decision, std::string by, Location location, const char* cause,
               std::string detail) {
  return {Leg::there, server.name, HopKind::firewall, decision, std::move(by), location, cause, std::move(detail)};
}

bool azure_service(const Server& server) {
  return server.kind == ServerKind::single_server || server.kind == ServerKind::flexible_server;
}

bool sends_from_azure(const Place& place) {
  if (place.kind == Place::Kind::in_virtual_network) return true;
  return place.server != nullptr && (azure_service(*place.server) || place.server->kind == ServerKind::azure_vm);
}

// 0.0.0.0-0.0.0.0 stands for "any Azure service", on Azure servers only (contract 6.8).
bool azure_services_rule(const Server& server, const FirewallRule& rule) {
  const IpAddress zero;
  return azure_service(server) && rule.start_ip_address == zero && rule.end_ip_address == zero;
}

bool everyone(const FirewallRule& rule) {
  return rule.start_ip_address == IpAddress{} && rule.end_ip_address == IpAddress::from_ipv4(0xffffffff);
}

const FirewallRule* rule_for(const std::vector<FirewallRule>& rules, const IpAddress& address) {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const FirewallRule& rule) {
    return rule.start_ip_address.family() == address.family() && rule.start_ip_address <= address &&
           address <= rule.end_ip_address;
  });
  return found == rules.end() ? nullptr : &*found;
}

Hop by_rule(const Server& server, const FirewallRule& rule, std::string detail) {
  return server_hop(server, Decision::allow, fmt::format("{}/{}", server.name, rule.name), rule.location,
                    pass::firewall_rule, std::move(detail));
}

Hop by_list(const Server& server, Decision decision, const char* cause, std::string detail) {
  return server_hop(
      server, decision,
      fmt::format("{}/{}", server.name, server.authorized_networks ? "authorizedNetworks" : "firewallRules"),
      server.location, cause, std::move(detail));
}

// Cloud SQL's authorized networks are ranges like any other's.
std::optional<std::vector<FirewallRule>> firewall_of(const Server& server) {
  if (!server.authorized_networks) return server.firewall_rules;
  std::vector<FirewallRule> rules;
  for (const AuthorizedNetwork& network : *server.authorized_networks)
    rules.push_back({network.name.empty() ? network.value.to_string() : network.name, network.value.first(),
                     network.value.last(), network.location});
  return rules;
}

Hop firewall_hop(const Place& from, const Server& server, const AddressSpan& egress) {
  const std::optional<std::vector<FirewallRule>> listed = firewall_of(server);
  if (!listed)
    return by_list(server, Decision::unknown, cause::firewall_not_described,
                   fmt::format("the firewall of {} is not described (firewallRules)", server.name));
  const std::vector<FirewallRule>& rules = *listed;
  for (const FirewallRule& rule : rules) {
    if (azure_services_rule(server, rule) && sends_from_azure(from)) return by_rule(server, rule, "any Azure service");
    if (everyone(rule)) return by_rule(server, rule, "every address");
  }
  if (rules.empty() || std::all_of(rules.begin(), rules.end(),
                                   [&](const FirewallRule& rule) { return azure_services_rule(server, rule); }))
    return by_list(server, Decision::deny, cause::firewall_denies,
                   fmt::format("no firewall rule of {} admits {}", server.name, from.node));
  if (egress.any_public || egress.prefixes.empty())
    return by_list(server, Decision::unknown, cause::egress_address_unknown,
                   fmt::format("the public address of {} is not given (egressIpAddresses)", from.node));
  const FirewallRule* first = nullptr;
  std::vector<std::string> refused;
  for (const Cidr& address : egress.prefixes) {
    const FirewallRule* rule = rule_for(rules, address.first());
    if (rule == nullptr || rule != rule_for(rules, address.last()))
      refused.push_back(address.first().to_string());
    else if (first == nullptr)
      first = rule;
  }
  if (refused.empty()) return by_rule(server, *first, "");
  if (first == nullptr)
    return by_list(server, Decision::deny, cause::firewall_denies,
                   fmt::format("no firewall rule of {} admits {}", server.name, fmt::join(refused, ", ")));
  return by_list(
      server, Decision::unknown, cause::firewall_undecided,
      fmt::format("{} is not admitted, other public addresses of {} are", fmt::join(refused, ", "), from.node));
}

const SubnetReference* virtual_network_rule_for(const Server& server, std::string_view network,
                                                std::string_view subnet) {
  if (network.empty() || server.kind != ServerKind::single_server) return nullptr;
  for (const SubnetReference& rule : server.virtual_network_rules)
    if (rule.virtual_network == network && rule.subnet == subnet) return &rule;
  return nullptr;
}

std::string rule_name(const Server& server, const SubnetReference& rule) {
  return fmt::format("{}/virtualNetworkRules {}/{}", server.name, rule.virtual_network, rule.subnet);
}

// With the service endpoint the server sees the subnet, and its address ranges no longer count (azure-facts 2.7.2).
Hop virtual_network_rule_hop(const Server& server, const VirtualNetwork& network, const Subnet& subnet) {
  if (const SubnetReference* rule = virtual_network_rule_for(server, network.name, subnet.name))
    return server_hop(server, Decision::allow, rule_name(server, *rule), rule->location, pass::virtual_network_rule,
                      "");
  return server_hop(server, Decision::deny, fmt::format("{}/virtualNetworkRules", server.name), server.location,
                    cause::virtual_network_rule_missing,
                    fmt::format("{} has no virtual network rule for {}/{}, which comes by its service endpoint",
                                server.name, network.name, subnet.name));
}

Hop without_service_endpoint(const Server& server, const Place& from, Hop hop) {
  const SubnetReference* rule = virtual_network_rule_for(server, from.virtual_network, from.subnet);
  if (rule == nullptr || hop.decision == Decision::allow || hop.cause == cause::firewall_undecided) return hop;
  return server_hop(
      server, Decision::deny, rule_name(server, *rule), rule->location, cause::service_endpoint_missing,
      fmt::format("the rule needs the service endpoint Microsoft.Sql on {}, in the server's region", from.subnet));
}

void filter_at_site_of(Walk& walk, const Site& site, const AddressSpan& egress) {
  NsgEnd end = nsg_end(walk.flow.topology, walk.flow.to, walk.destination);
  // Whether the rules name the public or the inner address depends on where the site translates.
  if (walk.flow.to.server->ip_address) end.address.prefixes.push_back(Cidr{*walk.flow.to.server->ip_address});
  filter_at_site(walk, site, Direction::inbound,
                 {nsg_end(walk.flow.topology, walk.flow.from, egress), end, walk.flow.port, false, walk.flow.protocol});
}

// A public address of AWS is translated before the subnet's network ACL sees the packet.
void filter_at_network_acl_of(Walk& walk, const Site& site, const AddressSpan& egress) {
  const Server& server = *walk.flow.to.server;
  AddressSpan local{site.address_prefixes, false};
  if (server.ip_address) local = span_of(*server.ip_address);
  filter_at_network_acl(walk, site, {false, local, egress, {walk.flow.port, walk.flow.port}, walk.flow.protocol});
  Walk back = walk;
  back.leg = Leg::back;
  filter_at_network_acl(back, site, {true, local, egress, client_ports, walk.flow.protocol});
}

}  // namespace

void check_authorized_networks(Walk& walk, const Server& server, const AddressSpan& source) {
  static const std::vector<Cidr> rfc1918{*Cidr::parse("10.0.0.0/8"), *Cidr::parse("172.16.0.0/12"),
                                         *Cidr::parse("192.168.0.0/16")};
  const Match is_private = lies_in(source, rfc1918);
  if (server.kind != ServerKind::google_cloud_sql || is_private == Match::yes) return;
  std::vector<Cidr> authorized = rfc1918;
  if (server.authorized_networks)
    for (const AuthorizedNetwork& network : *server.authorized_networks) authorized.push_back(network.value);
  const Match match = server.authorized_networks ? lies_in(source, authorized) : Match::unknown;
  const std::string by = fmt::format("{}/authorizedNetworks", server.name);
  if (match == Match::yes)
    return add_hop(walk, server_hop(server, Decision::allow, by, server.location, pass::authorized_network,
                                    "its address is authorized"));
  add_hop(walk, server_hop(server, match == Match::no ? Decision::deny : Decision::unknown, by, server.location,
                           match == Match::no ? cause::authorized_network_missing
                                              : (server.authorized_networks ? cause::firewall_undecided
                                                                            : cause::firewall_not_described),
                           "a client from outside RFC 1918 needs an authorized network, by the private address too"));
}

AddressSpan egress_of(const Flow& flow, const Passage& passage) {
  const Place& place = flow.from;
  AddressSpan span;
  const bool given = place.server == nullptr || !place.server->egress_ip_addresses.empty();
  const bool its_own_way = passage.appliances.empty() && !passage.undecided;
  if (given || its_own_way)
    for (const IpAddress& address : place.egress_ip_addresses)
      if (address.family() == flow.family) span.prefixes.emplace_back(address);
  if (span.prefixes.empty() && place.kind == Place::Kind::internet && place.server == nullptr && place.address)
    return span_of(*place.address);
  span.any_public = span.prefixes.empty();
  span.public_family = flow.family;
  return span;
}

void admit_at_public_server(Walk& walk, const Passage& passage) {
  const Server* server = walk.flow.to.server;
  if (server == nullptr) return;
  const Place& from = walk.flow.from;
  if (server->public_network_access == false)
    add_hop(walk, server_hop(*server, Decision::deny, fmt::format("{}/publicNetworkAccess", server->name),
                             server->location, cause::public_access_disabled, "publicNetworkAccess is Disabled"));
  if (passage.service_endpoint_subnet != nullptr) {
    Hop hop = virtual_network_rule_hop(*server, *passage.service_endpoint_network, *passage.service_endpoint_subnet);
    if (passage.undecided && hop.decision == Decision::deny) hop.decision = Decision::unknown;
    return add_hop(walk, std::move(hop));
  }
  const AddressSpan egress = egress_of(walk.flow, passage);
  const Site* site = find_site(walk.flow.topology, server->site);
  if (site != nullptr) filter_at_network_acl_of(walk, *site, egress);
  if (site != nullptr && site->firewall_rules) {
    filter_at_site_of(walk, *site, egress);
    if (!firewall_of(*server)) return;
  }
  if (!firewall_of(*server) && walk.flow.to.kind == Place::Kind::in_virtual_network) return;
  add_hop(walk, without_service_endpoint(*server, from, firewall_hop(from, *server, egress)));
}

}  // namespace pgpassage::netcheck
