#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/predicate.hpp>
#include <map>

#include "netcheck/reach/causes.hpp"
#include "scenarios/verdict/lint.hpp"

namespace pgpassage::scenarios {
namespace {

using boost::algorithm::iequals;

constexpr std::string_view group = "--resource-group \"$RESOURCE_GROUP\"";
constexpr std::string_view gateway_subnet = "GatewaySubnet";
constexpr std::array reserved_names{gateway_subnet, std::string_view{"AzureFirewallSubnet"},
                                    std::string_view{"AzureFirewallManagementSubnet"},
                                    std::string_view{"AzureBastionSubnet"}};

const NetworkAppliance* appliance_at(const Topology& topology, const IpAddress& address) {
  const auto found = std::ranges::find(topology.network_appliances, address, &NetworkAppliance::ip_address);
  return found == topology.network_appliances.end() ? nullptr : &*found;
}

void lint_default_route(const Lint& lint, const RouteTable& table, const Route& route) {
  const NetworkAppliance* appliance = appliance_at(lint.checked.topology, *route.next_hop_ip_address);
  if (appliance && appliance->enable_ip_forwarding && appliance->forwards) return;
  const std::string by = fmt::format("{}/{}", table.name, route.name);
  const std::string address = route.next_hop_ip_address->to_string();
  const std::string command =
      appliance && !appliance->enable_ip_forwarding
          ? fmt::format("az network nic update {} --name nic-{} --ip-forwarding true", group, appliance->name)
          : "";
  lint.warn(
      rules::default_route_to_dead_appliance,
      {by,
       appliance ? fmt::format("{} sends 0.0.0.0/0 to {}, which does not forward ({} is false)", by, appliance->name,
                               appliance->enable_ip_forwarding ? "forwards" : "enableIPForwarding")
                 : fmt::format("{} sends 0.0.0.0/0 to {}, where the file has no network appliance", by, address),
       {},
       route.location,
       {{"by", by},
        {"address", address},
        {"appliance", appliance ? appliance->name : address},
        {"appliance_command", command}},
       appliance ? netcheck::cause::appliance_does_not_forward : ""});
}

/// What stands in a subnet: name, and in words what it is.
using Occupants = std::multimap<std::string, std::string>;

std::string key(std::string_view network, std::string_view subnet) { return fmt::format("{}/{}", network, subnet); }

Occupants occupants_of(const Topology& topology) {
  Occupants all;
  const auto add = [&](const auto& list, std::string_view noun) {
    for (const auto& object : list)
      if (!object.subnet.empty())
        all.emplace(key(object.virtual_network, object.subnet), fmt::format("{} {}", noun, object.name));
  };
  add(topology.servers, "server");
  add(topology.hosts, "host");
  add(topology.private_endpoints, "private endpoint");
  add(topology.dns_servers, "DNS server");
  add(topology.dns_inbound_endpoints, "DNS inbound endpoint");
  for (const NetworkAppliance& appliance : topology.network_appliances)
    if (!appliance.subnet.starts_with("AzureFirewall"))  // the appliance may be the very firewall
      all.emplace(key(appliance.virtual_network, appliance.subnet),
                  fmt::format("network appliance {}", appliance.name));
  return all;
}

void lint_spelling(const Lint& lint, const VirtualNetwork& network, const Subnet& subnet) {
  for (const std::string_view reserved : reserved_names)
    if (iequals(subnet.name, reserved) && subnet.name != reserved)
      lint.warn(
          rules::reserved_subnet_misused,
          {key(network.name, subnet.name),
           fmt::format("{} is spelled {} by Azure, which takes this one for any other subnet", subnet.name, reserved),
           {},
           subnet.location,
           {{"reserved", std::string{reserved}}, {"subnet", subnet.name}},
           "spelling"});
}

void lint_reserved(const Lint& lint, const VirtualNetwork& network, const Subnet& subnet, const Occupants& occupants) {
  const std::string name = key(network.name, subnet.name);
  std::string what;
  const auto [first, last] = occupants.equal_range(name);
  for (auto next = first; next != last; ++next) what += (what.empty() ? "" : ", ") + next->second;
  for (const std::string& delegation : subnet.delegations)
    what += fmt::format("{}the delegation to {}", what.empty() ? "" : ", ", delegation);
  if (!what.empty())
    lint.warn(rules::reserved_subnet_misused,
              {name,
               fmt::format("{} is reserved for the service of its name, and the file has there: {}", name, what),
               {},
               subnet.location,
               {{"what", what}, {"subnet", name}}});
}

void lint_gateway_subnet(const Lint& lint, const VirtualNetwork& network, const Subnet& subnet) {
  const std::string name = key(network.name, subnet.name);
  if (!subnet.network_security_group.empty())
    lint.warn(
        rules::gateway_subnet_security_group,
        {name,
         fmt::format("{} has the security group {}, which Azure does not support", name, subnet.network_security_group),
         {},
         subnet.location,
         {{"nsg", subnet.network_security_group}, {"subnet", name}, {"vnet", network.name}}});
  const RouteTable* table =
      subnet.route_table.empty() ? nullptr : find_route_table(lint.checked.topology, subnet.route_table);
  if (const Route* route = default_route(table))
    lint.warn(rules::gateway_subnet_default_route,
              {name,
               fmt::format("{} has the route {}/{} for 0.0.0.0/0, which Azure does not support", name, table->name,
                           route->name),
               {},
               route->location,
               {{"route", fmt::format("{}/{}", table->name, route->name)},
                {"table", table->name},
                {"route_name", route->name},
                {"subnet", name}}});
}

}  // namespace

void lint_routes(const Lint& lint) {
  std::size_t count = 0;
  for (const RouteTable& table : lint.checked.topology.route_tables) {
    const Route* route = default_route(&table);
    if (!route || route->next_hop_type != NextHopType::virtual_appliance || !route->next_hop_ip_address) continue;
    ++count;
    lint_default_route(lint, table, *route);
  }
  lint.pass(rules::default_route_to_dead_appliance, count, "default routes to an appliance");
}

void lint_gateway_subnets(const Lint& lint) {
  const Occupants occupants = occupants_of(lint.checked.topology);
  std::size_t reserved = 0, gateways = 0;
  for (const VirtualNetwork& network : lint.checked.topology.virtual_networks)
    for (const Subnet& subnet : network.subnets) {
      lint_spelling(lint, network, subnet);
      if (std::ranges::find(reserved_names, subnet.name) == reserved_names.end()) continue;
      ++reserved;
      lint_reserved(lint, network, subnet, occupants);
      if (subnet.name != gateway_subnet) continue;
      ++gateways;
      lint_gateway_subnet(lint, network, subnet);
    }
  lint.pass(rules::reserved_subnet_misused, reserved, "subnets with reserved names");
  lint.pass(rules::gateway_subnet_security_group, gateways, "gateway subnets");
  lint.pass(rules::gateway_subnet_default_route, gateways, "gateway subnets");
}

}  // namespace pgpassage::scenarios
