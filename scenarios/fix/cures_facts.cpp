#include <algorithm>
#include <set>

#include "netcheck/topology/occupancy.hpp"
#include "scenarios/fix/cures.hpp"
#include "scenarios/verdict/facts.hpp"

namespace pgpassage::scenarios::fix {
namespace {

using Changes = std::vector<Change>;

constexpr std::string_view default_zone = "privatelink.postgres.database.azure.com";
constexpr std::string_view service = "Microsoft.DBforPostgreSQL/flexibleServers";

bool delegated(const Subnet& subnet) {
  return std::ranges::find(subnet.delegations, service) != subnet.delegations.end();
}

Changes approve_endpoint(const Case& checked, const std::string& name) {
  for (const PrivateEndpoint& endpoint : checked.topology.private_endpoints)
    if (endpoint.name == name)
      if (const Server* server = find_server(checked.topology, endpoint.private_link_service))
        return {approve(endpoint, *server)};
  return {};
}

/// In a subnet of the crossing's own network first: nothing needs to be peered then.
Changes make_endpoint(const Case& checked, const std::string& server_name) {
  const Server* server = find_server(checked.topology, server_name);
  if (server == nullptr) return {};
  const PrivateDnsZone* zone = find_private_dns_zone(checked.topology, default_zone);
  Changes near, far;
  for (const VirtualNetwork& network : checked.topology.virtual_networks)
    for (const Subnet& subnet : network.subnets) {
      if (!subnet.delegations.empty() || subnet.name == "GatewaySubnet" || subnet.name == "AzureFirewallSubnet")
        continue;
      if (const auto address = free_address(checked.topology, subnet))
        (network.name == checked.crossing().virtual_network ? near : far)
            .push_back(add_endpoint(*server, network.name, subnet, *address, zone));
    }
  near.insert(near.end(), far.begin(), far.end());
  return near;
}

bool may_be_runtime(const Case& checked, const Server& server) {
  return server.kind == ServerKind::flexible_server && server.access == ServerAccess::vnet_integrated &&
         server.name != checked.target.name && server.name != checked.source.name &&
         (checked.runtime == nullptr || server.name != checked.runtime->name);
}

/// The networks that the zone of a runtime server is linked to: its own and those of both ends (C09).
std::vector<std::string> networks_of_zone(const Case& checked, const std::string& own) {
  std::vector<std::string> networks{own};
  for (const Server* server : {&checked.source, &checked.target}) {
    const Destination destination = destination_of(checked, *server);
    const std::string& name =
        destination.endpoint != nullptr ? destination.endpoint->virtual_network : server->virtual_network;
    if (!name.empty() && std::ranges::find(networks, name) == networks.end()) networks.push_back(name);
  }
  return networks;
}

void add_new_runtime_servers(Changes& changes, const Case& checked) {
  const Migration& migration = *checked.topology.migration;
  for (const bool in_delegated : {true, false})
    for (const VirtualNetwork& network : checked.topology.virtual_networks) {
      const auto networks = networks_of_zone(checked, network.name);
      if (!in_delegated) {
        const auto taken = [](const Subnet& subnet) { return subnet.name == "snet-runtime"; };
        const auto prefix = free_prefix(network, longest_delegated_prefix);
        if (prefix && std::ranges::none_of(network.subnets, taken) && std::ranges::none_of(network.subnets, delegated))
          changes.push_back(make_runtime_server(migration, checked.target, network, "snet-runtime", prefix, networks));
        continue;
      }
      for (const Subnet& subnet : network.subnets)
        if (delegated(subnet))
          changes.push_back(
              make_runtime_server(migration, checked.target, network, subnet.name, std::nullopt, networks));
    }
}

Changes find_runtime_server(const Case& checked) {
  const Migration& migration = *checked.topology.migration;
  Changes changes;
  for (const Server& server : checked.topology.servers)
    if (may_be_runtime(checked, server)) changes.push_back(name_runtime_server(migration, server));
  if (checked.runtime == nullptr) add_new_runtime_servers(changes, checked);
  return changes;
}

/// C15: what departs from the default DNS goes.
Changes return_to_default_dns(const Case& checked, const std::string& subject) {
  if (const VirtualNetwork* network = find_virtual_network(checked.topology, subject)) return {use_azure_dns(*network)};
  const Server* server = find_server(checked.topology, subject);
  return server == nullptr || server->custom_host.empty() ? Changes{} : Changes{clear_custom_host(*server)};
}

Changes delegate(const Case& checked, const std::string& subject) {
  const auto [network, name] = split(subject, "/");
  const Subnet* subnet = find_subnet(checked.topology, network, name);
  // Azure delegates a subnet that is empty or holds that service alone; another delegation has its own servers in it.
  return subnet == nullptr || !subnet->delegations.empty() ? Changes{} : Changes{delegate_subnet(network, *subnet)};
}

Changes address_cloud_sql(const Case& checked) {
  const Server& source = checked.source;
  const auto& address = source.ip_address ? source.ip_address : source.public_ip_address;
  return address ? Changes{set_custom_host(source, address->to_string())} : Changes{};
}

bool stands_behind(const Topology& topology, const netcheck::Place& place, std::string_view group) {
  const Subnet* subnet = find_subnet(topology, place.virtual_network, place.subnet);
  return place.network_security_group == group || (subnet != nullptr && subnet->network_security_group == group);
}

/// Those who ask names for the migration, or are asked: the roles, their hosts and the file's DNS servers.
std::vector<netcheck::Place> askers_behind(const Case& checked, std::string_view group) {
  const Topology& topology = checked.topology;
  std::vector<netcheck::Place> askers{netcheck::place_of(topology, checked.crossing())};
  for (const Host& host : topology.hosts)
    if (host.stands_for == checked.crossing().name) askers.push_back(netcheck::place_of(topology, host));
  for (const DnsServer& server : topology.dns_servers) askers.push_back(netcheck::place_of(server));
  std::erase_if(askers, [&](const netcheck::Place& place) { return !stands_behind(topology, place, group); });
  return askers;
}

/// `path`: "nsg-runtime/no-platform-dns". A rule above it for those who ask; only a full group loses the rule.
Changes let_ask_azure(const Case& checked, const std::string& path) {
  constexpr Port domain = 53;
  const auto [group, name] = split(path, "/");
  const NetworkSecurityGroup* nsg = find_network_security_group(checked.topology, group);
  if (nsg == nullptr) return {};
  const auto rule = std::ranges::find(nsg->rules, name, &SecurityRule::name);
  if (rule == nsg->rules.end()) return {};
  Changes changes;
  for (const netcheck::Place& asker : askers_behind(checked, group)) {
    Passing passing{asker.node, "azure-dns", source_prefixes(checked.topology, asker, false),
                    {},         domain,      Protocol::udp};
    passing.destination_tag = "AzurePlatformDNS";
    if (passing.sources.empty()) continue;
    for (Change& change : allow_in_group(*nsg, Direction::outbound, rule->priority, passing)) {
      change.asks = PortAsked{domain, Protocol::udp};
      changes.push_back(std::move(change));
    }
  }
  if (changes.empty()) changes.push_back(remove_rule(*nsg, *rule));
  return changes;
}

}  // namespace

Changes cures_of_fact(const Case& checked, const Finding& finding) {
  const std::string_view rule = finding.rule->name;
  const Server& role = checked.crossing();
  if (rule == rules::endpoint_not_approved) return approve_endpoint(checked, finding.subject);
  if (rule == rules::endpoint_missing) return make_endpoint(checked, finding.subject);
  if (rule == rules::subnet_delegated) return delegate(checked, finding.subject);
  if (rule == rules::runtime_server_named || rule == rules::runtime_server_vnet_integrated)
    return find_runtime_server(checked);
  if (rule == rules::default_dns_only) return return_to_default_dns(checked, finding.subject);
  if (rule == rules::platform_dns_denied) return let_ask_azure(checked, finding.subject);
  if (rule == rules::cloud_sql_by_address) return address_cloud_sql(checked);
  if (rule == rules::virtual_network_rule)
    return {add_virtual_network_rule(checked.source, role.virtual_network, role.subnet)};
  if (rule == rules::service_endpoint)
    if (const Subnet* subnet = find_subnet(checked.topology, role.virtual_network, role.subnet))
      return {add_service_endpoint(role.virtual_network, *subnet)};
  return {};
}

}  // namespace pgpassage::scenarios::fix
