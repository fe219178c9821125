// What the keys of one object must be together. Rules of Azure's are from azure-facts 2.1-2.12.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "netcheck/base/azure_dns.hpp"
#include "netcheck/topology/reading/kinds.hpp"
#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {
namespace {

constexpr int lowest_priority = 100;
constexpr int highest_priority = 4096;
constexpr std::size_t max_databases = 8;        // in one attempt of the migration service
constexpr std::size_t max_ruleset_targets = 6;  // Azure DNS Private Resolver

/// A side of an NSG rule says whom it means, and Azure takes one service tag there.
void check_side(Reading& reading, std::string_view side, const std::vector<AddressPrefix>& prefixes, bool groups) {
  if (prefixes.empty() && !groups)
    reading.complain(*reading.object(),
                     fmt::format("missing key '{}AddressPrefix' in {}", side, reading.object_name()));
  const auto tags = std::count_if(prefixes.begin(), prefixes.end(), [](const auto& prefix) { return !prefix.cidr; });
  if (tags > 1)
    reading.complain_at(
        fmt::format("{}AddressPrefixes", side),
        fmt::format("more than one service tag in {}AddressPrefixes of {}", side, reading.object_name()),
        "write one rule per tag");
}

void fill_ports(SecurityRule& rule) {
  if (rule.source_ports.empty()) rule.source_ports.emplace_back();
  if (rule.destination_ports.empty()) rule.destination_ports.emplace_back();
}

bool needs_port(const SecurityRule& rule) {
  return rule.protocol == Protocol::tcp || rule.protocol == Protocol::udp || rule.protocol == Protocol::any;
}

void check_priority(Reading& reading, int priority) {
  if (priority >= lowest_priority && priority <= highest_priority) return;
  const Node* value = document::value_of(*reading.object(), "priority");
  const bool was_read = value != nullptr && value->kind == Kind::plain && (priority != 0 || value->text() == "0");
  if (was_read)
    reading.complain(*value, fmt::format("priority {} of {} is not in {}-{}", priority, reading.object_name(),
                                         lowest_priority, highest_priority));
}

}  // namespace

void finish_route(Reading& reading, void* object) {
  const Route& route = *static_cast<Route*>(object);
  if (reading.broken(route.location, {"nextHopType", "nextHopIpAddress"})) return;
  const bool appliance = route.next_hop_type == NextHopType::virtual_appliance;
  if (appliance && !route.next_hop_ip_address)
    reading.complain(*reading.object(), fmt::format("missing key 'nextHopIpAddress' in {}", reading.object_name()),
                     "VirtualAppliance needs the address of the appliance");
  if (!appliance && route.next_hop_ip_address)
    reading.complain_at("nextHopIpAddress",
                        fmt::format("'nextHopIpAddress' with nextHopType {} in {}", to_string(route.next_hop_type),
                                    reading.object_name()),
                        "only VirtualAppliance takes an address");
}

void finish_security_rule(Reading& reading, void* object) {
  SecurityRule& rule = *static_cast<SecurityRule*>(object);
  check_priority(reading, rule.priority);
  const Location at = rule.location;
  if (!reading.broken(at, {"sourceAddressPrefix", "sourceAddressPrefixes", "sourceApplicationSecurityGroups"}))
    check_side(reading, "source", rule.source_prefixes, !rule.source_groups.empty());
  if (!reading.broken(
          at, {"destinationAddressPrefix", "destinationAddressPrefixes", "destinationApplicationSecurityGroups"}))
    check_side(reading, "destination", rule.destination_prefixes, !rule.destination_groups.empty());
  if (rule.destination_ports.empty() && needs_port(rule) &&
      !reading.broken(at, {"protocol", "destinationPortRange", "destinationPortRanges"}))
    reading.complain(*reading.object(), fmt::format("missing key 'destinationPortRange' in {}", reading.object_name()),
                     "\"*\" is every port");
  fill_ports(rule);
}

void finish_firewall_rule(Reading&, void* object) {
  SecurityRule& rule = *static_cast<SecurityRule*>(object);
  if (rule.source_prefixes.empty()) rule.source_prefixes.push_back({{}, "*"});
  if (rule.destination_prefixes.empty()) rule.destination_prefixes.push_back({{}, "*"});
  fill_ports(rule);
}

namespace {

bool inside(const Site& site, const Cidr& prefix) {
  return std::any_of(site.address_prefixes.begin(), site.address_prefixes.end(),
                     [&](const Cidr& own) { return own.contains(prefix); });
}

/// Each subnet of AWS has exactly one network ACL.
void check_network_acls(Reading& reading, const Site& site) {
  if (site.kind != SiteKind::aws)
    return reading.complain_at(
        "networkAcls",
        fmt::format("'networkAcls' in {}, whose kind is {}", reading.object_name(), to_string(site.kind)),
        "only aws has network ACLs; firewallRules are every site's");
  const NetworkAcl* fallback = nullptr;
  std::vector<std::pair<Cidr, const NetworkAcl*>> taken;
  for (const NetworkAcl& acl : *site.network_acls) {
    if (reading.broken(acl.location)) continue;
    if (acl.is_default && fallback != nullptr)
      reading.complain(acl.location, fmt::format("a second default network ACL beside {}", quoted(fallback->name)));
    if (acl.is_default) fallback = &acl;
    for (const Cidr& subnet : acl.associations) {
      if (!inside(site, subnet))
        reading.complain(acl.location, fmt::format("{} of network ACL {} lies outside {}", subnet.to_string(),
                                                   quoted(acl.name), reading.object_name()));
      for (const auto& [other, owner] : taken)
        if (other.overlaps(subnet))
          reading.complain(acl.location,
                           fmt::format("{} of network ACL {} overlaps {} of network ACL {}", subnet.to_string(),
                                       quoted(acl.name), other.to_string(), quoted(owner->name)),
                           "a subnet has one network ACL");
      taken.emplace_back(subnet, &acl);
    }
  }
}

}  // namespace

void finish_site(Reading& reading, void* object) {
  Site& site = *static_cast<Site*>(object);
  if (site.network_acls && !reading.broken(site.location)) check_network_acls(reading, site);
  if (!site.firewall_rules) return;
  int position = 0;
  for (SecurityRule& rule : *site.firewall_rules) {
    rule.priority = ++position;
    if (site.kind == SiteKind::aws && rule.access == Access::deny && !reading.broken(rule.location, {"access"}))
      reading.complain(
          rule.location,
          fmt::format("site firewall rule {} denies: security groups of aws only allow", quoted(rule.name)),
          "leave it out: what no rule allows is denied");
  }
}

void finish_gateway(Reading& reading, void* object) {
  const VirtualNetworkGateway& gateway = *static_cast<VirtualNetworkGateway*>(object);
  if (reading.broken(gateway.location) || gateway.type != GatewayType::vpn) return;
  for (const GatewayConnection& connection : gateway.connections)
    if (connection.learned_routes && !connection.enable_bgp && !reading.broken(connection.location))
      reading.complain(
          connection.location,
          fmt::format("'learnedRoutes' without enableBgp in gateway connection {}", quoted(connection.name)),
          "enableBgp: true");
}

void finish_server_record(Reading& reading, void* object) {
  const ARecord& record = *static_cast<ARecord*>(object);
  finish_ttl(reading, record.ttl_seconds);
  const auto given = [&](std::string_view key) { return document::value_of(*reading.object(), key) != nullptr; };
  if (!given("ipv4Addresses") && !given("ipv6Addresses"))
    reading.complain(*reading.object(),
                     fmt::format("missing key 'ipv4Addresses' or 'ipv6Addresses' in {}", reading.object_name()));
}

void finish_zone(Reading& reading, void* object) {
  const PrivateDnsZone& zone = *static_cast<PrivateDnsZone*>(object);
  if (!zone.name.empty() && zone.name.find('.') == zone.name.npos)
    reading.complain_at(
        "name", fmt::format("the zone name {} has one label; a private DNS zone has 2 to 34", quoted(zone.name)));
  const bool privatelink = zone.name.starts_with("privatelink.") || zone.name.find(".privatelink.") != zone.name.npos;
  for (const VirtualNetworkLink& link : zone.virtual_network_links)
    if (link.resolution_policy == ResolutionPolicy::nx_domain_redirect && !privatelink && !zone.name.empty())
      reading.complain(
          link.location,
          fmt::format("resolutionPolicy NxDomainRedirect in {}: only privatelink zones have it", reading.object_name()),
          "Default");
}

void finish_forwarding_rule(Reading& reading, void* object) {
  const auto& targets = static_cast<ForwardingRule*>(object)->target_dns_servers;
  if (std::find(targets.begin(), targets.end(), azure_dns) != targets.end())
    reading.complain_at("targetDnsServers", "a forwarding rule may not target 168.63.129.16",
                        "what no rule matches goes to Azure's DNS by itself");
  if (targets.size() > max_ruleset_targets)
    reading.complain_at("targetDnsServers", fmt::format("{} targets in a forwarding rule, at most {} are possible",
                                                        targets.size(), max_ruleset_targets));
}

void finish_ttl(Reading& reading, int ttl_seconds) {
  if (ttl_seconds < 1) reading.complain_at("ttl", fmt::format("ttl {} is not positive", ttl_seconds));
}

void finish_firewall_range(Reading& reading, void* object) {
  const FirewallRule& rule = *static_cast<FirewallRule*>(object);
  if (!reading.broken(rule.location, {"startIpAddress", "endIpAddress"}) && rule.end_ip_address < rule.start_ip_address)
    reading.complain_at("endIpAddress",
                        fmt::format("{} ends at {}, before its start {}", reading.object_name(),
                                    rule.end_ip_address.to_string(), rule.start_ip_address.to_string()));
}

void finish_server(Reading& reading, void* object) {
  const Server& server = *static_cast<Server*>(object);
  if (!reading.broken(server.location, {"kind", "authorizedNetworks"}) && server.authorized_networks &&
      server.kind != ServerKind::google_cloud_sql)
    reading.complain_at(
        "authorizedNetworks",
        fmt::format("'authorizedNetworks' in {}, whose kind is {}", reading.object_name(), to_string(server.kind)),
        "firewallRules");
  if (server.storage_gb && *server.storage_gb < 1)
    reading.complain_at("storageGb", fmt::format("storageGb {} is not positive", *server.storage_gb));
  if (reading.broken(server.location, {"access", "virtualNetwork", "subnet"}) ||
      server.access != ServerAccess::vnet_integrated)
    return;
  for (const auto& [key, value] : {std::pair{"virtualNetwork", &server.virtual_network}, {"subnet", &server.subnet}})
    if (value->empty())
      reading.complain(*reading.object(), fmt::format("missing key '{}' in {}", key, reading.object_name()),
                       "a vnetIntegrated server lives in a subnet");
}

void finish_migration(Reading& reading, void* object) {
  const auto& databases = static_cast<Migration*>(object)->databases;
  const Node* list = document::value_of(*reading.object(), "databases");
  if (list == nullptr || list->kind != Kind::sequence) return;
  if (databases.size() > max_databases)
    reading.complain(*list, fmt::format("{} databases, at most {} in one attempt", databases.size(), max_databases),
                     "move the others in a second migration");
  std::unordered_set<std::string_view> seen;  // PostgreSQL's names differ by case
  for (const Node* element = list->begin(); element != list->end() && !reading.full(); element = element->after())
    if (element->scalar() && !seen.insert(element->text()).second)
      reading.complain(*element, fmt::format("database {} is listed twice", quoted(element->text())));
}

}  // namespace pgpassage::reading
