#include <fmt/format.h>

#include <algorithm>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/nsg.hpp"
#include "scenarios/fix/cures.hpp"

namespace pgpassage::scenarios::fix {
namespace {

using netcheck::Hop;
using netcheck::HopKind;
namespace cause = netcheck::cause;
using Changes = std::vector<Change>;

constexpr int first_default_priority = 65000;

Direction direction_of(const NetworkSecurityGroup& group, const std::string& rule_name) {
  const auto rule = std::ranges::find(group.rules, rule_name, &SecurityRule::name);
  if (rule != group.rules.end()) return rule->direction;
  const auto defaults = netcheck::default_rules();
  const auto known = std::ranges::find(defaults, rule_name, &SecurityRule::name);
  return known == defaults.end() ? Direction::inbound : known->direction;
}

Changes cures_of_group(const Way& way, const Hop& hop) {
  const auto [group_name, rule_name] = split(hop.by, "/");
  const NetworkSecurityGroup* group = find_network_security_group(way.topology(), group_name);
  if (group == nullptr) return {};
  const Direction direction = direction_of(*group, rule_name);
  const auto rule = std::ranges::find(group->rules, rule_name, &SecurityRule::name);
  const Passing passing = passing_of(way, direction);
  if (passing.sources.empty() || passing.destinations.empty()) return {};
  return allow_in_group(*group, direction, rule == group->rules.end() ? first_default_priority : rule->priority,
                        passing);
}

Changes cures_of_site(const Way& way, const Hop& hop, const Site& site) {
  if (!site.firewall_rules) return {};
  const Direction direction = way.from.site == site.name ? Direction::outbound : Direction::inbound;
  const Passing passing = passing_of(way, direction);
  if (passing.sources.empty() || passing.destinations.empty()) return {};
  const std::string by = split(hop.by, "/").second;
  const bool is_rule = std::ranges::find(*site.firewall_rules, by, &SecurityRule::name) != site.firewall_rules->end();
  return {allow_at_site(site, direction, is_rule ? by : "", passing)};
}

bool admits(const Server& server, const IpAddress& address) {
  return server.firewall_rules && std::ranges::any_of(*server.firewall_rules, [&](const FirewallRule& rule) {
           return rule.start_ip_address <= address && address <= rule.end_ip_address;
         });
}

/// Every public address from which the start may be seen has to be let in.
Changes admit_start(const Way& way, const Server& server) {
  Change all;
  for (const IpAddress& address : way.from.egress_ip_addresses) {
    if (admits(server, address)) continue;
    const Change one = allow_address(server, way.from.node, address);
    all.text = all.edits.empty() ? one.text : fmt::format("{}, and {}", all.text, address.to_string());
    all.az_cli.insert(all.az_cli.end(), one.az_cli.begin(), one.az_cli.end());
    all.edits.insert(all.edits.end(), one.edits.begin(), one.edits.end());
  }
  return all.edits.empty() ? Changes{} : Changes{all};
}

Changes cures_of_server(const Way& way, const Hop& hop, const Server& server) {
  if (hop.cause == cause::public_access_disabled) return {enable_public_access(server)};
  if (hop.cause == cause::virtual_network_rule_missing)
    return {add_virtual_network_rule(server, way.from.virtual_network, way.from.subnet)};
  if (hop.cause == cause::service_endpoint_missing)
    if (const Subnet* subnet = find_subnet(way.topology(), way.from.virtual_network, way.from.subnet))
      return {add_service_endpoint(way.from.virtual_network, *subnet)};
  if (hop.cause == cause::authorized_network_missing) return cures_of_authorized_networks(way, server);
  if (hop.cause == cause::firewall_denies)
    return server.authorized_networks ? cures_of_authorized_networks(way, server) : admit_start(way, server);
  return {};
}

Changes cures_of_endpoint(const Way& way, const Hop& hop) {
  if (hop.cause != cause::endpoint_not_approved) return {};
  for (const PrivateEndpoint& endpoint : way.topology().private_endpoints)
    if (endpoint.name == hop.by)
      if (const Server* server = find_server(way.topology(), endpoint.private_link_service))
        return {approve(endpoint, *server)};
  return {};
}

}  // namespace

Passing passing_of(const Way& way, Direction direction) {
  const Topology& topology = way.topology();
  const bool public_way = way.to.address && way.to.address->global();
  const bool translated = public_way && direction == Direction::inbound;
  Passing passing{way.from.node,
                  way.to.node,
                  source_prefixes(topology, way.from, translated),
                  destination_prefixes(topology, way.to),
                  way.port,
                  way.protocol};
  if (!translated || way.to.server == nullptr || !way.to.server->ip_address) return passing;
  const Cidr inner{*way.to.server->ip_address};
  // A network interface has the inner address only; at a site's border it may be either.
  if (way.to.site.empty() && way.to.server->site.empty())
    passing.destinations = {inner};
  else if (std::ranges::find(passing.destinations, inner) == passing.destinations.end())
    passing.destinations.push_back(inner);
  return passing;
}

Changes cures_of_filter(const Way& way, const Hop& hop) {
  if (hop.cause == cause::security_admin_denies) return cures_of_admin_rule(way, hop);
  if (hop.cause == cause::network_acl_denies) return cures_of_acl(way, hop);
  if (hop.kind == HopKind::nsg) return cures_of_group(way, hop);
  if (hop.kind == HopKind::endpoint) return cures_of_endpoint(way, hop);
  if (const Site* site = find_site(way.topology(), hop.at)) return cures_of_site(way, hop, *site);
  const Server* server = find_server(way.topology(), hop.at);
  return server == nullptr ? Changes{} : cures_of_server(way, hop, *server);
}

}  // namespace pgpassage::scenarios::fix
