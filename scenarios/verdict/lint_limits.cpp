#include <fmt/format.h>

#include <algorithm>

#include "scenarios/verdict/lint.hpp"

namespace pgpassage::scenarios {
namespace {

/// azure-facts 2.1.13, 2.3.6, 2.4.4, 2.5, 2.10.2 and 2.10.7.
constexpr std::size_t rules_of_group = 1000, prefixes_of_side = 4000, routes_of_table = 400, peerings_of_network = 500,
                      subnets_of_network = 3000, dns_servers_of_network = 20, links_of_zone = 1000,
                      records_of_zone = 25'000, addresses_of_record = 20, rules_of_ruleset = 1000,
                      servers_of_forwarding = 6;

class Limits {
 public:
  explicit Limits(const Lint& lint) : lint_{lint} {}

  void check(const std::string& name, std::string_view what, std::size_t count, std::size_t limit, Location location) {
    ++looked_at_;
    if (count <= limit) return;
    lint_.warn(rules::azure_limits, {name,
                                     fmt::format("{} has {} {}; Azure's limit is {}", name, count, what, limit),
                                     {},
                                     location,
                                     {{"name", name},
                                      {"what", std::string{what}},
                                      {"count", std::to_string(count)},
                                      {"limit", std::to_string(limit)}}});
  }

  std::size_t looked_at() const { return looked_at_; }

 private:
  const Lint& lint_;
  std::size_t looked_at_ = 0;
};

void check_group(Limits& limits, const NetworkSecurityGroup& nsg) {
  limits.check(nsg.name, "security rules", nsg.rules.size(), rules_of_group, nsg.location);
  std::size_t widest = 0;
  const SecurityRule* rule = nullptr;
  for (const SecurityRule& next : nsg.rules) {
    const std::size_t count = std::max(next.source_prefixes.size(), next.destination_prefixes.size());
    if (count > widest) widest = count, rule = &next;
  }
  if (rule)
    limits.check(fmt::format("{}/{}", nsg.name, rule->name), "prefixes on a side", widest, prefixes_of_side,
                 rule->location);
}

void check_network(Limits& limits, const VirtualNetwork& network) {
  limits.check(network.name, "subnets", network.subnets.size(), subnets_of_network, network.location);
  limits.check(network.name, "peerings", network.peerings.size(), peerings_of_network, network.location);
  limits.check(network.name, "DNS servers", network.dns_servers.size(), dns_servers_of_network, network.location);
}

void check_zone(Limits& limits, const PrivateDnsZone& zone) {
  limits.check(zone.name, "links", zone.virtual_network_links.size(), links_of_zone, zone.location);
  limits.check(zone.name, "record sets", zone.a_records.size() + zone.cname_records.size(), records_of_zone,
               zone.location);
  for (const ARecord& record : zone.a_records)
    limits.check(fmt::format("{}.{}", record.name, zone.name), "addresses", record.ipv4_addresses.size(),
                 addresses_of_record, record.location);
}

void check_ruleset(Limits& limits, const DnsForwardingRuleset& ruleset) {
  limits.check(ruleset.name, "rules", ruleset.rules.size(), rules_of_ruleset, ruleset.location);
  for (const ForwardingRule& rule : ruleset.rules)
    limits.check(fmt::format("{}/{}", ruleset.name, rule.domain_name), "DNS servers", rule.target_dns_servers.size(),
                 servers_of_forwarding, rule.location);
}

}  // namespace

void lint_limits(const Lint& lint) {
  const Topology& topology = lint.checked.topology;
  Limits limits{lint};
  for (const NetworkSecurityGroup& nsg : topology.network_security_groups) check_group(limits, nsg);
  for (const RouteTable& table : topology.route_tables)
    limits.check(table.name, "routes", table.routes.size(), routes_of_table, table.location);
  for (const VirtualNetwork& network : topology.virtual_networks) check_network(limits, network);
  for (const PrivateDnsZone& zone : topology.private_dns_zones) check_zone(limits, zone);
  for (const DnsForwardingRuleset& ruleset : topology.dns_forwarding_rulesets) check_ruleset(limits, ruleset);
  lint.pass(rules::azure_limits, limits.looked_at(), "numbers that Azure limits");
}

}  // namespace pgpassage::scenarios
