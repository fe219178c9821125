#include <fmt/format.h>

#include <algorithm>

#include "scenarios/verdict/facts.hpp"

namespace pgpassage::scenarios {
namespace {

constexpr std::string_view delegation = "Microsoft.DBforPostgreSQL/flexibleServers";

bool delegated(const Subnet& subnet) {
  return std::ranges::any_of(subnet.delegations, [](const std::string& name) {
    return std::ranges::equal(name, delegation, [](unsigned char left, unsigned char right) {
      return std::tolower(left) == std::tolower(right);
    });
  });
}

void judge_delegation(Findings& findings, const Case& checked, const Server& server) {
  const Subnet* subnet = find_subnet(checked.topology, server.virtual_network, server.subnet);
  const bool holds = subnet && delegated(*subnet);
  // Every VNet-integrated server needs it; only for the runtime server the network guide's own list says so.
  judge_always(findings, checked, rules::subnet_delegated, holds ? Outcome::holds : Outcome::broken,
               {subnet ? fmt::format("{}/{}", server.virtual_network, server.subnet) : server.name,
                holds    ? fmt::format("The subnet of {} is delegated to {}", server.name, delegation)
                : subnet ? fmt::format("{} is VNet-integrated, and its subnet {} is not delegated to {}", server.name,
                                       subnet->name, delegation)
                         : fmt::format("{} is VNet-integrated, and the file does not say in which subnet", server.name),
                {},
                subnet ? subnet->location : server.location,
                {{"vnet", server.virtual_network}, {"subnet", server.subnet}}});
}

void judge_region(Findings& findings, const Case& checked, const Server& server) {
  const VirtualNetwork* network = find_virtual_network(checked.topology, server.virtual_network);
  if (!network) return;
  const bool known = !network->azure_location.empty() && !server.azure_location.empty();
  const Outcome outcome = !known                                             ? Outcome::undecided
                          : network->azure_location == server.azure_location ? Outcome::holds
                                                                             : Outcome::broken;
  judge(findings, checked, rules::region_differs, outcome,
        {server.name,
         known ? fmt::format("{} is in {}, its virtual network {} in {}", server.name, server.azure_location,
                             network->name, network->azure_location)
               : fmt::format("The location of {} or of {} is not given", server.name, network->name),
         {},
         server.location,
         {{"server", server.name},
          {"vnet", network->name},
          {"server_location", server.azure_location},
          {"vnet_location", network->azure_location}}});
}

void judge_occupant(Findings& findings, const Case& checked, const std::string& name, const std::string& network,
                    const std::string& subnet_name, Location location) {
  const Subnet* subnet = find_subnet(checked.topology, network, subnet_name);
  if (!subnet || !delegated(*subnet)) return;
  judge(findings, checked, rules::delegated_subnet_shared, Outcome::broken,
        {name,
         fmt::format("{} stands in {}/{}, which is delegated to flexible servers and admits nothing else", name,
                     network, subnet_name),
         {},
         location,
         {{"server", name}, {"vnet", network}}});
}

void judge_groups(Findings& findings, const Case& checked, const Server& server) {
  const Subnet* subnet = find_subnet(checked.topology, server.virtual_network, server.subnet);
  const NetworkSecurityGroup* nsg =
      subnet ? find_network_security_group(checked.topology, subnet->network_security_group) : nullptr;
  if (!nsg) return;
  for (const SecurityRule& rule : nsg->rules) {
    if (rule.source_groups.empty() && rule.destination_groups.empty()) continue;
    const std::string name = fmt::format("{}/{}", nsg->name, rule.name);
    judge(findings, checked, rules::groups_on_delegated_subnet, Outcome::broken,
          {name,
           fmt::format("{} names application security groups on the delegated subnet {}", name, subnet->name),
           {},
           rule.location,
           {{"rule", name}}});
  }
}

}  // namespace

void judge_subnets(Findings& findings, const Case& checked) {
  for (const Server* server : servers_of(checked)) {
    if (server->kind != ServerKind::flexible_server || server->access != ServerAccess::vnet_integrated) continue;
    judge_delegation(findings, checked, *server);
    judge_region(findings, checked, *server);
    judge_groups(findings, checked, *server);
  }
  const Topology& topology = checked.topology;
  for (const Host& host : topology.hosts)
    judge_occupant(findings, checked, host.name, host.virtual_network, host.subnet, host.location);
  for (const Server* server : servers_of(checked))
    if (server->kind != ServerKind::flexible_server)
      judge_occupant(findings, checked, server->name, server->virtual_network, server->subnet, server->location);
  for (const PrivateEndpoint& endpoint : topology.private_endpoints)
    judge_occupant(findings, checked, endpoint.name, endpoint.virtual_network, endpoint.subnet, endpoint.location);
  for (const NetworkAppliance& appliance : topology.network_appliances)
    judge_occupant(findings, checked, appliance.name, appliance.virtual_network, appliance.subnet, appliance.location);
}

}  // namespace pgpassage::scenarios
