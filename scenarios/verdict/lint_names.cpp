#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "netcheck/base/azure_dns.hpp"
#include "scenarios/verdict/lint.hpp"

namespace pgpassage::scenarios {
namespace {

constexpr std::string_view public_suffix = "postgres.database.azure.com";

/// The public suffix itself, or a name above it.
bool captures(std::string_view zone) {
  return zone == public_suffix || (public_suffix.ends_with(zone) && zone.size() < public_suffix.size() &&
                                   public_suffix[public_suffix.size() - zone.size() - 1] == '.');
}

void lint_zone(const Lint& lint, const PrivateDnsZone& zone) {
  const std::string vnet = lint.checked.crossing().virtual_network;
  if (zone.virtual_network_links.empty())
    return lint.warn(rules::zone_unused,
                     {zone.name,
                      fmt::format("Zone {} is linked to no virtual network, so nobody asks it", zone.name),
                      {},
                      zone.location,
                      {{"zone", zone.name}, {"vnet", vnet.empty() ? "\"$VNET\"" : vnet}}});
  if (captures(zone.name))
    lint.warn(rules::zone_captures_public_names,
              {zone.name,
               fmt::format("Zone {} answers for every server below {} in the networks that are linked, and hides those "
                           "that it has no record for",
                           zone.name, public_suffix),
               {},
               zone.location,
               {{"zone", zone.name}}});
}

void lint_zone_groups(const Lint& lint) {
  std::map<std::pair<std::string_view, std::string_view>, const PrivateEndpoint*> writers;  // by server and zone
  for (const PrivateEndpoint& endpoint : lint.checked.topology.private_endpoints)
    for (const std::string& zone : endpoint.private_dns_zone_group) {
      const auto [first, added] = writers.try_emplace({endpoint.private_link_service, zone}, &endpoint);
      if (added || first->second == &endpoint) continue;
      lint.warn(rules::record_written_twice,
                {endpoint.name,
                 fmt::format("{} and {} both write the record of {} into zone {}", first->second->name, endpoint.name,
                             endpoint.private_link_service, zone),
                 {},
                 endpoint.location,
                 {{"endpoint", endpoint.name}}});
    }
}

/// Why a rule cannot work for a network that the ruleset is linked to; empty when it can.
std::string loop_of(const Topology& topology, const ForwardingRule& rule, std::string_view network) {
  for (const IpAddress& address : rule.target_dns_servers) {
    if (address == azure_dns) return "it names 168.63.129.16";
    for (const DnsInboundEndpoint& endpoint : topology.dns_inbound_endpoints)
      if (endpoint.ip_address == address && endpoint.virtual_network == network)
        return fmt::format("it names the inbound endpoint {}, which stands in {} and asks the ruleset again",
                           endpoint.name, network);
  }
  return "";
}

void lint_ruleset(const Lint& lint, const DnsForwardingRuleset& ruleset) {
  for (const ForwardingRule& rule : ruleset.rules)
    for (const std::string& network : ruleset.virtual_network_links) {
      const std::string why = rule.enabled ? loop_of(lint.checked.topology, rule, network) : "";
      if (why.empty()) continue;
      lint.warn(rules::forwarding_loop,
                {fmt::format("{}/{}", ruleset.name, rule.domain_name),
                 fmt::format("The rule for {} cannot work in {}: {}", rule.domain_name, network, why),
                 {},
                 rule.location,
                 {{"ruleset", ruleset.name}, {"vnet", network}, {"domain", rule.domain_name}}});
      break;
    }
}

}  // namespace

void lint_names(const Lint& lint) {
  const Topology& topology = lint.checked.topology;
  for (const PrivateDnsZone& zone : topology.private_dns_zones) lint_zone(lint, zone);
  lint_zone_groups(lint);
  for (const DnsForwardingRuleset& ruleset : topology.dns_forwarding_rulesets) lint_ruleset(lint, ruleset);
  lint.pass(rules::zone_unused, topology.private_dns_zones.size(), "private zones");
  lint.pass(rules::zone_captures_public_names, topology.private_dns_zones.size(), "private zones");
  lint.pass(rules::record_written_twice, topology.private_endpoints.size(), "private endpoints");
  lint.pass(rules::forwarding_loop, topology.dns_forwarding_rulesets.size(), "forwarding rulesets");
}

}  // namespace pgpassage::scenarios
