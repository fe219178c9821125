// What Azure could never hold: azure-facts 2.10 and 2.12.
#include <fmt/format.h>

#include "netcheck/topology/reading/resolve.hpp"
#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {
namespace {

constexpr std::size_t max_zones_of_group = 5;
constexpr std::size_t max_outbound_endpoints = 2;  // of a ruleset

void check_links(Resolving& all, const PrivateDnsZone& zone, Names& registering) {
  Names linked;
  for (const VirtualNetworkLink& link : zone.virtual_network_links) {
    const Owner of = owner("virtual network link", link);
    if (link.virtual_network.empty()) continue;
    if (!linked.add(link.virtual_network))
      all.complain(of, "virtualNetwork",
                   fmt::format("a second link of zone {} to {}", quoted(zone.name), quoted(link.virtual_network)));
    if (link.registration_enabled && !registering.add(link.virtual_network))
      all.complain(of, "registrationEnabled",
                   fmt::format("a second zone registers the machines of {}, one may", quoted(link.virtual_network)));
  }
}

void check_ruleset(Resolving& all, const DnsForwardingRuleset& ruleset) {
  if (ruleset.resolver_outbound_endpoints.size() > max_outbound_endpoints)
    all.complain(owner("DNS forwarding ruleset", ruleset), "dnsResolverOutboundEndpoints",
                 fmt::format("{} outbound endpoints in DNS forwarding ruleset {}, at most {} are possible",
                             ruleset.resolver_outbound_endpoints.size(), quoted(ruleset.name), max_outbound_endpoints));
  Names domains;
  for (const ForwardingRule& rule : ruleset.rules)
    if (!rule.domain_name.empty() && !domains.add(rule.domain_name))
      all.complain(Owner{"forwarding rule", rule.domain_name, rule.location}, "domainName",
                   fmt::format("a second rule for {} in DNS forwarding ruleset {}", quoted(rule.domain_name),
                               quoted(ruleset.name)));
}

}  // namespace

void check_dns(Resolving& all) {
  Names registering;
  for (const PrivateDnsZone& zone : all.topology.private_dns_zones) check_links(all, zone, registering);
  for (const DnsForwardingRuleset& ruleset : all.topology.dns_forwarding_rulesets) check_ruleset(all, ruleset);
  for (const PrivateEndpoint& endpoint : all.topology.private_endpoints)
    if (endpoint.private_dns_zone_group.size() > max_zones_of_group)
      all.complain(owner("private endpoint", endpoint), "privateDnsZoneGroup",
                   fmt::format("{} zones in the group of {}, at most {} are possible",
                               endpoint.private_dns_zone_group.size(), quoted(endpoint.name), max_zones_of_group));
}

}  // namespace pgpassage::reading
