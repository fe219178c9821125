#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "scenarios/verdict/flow_findings.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::Hop;
using netcheck::Place;

constexpr std::string_view group = "--resource-group \"$RESOURCE_GROUP\"";

/// What an allow rule has to name: a managed server's address may change, so its subnet; else the address.
std::string prefix_of(const Topology& topology, const Place& place) {
  const bool managed = place.server && place.server->access == ServerAccess::vnet_integrated;
  if (const Subnet* subnet = find_subnet(topology, place.virtual_network, place.subnet))
    if ((managed || !place.address) && !subnet->prefixes.empty()) return subnet->prefixes.front().to_string();
  if (place.address) return Cidr{*place.address}.to_string();
  if (!place.egress_ip_addresses.empty()) return Cidr{place.egress_ip_addresses.front()}.to_string();
  return "<address of " + place.node + ">";
}

std::pair<std::string, std::string> split(std::string_view text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return {std::string{text}, ""};
  return {std::string{text.substr(0, at)}, std::string{text.substr(at + separator.size())}};
}

/// The highest free number that comes before the blocking rule; absent when all of them are taken.
std::optional<int> free_priority(const NetworkSecurityGroup& nsg, Direction direction, int before) {
  for (int priority = std::min(before, 4097) - 1; priority >= 100; --priority) {
    const auto taken = [&](const SecurityRule& rule) {
      return rule.direction == direction && rule.priority == priority;
    };
    if (std::ranges::none_of(nsg.rules, taken)) return priority;
  }
  return std::nullopt;
}

void add_nsg_names(Names& names, const Topology& topology, const Hop& hop) {
  const auto [nsg_name, rule_name] = split(hop.by, "/");
  names.insert(names.end(), {{"nsg", nsg_name}, {"rule", hop.by}});
  const NetworkSecurityGroup* nsg = find_network_security_group(topology, nsg_name);
  if (!nsg) return;
  const auto rule = std::ranges::find(nsg->rules, rule_name, &SecurityRule::name);
  const bool custom = rule != nsg->rules.end();
  const Direction direction = custom                            ? rule->direction
                              : rule_name.ends_with("OutBound") ? Direction::outbound
                                                                : Direction::inbound;
  names.emplace_back("direction", to_string(direction));
  if (const auto priority = free_priority(*nsg, direction, custom ? rule->priority : 65000))
    names.emplace_back("priority", std::to_string(*priority));
}

/// The VNets of "vnet-a -> vnet-b" or of "vnet-a/peering-of-a"; the local one is where a link has to be made.
void add_peering_names(Names& names, const Topology& topology, const Hop& hop) {
  auto [local, remote] = split(hop.by, " -> ");
  if (remote.empty()) {
    const auto [network_name, link_name] = split(hop.by, "/");
    local = network_name;
    const VirtualNetwork* network = find_virtual_network(topology, network_name);
    if (network)
      for (const Peering& peering : network->peerings)
        if (peering.name == link_name) remote = peering.remote_virtual_network;
    if (hop.cause == "peering-half-open") std::swap(local, remote);
  }
  // A link that exists and is not Connected has to be deleted first: no single command makes it good.
  const bool exists = hop.cause == "peering-not-connected" || hop.cause == "peering-access-off";
  const std::string command = fmt::format(
      "az network vnet peering create {} --vnet-name {} --name {}-to-{} --remote-vnet {} --allow-vnet-access", group,
      local, local, remote, remote);
  names.insert(names.end(), {{"local", local}, {"remote", remote}, {"peering_command", exists ? "" : command}});
}

std::string route_command(const Hop& hop) {
  const auto [table, route] = split(hop.by, "/");
  if (route.empty() || hop.cause != "route-none") return "";
  return fmt::format("az network route-table route delete {} --route-table-name {} --name {}", group, table, route);
}

std::string firewall_command(const Hop& hop, const Place& from, const Server& to) {
  if (to.kind == ServerKind::flexible_server && hop.cause == "public-access-disabled")
    return fmt::format("az postgres flexible-server update {} --name {} --public-access Enabled", group, to.name);
  const bool flexible = to.kind == ServerKind::flexible_server;
  if (!flexible && to.kind != ServerKind::single_server) return "";
  const std::optional<IpAddress> address =
      from.egress_ip_addresses.empty() ? std::nullopt : std::optional{from.egress_ip_addresses.front()};
  if (!address) return "";
  return fmt::format("az postgres {} create {} {} {} {} allow-{} --start-ip-address {} --end-ip-address {}",
                     flexible ? "flexible-server firewall-rule" : "server firewall-rule", group,
                     flexible ? "--name" : "--server-name", to.name, flexible ? "--rule-name" : "--name", from.node,
                     address->to_string(), address->to_string());
}

}  // namespace

Names remedy_names(const Case& checked, const FlowAssessment& flow, const Hop& hop) {
  const Topology& topology = checked.topology;
  const Place from = start_of(topology, flow);
  const Server& to = flow.to == checked.source.name ? checked.source : checked.target;
  Place end = destination_of(checked, to).place;
  if (const auto due = destination_of(checked, to).due) end.address = due;
  Names names{{"from", flow.from},
              {"to", flow.to},
              {"port", std::to_string(flow.port)},
              {"at", hop.at},
              {"by", hop.by},
              {"source", prefix_of(topology, from)},
              {"destination", prefix_of(topology, end)},
              {"server", to.name},
              {"endpoint", end.endpoint ? end.endpoint->name : "pe-" + to.name},
              {"vnet", from.virtual_network},
              {"subnet", from.subnet},
              {"type", to.kind == ServerKind::single_server ? "Microsoft.DBforPostgreSQL/servers"
                                                            : "Microsoft.DBforPostgreSQL/flexibleServers"},
              {"route_command", route_command(hop)},
              {"firewall_command", firewall_command(hop, from, to)}};
  if (hop.leg == netcheck::Leg::back)
    for (auto& [name, value] : names)
      if (name == "destination") value = prefix_of(topology, from);
  if (const std::string connection = split(hop.by, "/").second; !connection.empty())
    names.emplace_back("connection", connection);
  if (hop.kind == netcheck::HopKind::nsg) add_nsg_names(names, topology, hop);
  if (hop.kind == netcheck::HopKind::peering) add_peering_names(names, topology, hop);
  return names;
}

}  // namespace pgpassage::scenarios
