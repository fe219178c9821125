#include "netcheck/reach/pairs/prefixes_of.hpp"

namespace pgpassage::netcheck {
namespace {

void add_all(const std::vector<Cidr>& more, std::vector<Cidr>& prefixes) {
  prefixes.insert(prefixes.end(), more.begin(), more.end());
}

}  // namespace

void add_prefixes(const std::vector<AddressPrefix>& entries, std::vector<Cidr>& prefixes) {
  for (const AddressPrefix& entry : entries)
    if (entry.cidr) prefixes.push_back(*entry.cidr);
}

void add_prefixes(const std::vector<SecurityRule>& rules, std::vector<Cidr>& prefixes) {
  for (const SecurityRule& rule : rules) {
    add_prefixes(rule.source_prefixes, prefixes);
    add_prefixes(rule.destination_prefixes, prefixes);
  }
}

void add_prefixes(const Site& site, std::vector<Cidr>& prefixes) {
  add_all(site.address_prefixes, prefixes);
  if (site.routes) add_all(*site.routes, prefixes);
  if (site.firewall_rules) add_prefixes(*site.firewall_rules, prefixes);
  if (!site.network_acls) return;
  for (const NetworkAcl& acl : *site.network_acls) {
    add_all(acl.associations, prefixes);
    for (const NetworkAclEntry& entry : acl.entries) prefixes.push_back(entry.cidr_block);
  }
}

void add_prefixes(const SecurityAdminConfiguration& configuration, std::vector<Cidr>& prefixes) {
  for (const RuleCollection& collection : configuration.rule_collections)
    for (const AdminRule& rule : collection.rules) {
      add_prefixes(rule.sources, prefixes);
      add_prefixes(rule.destinations, prefixes);
    }
}

void add_prefixes(const VirtualNetworkGateway& gateway, std::vector<Cidr>& prefixes) {
  for (const GatewayConnection& connection : gateway.connections)
    if (connection.learned_routes) add_all(*connection.learned_routes, prefixes);
}

void add_prefixes(const Server& server, std::vector<Cidr>& prefixes) {
  if (server.authorized_networks)
    for (const AuthorizedNetwork& network : *server.authorized_networks) prefixes.push_back(network.value);
}

}  // namespace pgpassage::netcheck
