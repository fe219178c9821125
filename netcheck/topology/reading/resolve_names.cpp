#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "netcheck/topology/reading/resolve.hpp"
#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {
namespace {

/// Complains about a name that an earlier object of the list has.
template <class Objects>
Names unique(Resolving& resolving, const Objects& objects, std::string_view noun, std::string_view key = "name") {
  Names names;
  for (const auto& object : objects)
    if (!object.name.empty() && !names.add(object.name))
      resolving.complain(owner(noun, object), key, fmt::format("duplicate name {} of a {}", quoted(object.name), noun),
                         "names are unique within their kind; upper and lower case are the same");
  return names;
}

/// Equal for names that differ by case alone, and, seldom, for others.
std::uint64_t hash_of(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : name) {
    const auto small = static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    hash = (hash ^ small) * 0x100000001b3;
  }
  return hash;
}

/// unique() of a list whose names nobody refers to. Nearly all lists have no two equal hashes, and then no name has to
/// be kept: a large estate has a million.
template <class Objects>
void check_unique(Resolving& resolving, const Objects& objects, std::string_view noun) {
  std::vector<std::uint64_t> hashes;
  hashes.reserve(objects.size());
  for (const auto& object : objects) hashes.push_back(hash_of(object.name));
  std::sort(hashes.begin(), hashes.end());
  if (std::adjacent_find(hashes.begin(), hashes.end()) != hashes.end()) unique(resolving, objects, noun);
}

void unique_records(Resolving& resolving, const PrivateDnsZone& zone) {
  Names names = unique(resolving, zone.a_records, "A record");
  check_unique(resolving, zone.aaaa_records, "AAAA record");
  for (const AaaaRecord& record : zone.aaaa_records) names.add(record.name);
  for (const CnameRecord& record : zone.cname_records)
    if (!record.name.empty() && !names.add(record.name))
      resolving.complain(owner("CNAME record", record), "name",
                         fmt::format("duplicate name {} of a CNAME record", quoted(record.name)),
                         "a name with a CNAME record has no other record");
}

}  // namespace

void resolve_names(Resolving& all) {
  const Topology& topology = all.topology;
  all.virtual_networks = unique(all, topology.virtual_networks, "virtual network");
  all.security_groups = unique(all, topology.network_security_groups, "network security group");
  all.route_tables = unique(all, topology.route_tables, "route table");
  all.sites = unique(all, topology.sites, "site");
  all.zones = unique(all, topology.private_dns_zones, "private DNS zone");
  all.servers = unique(all, topology.servers, "server");
  all.network_groups = unique(all, topology.network_groups, "network group");
  all.outbound_endpoints = unique(all, topology.dns_outbound_endpoints, "DNS outbound endpoint");
  check_unique(all, topology.security_admin_configurations, "security admin configuration");
  for (const SecurityAdminConfiguration& configuration : topology.security_admin_configurations) {
    check_unique(all, configuration.rule_collections, "rule collection");
    for (const RuleCollection& collection : configuration.rule_collections)
      check_unique(all, collection.rules, "security admin rule");
  }
  check_unique(all, topology.network_appliances, "network appliance");
  check_unique(all, topology.virtual_network_gateways, "virtual network gateway");
  check_unique(all, topology.dns_servers, "DNS server");
  check_unique(all, topology.dns_forwarding_rulesets, "DNS forwarding ruleset");
  check_unique(all, topology.dns_inbound_endpoints, "DNS inbound endpoint");
  check_unique(all, topology.private_endpoints, "private endpoint");
  check_unique(all, topology.hosts, "host");
  for (const VirtualNetwork& network : topology.virtual_networks) {
    all.subnets.emplace(network.name, unique(all, network.subnets, "subnet"));
    check_unique(all, network.peerings, "peering");
  }
  for (const NetworkSecurityGroup& group : topology.network_security_groups)
    check_unique(all, group.rules, "security rule");
  for (const RouteTable& table : topology.route_tables) check_unique(all, table.routes, "route");
  for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways)
    check_unique(all, gateway.connections, "gateway connection");
  for (const Site& site : topology.sites) {
    if (site.firewall_rules) check_unique(all, *site.firewall_rules, "site firewall rule");
    if (site.network_acls) check_unique(all, *site.network_acls, "network ACL");
  }
  for (const DnsServer& server : topology.dns_servers) check_unique(all, server.records, "DNS server record");
  for (const PrivateDnsZone& zone : topology.private_dns_zones) {
    check_unique(all, zone.virtual_network_links, "virtual network link");
    unique_records(all, zone);
  }
  for (const Server& server : topology.servers) {
    if (server.firewall_rules) check_unique(all, *server.firewall_rules, "firewall rule");
    if (server.authorized_networks) check_unique(all, *server.authorized_networks, "authorized network");
  }
}

}  // namespace pgpassage::reading
