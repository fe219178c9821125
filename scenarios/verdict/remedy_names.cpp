#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/nsg.hpp"
#include "scenarios/verdict/flow_findings.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::Hop;
using netcheck::Place;

constexpr std::string_view group = "--resource-group \"$RESOURCE_GROUP\"";

std::pair<std::string, std::string> split(std::string_view text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return {std::string{text}, ""};
  return {std::string{text.substr(0, at)}, std::string{text.substr(at + separator.size())}};
}

constexpr int default_rules = 65000;  ///< priorities of Azure's own begin here

const std::string& value_of(const Names& names, std::string_view name) {
  return std::ranges::find(names, name, &Names::value_type::first)->second;
}

const SecurityRule* rule_of_group(const NetworkSecurityGroup& nsg, std::string_view name) {
  const auto rule = std::ranges::find(nsg.rules, name, &SecurityRule::name);
  return rule == nsg.rules.end() ? nullptr : &*rule;
}

/// Of a rule of the group, else of the default rule of that name.
Direction direction_of(const NetworkSecurityGroup& nsg, std::string_view rule_name) {
  if (const SecurityRule* custom = rule_of_group(nsg, rule_name)) return custom->direction;
  const auto rules = netcheck::default_rules();
  const auto rule = std::ranges::find(rules, rule_name, &SecurityRule::name);
  return rule == rules.end() ? Direction::inbound : rule->direction;
}

bool peering_stops(const FlowAssessment& flow) {
  return std::ranges::any_of(flow.trace.hops, [](const Hop& hop) {
    return hop.kind == netcheck::HopKind::peering && hop.decision == netcheck::Decision::deny;
  });
}

/// The topology as it will be when the peerings on the way are mended: each link Connected, and one in each direction.
Topology with_peerings(Topology topology, const Place& from, const Place& to) {
  std::vector<std::pair<std::string, std::string>> links{{from.virtual_network, to.virtual_network},
                                                         {to.virtual_network, from.virtual_network}};
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Peering& peering : network.peerings) links.emplace_back(peering.remote_virtual_network, network.name);
  for (VirtualNetwork& network : topology.virtual_networks) {
    for (Peering& peering : network.peerings) {
      peering.state = PeeringState::connected;
      peering.allow_virtual_network_access = true;
    }
    for (const auto& [local, remote] : links) {
      if (local != network.name || remote.empty() || remote == local) continue;
      if (std::ranges::find(network.peerings, remote, &Peering::remote_virtual_network) != network.peerings.end())
        continue;
      Peering peering;
      peering.name = local + "-to-" + remote;
      peering.remote_virtual_network = remote;
      peering.state = PeeringState::connected;
      network.peerings.push_back(std::move(peering));
    }
  }
  return topology;
}

/// The rule of this group that will stop the flow when the peerings are mended; null when none will, or a default one.
const SecurityRule* denies_then(const Topology& topology, const NetworkSecurityGroup& nsg, const Hop& now,
                                const Place& from, const Place& to, Port port) {
  const Direction direction = direction_of(nsg, split(now.by, "/").second);
  const Topology mended = with_peerings(topology, from, to);
  for (const Hop& hop : netcheck::trace_flow(mended, from, to, port).hops) {
    if (hop.kind != netcheck::HopKind::nsg || hop.decision != netcheck::Decision::deny) continue;
    const auto [group_name, rule_name] = split(hop.by, "/");
    const SecurityRule* rule = group_name == nsg.name ? rule_of_group(nsg, rule_name) : nullptr;
    if (rule && rule->direction == direction) return rule;
  }
  return nullptr;
}

void add_nsg_names(Names& names, const Topology& topology, const Hop& hop, const SecurityRule* then,
                   ProposedRules& proposed) {
  const auto [nsg_name, rule_name] = split(hop.by, "/");
  names.emplace_back("nsg", nsg_name);
  names.emplace_back("rule", hop.by);
  const NetworkSecurityGroup* nsg = find_network_security_group(topology, nsg_name);
  if (!nsg) return;
  const SecurityRule* custom = rule_of_group(*nsg, rule_name);
  const Direction direction = direction_of(*nsg, rule_name);
  int bound = custom ? custom->priority : default_rules;
  std::string rule = hop.by;
  if (then && then->priority < bound) {
    bound = then->priority;
    rule = fmt::format("{}/{} (which denies it as soon as the peering is mended)", nsg_name, then->name);
  }
  names.emplace_back("direction", to_string(direction));
  const std::string allows = value_of(names, "source") + value_of(names, "destination") + value_of(names, "port");
  if (const auto priority = proposed.below(bound, *nsg, direction, allows))
    names.emplace_back("priority", std::to_string(*priority));
  else
    rule += fmt::format(" (no number before its {} is free: give it a higher one first)", bound);
  *std::ranges::find(names, "rule", &Names::value_type::first) = {"rule", rule};
}

/// The VNets of "vnet-a -> vnet-b" or of "vnet-a/peering-of-a"; the local one is where a link has to be made.
void add_peering_names(Names& names, const Topology& topology, const Hop& hop) {
  auto [local, remote] = split(hop.by, " -> ");
  std::string link;
  if (remote.empty()) {
    const auto [network_name, link_name] = split(hop.by, "/");
    local = network_name;
    link = link_name;
    const VirtualNetwork* network = find_virtual_network(topology, network_name);
    if (network)
      for (const Peering& peering : network->peerings)
        if (peering.name == link_name) remote = peering.remote_virtual_network;
    if (hop.cause == netcheck::cause::peering_half_open) std::swap(local, remote);
  }
  // A link that exists and is not Connected has to be deleted first: no single command makes it good.
  const bool exists = hop.cause == netcheck::cause::peering_not_connected;
  const std::string command = fmt::format(
      "az network vnet peering create {} --vnet-name {} --name {}-to-{} --remote-vnet {} --allow-vnet-access", group,
      local, local, remote, remote);
  names.insert(names.end(), {{"local", local}, {"remote", remote}, {"peering_command", exists ? "" : command}});
  if (!link.empty()) names.emplace_back("peering", link);
}

std::string route_command(const Hop& hop) {
  const auto [table, route] = split(hop.by, "/");
  if (route.empty() || hop.cause != netcheck::cause::route_none) return "";
  return fmt::format("az network route-table route delete {} --route-table-name {} --name {}", group, table, route);
}

/// What Azure can be told of an appliance; its own system is the owner's business.
std::string appliance_command(const Topology& topology, const Hop& hop) {
  const auto appliance = std::ranges::find(topology.network_appliances, hop.by, &NetworkAppliance::name);
  if (appliance == topology.network_appliances.end() || appliance->enable_ip_forwarding) return "";
  return fmt::format("az network nic update {} --name nic-{} --ip-forwarding true", group, hop.by);
}

std::string firewall_command(const Hop& hop, const Place& from, const Server& to) {
  if (to.kind == ServerKind::flexible_server && hop.cause == netcheck::cause::public_access_disabled)
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

std::string prefix_of(const Topology& topology, const Place& place) {
  const bool managed = place.server && place.server->access == ServerAccess::vnet_integrated;
  if (const Subnet* subnet = find_subnet(topology, place.virtual_network, place.subnet))
    if ((managed || !place.address) && !subnet->prefixes.empty()) return subnet->prefixes.front().to_string();
  if (place.address) return Cidr{*place.address}.to_string();
  if (!place.egress_ip_addresses.empty()) return Cidr{place.egress_ip_addresses.front()}.to_string();
  return "<address of " + place.node + ">";
}

Names names_of_group(const Topology& topology, std::string_view rule_path, ProposedRules& proposed,
                     const std::string& proposal) {
  const auto [nsg_name, rule_name] = split(rule_path, "/");
  Names names{{"nsg", nsg_name}, {"rule", std::string{rule_path}}, {"rule_name", rule_name}};
  const NetworkSecurityGroup* nsg = find_network_security_group(topology, nsg_name);
  if (!nsg) return names;
  const SecurityRule* custom = rule_of_group(*nsg, rule_name);
  const Direction direction = direction_of(*nsg, rule_name);
  if (const auto priority = proposed.below(custom ? custom->priority : default_rules, *nsg, direction, proposal))
    names.emplace_back("priority", std::to_string(*priority));
  return names;
}

Names remedy_names(const Case& checked, const FlowAssessment& flow, const Hop& hop, ProposedRules& proposed) {
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
              {"detail", hop.detail},
              {"appliance_command", appliance_command(topology, hop)},
              {"route_command", route_command(hop)},
              {"firewall_command", firewall_command(hop, from, to)}};
  if (hop.leg == netcheck::Leg::back)
    for (auto& [name, value] : names)
      if (name == "destination") value = prefix_of(topology, from);
  if (const std::string connection = split(hop.by, "/").second; !connection.empty())
    names.emplace_back("connection", connection);
  if (hop.kind == netcheck::HopKind::nsg) {
    const NetworkSecurityGroup* nsg = find_network_security_group(topology, split(hop.by, "/").first);
    const SecurityRule* then =
        nsg && peering_stops(flow) ? denies_then(topology, *nsg, hop, from, end, flow.port) : nullptr;
    add_nsg_names(names, topology, hop, then, proposed);
  }
  const bool of_link = hop.kind == netcheck::HopKind::peering || hop.cause == netcheck::cause::gateway_transit_off ||
                       hop.cause == netcheck::cause::remote_gateway_off;
  if (of_link) add_peering_names(names, topology, hop);
  return names;
}

}  // namespace pgpassage::scenarios
