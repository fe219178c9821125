#include <fmt/format.h>

#include "netcheck/topology/reading/resolve.hpp"
#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {
namespace {

void resolve_network(Resolving& all, VirtualNetwork& network) {
  for (Subnet& subnet : network.subnets) {
    const Owner of = owner("subnet", subnet);
    all.refer(all.security_groups, "network security group", subnet.network_security_group, of, "networkSecurityGroup");
    all.refer(all.route_tables, "route table", subnet.route_table, of, "routeTable");
  }
  for (Peering& peering : network.peerings)
    all.refer(all.virtual_networks, "virtual network", peering.remote_virtual_network, owner("peering", peering),
              "remoteVirtualNetwork");
}

/// A list of names under one key.
void refer_all(Resolving& all, const Names& names, std::string_view noun, std::vector<std::string>& references,
               const Owner& of, std::string_view key) {
  for (std::size_t i = 0; i < references.size(); ++i) all.refer(names, noun, references[i], of, key, i);
}

void resolve_server(Resolving& all, Server& server) {
  const Owner of = owner("server", server);
  all.refer_subnet(server.virtual_network, server.subnet, of);
  all.refer(all.sites, "site", server.site, of, "site");
  all.refer(all.security_groups, "network security group", server.network_security_group, of, "networkSecurityGroup");
  all.refer(all.zones, "private DNS zone", server.private_dns_zone, of, "privateDnsZone");
  for (SubnetReference& rule : server.virtual_network_rules)
    all.refer_subnet(rule.virtual_network, rule.subnet, Owner{"virtual network rule of", server.name, rule.location});
}

void resolve_migration(Resolving& all, Migration& migration) {
  const Owner of = owner("migration", migration);
  all.refer(all.servers, "server", migration.source, of, "source");
  all.refer(all.servers, "server", migration.target, of, "target");
  all.refer(all.servers, "server", migration.runtime_server, of, "runtimeServer");
  if (migration.target.empty()) return;
  if (migration.runtime_server == migration.target)
    all.complain(of, "runtimeServer", fmt::format("the runtime server {} is the target", quoted(migration.target)),
                 "name another flexible server, or leave runtimeServer out");
  if (migration.source == migration.target)
    all.complain(of, "target", fmt::format("the target {} is the source", quoted(migration.target)));
}

}  // namespace

void resolve_references(Resolving& all) {
  Topology& topology = all.topology;
  for (VirtualNetwork& network : topology.virtual_networks) resolve_network(all, network);
  for (NetworkAppliance& appliance : topology.network_appliances)
    all.refer_subnet(appliance.virtual_network, appliance.subnet, owner("network appliance", appliance));
  for (VirtualNetworkGateway& gateway : topology.virtual_network_gateways) {
    all.refer(all.virtual_networks, "virtual network", gateway.virtual_network,
              owner("virtual network gateway", gateway), "virtualNetwork");
    for (GatewayConnection& connection : gateway.connections)
      all.refer(all.sites, "site", connection.site, owner("gateway connection", connection), "site");
  }
  for (DnsServer& server : topology.dns_servers) {
    all.refer_subnet(server.virtual_network, server.subnet, owner("DNS server", server));
    all.refer(all.sites, "site", server.site, owner("DNS server", server), "site");
  }
  for (PrivateDnsZone& zone : topology.private_dns_zones)
    for (VirtualNetworkLink& link : zone.virtual_network_links)
      all.refer(all.virtual_networks, "virtual network", link.virtual_network, owner("virtual network link", link),
                "virtualNetwork");
  for (DnsForwardingRuleset& ruleset : topology.dns_forwarding_rulesets) {
    const Owner of = owner("DNS forwarding ruleset", ruleset);
    refer_all(all, all.virtual_networks, "virtual network", ruleset.virtual_network_links, of, "virtualNetworkLinks");
    refer_all(all, all.outbound_endpoints, "DNS outbound endpoint", ruleset.resolver_outbound_endpoints, of,
              "dnsResolverOutboundEndpoints");
  }
  for (DnsOutboundEndpoint& endpoint : topology.dns_outbound_endpoints)
    all.refer_subnet(endpoint.virtual_network, endpoint.subnet, owner("DNS outbound endpoint", endpoint));
  for (NetworkGroup& group : topology.network_groups)
    refer_all(all, all.virtual_networks, "virtual network", group.static_members, owner("network group", group),
              "staticMembers");
  for (SecurityAdminConfiguration& configuration : topology.security_admin_configurations)
    for (RuleCollection& collection : configuration.rule_collections)
      refer_all(all, all.network_groups, "network group", collection.applies_to_groups,
                owner("rule collection", collection), "appliesToGroups");
  for (DnsInboundEndpoint& endpoint : topology.dns_inbound_endpoints)
    all.refer_subnet(endpoint.virtual_network, endpoint.subnet, owner("DNS inbound endpoint", endpoint));
  for (PrivateEndpoint& endpoint : topology.private_endpoints) {
    const Owner of = owner("private endpoint", endpoint);
    all.refer_subnet(endpoint.virtual_network, endpoint.subnet, of);
    all.refer(all.servers, "server", endpoint.private_link_service, of, "privateLinkService");
    refer_all(all, all.zones, "private DNS zone", endpoint.private_dns_zone_group, of, "privateDnsZoneGroup");
  }
  for (Server& server : topology.servers) resolve_server(all, server);
  for (Host& host : topology.hosts) {
    const Owner of = owner("host", host);
    all.refer_subnet(host.virtual_network, host.subnet, of);
    all.refer(all.sites, "site", host.site, of, "site");
    all.refer(all.security_groups, "network security group", host.network_security_group, of, "networkSecurityGroup");
    all.refer(all.servers, "server", host.stands_for, of, "standsFor");
  }
  if (topology.migration) resolve_migration(all, *topology.migration);
}

}  // namespace pgpassage::reading
