#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "scenarios/fix/az.hpp"
#include "scenarios/fix/change.hpp"

namespace pgpassage::scenarios::fix {
namespace json = boost::json;
namespace {

using enum editing::Edit::Action;

std::string az_flag(const std::string& key, bool on) { return fmt::format("--set {}={}", key, on ? "true" : "false"); }

std::string link_flags(const Peering* link, std::string_view flag) {
  const auto on = [&](bool now, std::string_view key) { return now || flag == key; };
  std::string flags;
  if (link == nullptr || link->allow_virtual_network_access) flags += " --allow-vnet-access";
  if (link != nullptr && link->allow_forwarded_traffic) flags += " --allow-forwarded-traffic";
  if (on(link != nullptr && link->allow_gateway_transit, "allowGatewayTransit")) flags += " --allow-gateway-transit";
  if (on(link != nullptr && link->use_remote_gateways, "useRemoteGateways")) flags += " --use-remote-gateways";
  return flags;
}

std::string name_of_link(const VirtualNetwork& network, const VirtualNetwork& remote) {
  const Peering* link = find_peering(network, remote.name);
  return link != nullptr ? link->name : name_from(fmt::format("{}-to-{}", network.name, remote.name));
}

std::string peering_command(std::string_view verb, const VirtualNetwork& network, const VirtualNetwork& remote) {
  return fmt::format("az network vnet peering {} {} --vnet-name {} --name {}", verb, group, word(network.name),
                     word(name_of_link(network, remote)));
}

/// A link waits for the other one while that is absent, and joins it. Where one of two is not Connected, Azure connects
/// them only when both are made anew.
bool made_anew(const VirtualNetwork& network, const VirtualNetwork& remote) {
  const Peering *link = find_peering(network, remote.name), *other = find_peering(remote, network.name);
  if (link == nullptr) return false;
  if (other == nullptr) return link->state == PeeringState::disconnected;
  return link->state != PeeringState::connected || other->state != PeeringState::connected;
}

void add_link_commands(Change& change, const VirtualNetwork& network, const VirtualNetwork& remote,
                       std::string_view flag) {
  const Peering* link = find_peering(network, remote.name);
  if (link == nullptr || made_anew(network, remote))
    change.az_cli.push_back(fmt::format("{} --remote-vnet {}{}", peering_command("create", network, remote),
                                        word(remote.name), link_flags(link, flag)));
  else if (!flag.empty())
    change.az_cli.push_back(
        fmt::format("{} {}", peering_command("update", network, remote), az_flag(std::string{flag}, true)));
}

/// One link of a peering, added or corrected in the file.
void add_link_edits(Change& change, const VirtualNetwork& network, const VirtualNetwork& remote,
                    std::string_view flag) {
  const std::string name = name_of_link(network, remote);
  if (const Peering* link = find_peering(network, remote.name)) {
    const std::vector<std::string> path{"virtualNetworks", network.name, "peerings", name};
    if (link->state != PeeringState::connected) change.edits.push_back({set, path, "peeringState", "", "Connected"});
    if (!flag.empty()) change.edits.push_back({set, path, std::string{flag}, "", true});
    return;
  }
  json::object added{{"name", name},
                     {"remoteVirtualNetwork", remote.name},
                     {"peeringState", "Connected"},
                     {"allowVirtualNetworkAccess", true}};
  if (!flag.empty()) added[flag] = true;
  change.edits.push_back({append, {"virtualNetworks", network.name}, "peerings", "", std::move(added)});
}

json::object route_json(const Route& route) {
  json::object object{{"name", route.name},
                      {"addressPrefix", route.prefix.cidr->to_string()},
                      {"nextHopType", to_string(route.next_hop_type)}};
  if (route.next_hop_ip_address) object["nextHopIpAddress"] = route.next_hop_ip_address->to_string();
  return object;
}

std::string route_command(const std::string& table, const Route& route) {
  const std::string hop =
      route.next_hop_ip_address ? fmt::format(" --next-hop-ip-address {}", route.next_hop_ip_address->to_string()) : "";
  return fmt::format(
      "az network route-table route create {} --route-table-name {} --name {} --address-prefix {} --next-hop-type {}{}",
      group, word(table), word(route.name), route.prefix.cidr->to_string(), to_string(route.next_hop_type), hop);
}

std::string subnet_update(const std::string& network, const Subnet& subnet, const std::string& what) {
  return fmt::format("az network vnet subnet update {} --vnet-name {} --name {} {}", group, word(network),
                     word(subnet.name), what);
}

std::string joined(const std::vector<std::string>& before, std::string_view added) {
  std::string text;
  for (const std::string& one : before) text += word(one) + " ";
  return text + std::string{added};
}

}  // namespace

Change delegate_subnet(const std::string& network, const Subnet& subnet) {
  constexpr std::string_view service = "Microsoft.DBforPostgreSQL/flexibleServers";
  return {fmt::format("Delegate {}/{} to {}", network, subnet.name, service),
          {subnet_update(network, subnet, fmt::format("--delegations {}", service))},
          {{set, {"virtualNetworks", network, "subnets", subnet.name}, "delegations", "", json::array{service}}}};
}

Change add_service_endpoint(const std::string& network, const Subnet& subnet) {
  return {fmt::format("Turn the service endpoint Microsoft.Sql of {}/{} on", network, subnet.name),
          {subnet_update(network, subnet, "--service-endpoints " + joined(subnet.service_endpoints, "Microsoft.Sql"))},
          {{append, {"virtualNetworks", network, "subnets", subnet.name}, "serviceEndpoints", "", "Microsoft.Sql"}}};
}

Change peer(const VirtualNetwork& network, const VirtualNetwork& remote, bool transit) {
  Change change;
  change.text = fmt::format("Peer {} and {} in both directions{}", network.name, remote.name,
                            transit ? fmt::format(", {} using the gateway of {}", network.name, remote.name) : "");
  // The side with the gateway first: Azure refuses useRemoteGateways before the other side lends it.
  const std::string_view lends = transit ? "allowGatewayTransit" : "", uses = transit ? "useRemoteGateways" : "";
  if (made_anew(remote, network)) change.az_cli.push_back(peering_command("delete", remote, network));
  if (made_anew(network, remote)) change.az_cli.push_back(peering_command("delete", network, remote));
  add_link_commands(change, remote, network, lends);
  add_link_commands(change, network, remote, uses);
  add_link_edits(change, remote, network, lends);
  add_link_edits(change, network, remote, uses);
  return change;
}

Change set_peering_flag(const VirtualNetwork& network, const Peering& peering, const std::string& key) {
  return {fmt::format("Set {} of the peering {}/{}", key, network.name, peering.name),
          {fmt::format("az network vnet peering update {} --vnet-name {} --name {} {}", group, word(network.name),
                       word(peering.name), az_flag(key, true))},
          {{set, {"virtualNetworks", network.name, "peerings", peering.name}, key, "", true}}};
}

Change connect(const VirtualNetworkGateway& gateway, const GatewayConnection& connection) {
  const std::vector<std::string> path{"virtualNetworkGateways", gateway.name, "connections", connection.name};
  return {
      fmt::format("Bring the connection {}/{} to {} up, on both sides", gateway.name, connection.name, connection.site),
      {fmt::format("az network vpn-connection show {} --name {} --query connectionStatus", group,
                   word(connection.name))},
      {{set, path, "connectionStatus", "", "Connected"}}};
}

Change add_connection(const VirtualNetworkGateway& gateway, const Site& site) {
  const std::string name = name_from("to-" + site.name);
  const std::string create = fmt::format("az network vpn-connection create {} --name {} --vnet-gateway1 {}", group,
                                         word(name), word(gateway.name));
  Change change;
  change.edits = {{append,
                   {"virtualNetworkGateways", gateway.name},
                   "connections",
                   "",
                   json::object{{"name", name}, {"site", site.name}, {"connectionStatus", "Connected"}}}};
  if (gateway.type == GatewayType::express_route) {
    change.text = fmt::format("Connect {} to {} by an ExpressRoute circuit", gateway.name, site.name);
    change.az_cli = {create + " --express-route-circuit2 \"$CIRCUIT_ID\""};
    return change;
  }
  change.text = fmt::format("Connect {} to {} by a site-to-site VPN, on both sides", gateway.name, site.name);
  change.az_cli = {fmt::format("az network local-gateway create {} --name {} --gateway-ip-address "
                               "\"$SITE_GATEWAY_ADDRESS\" --local-address-prefixes {}",
                               group, word(site.name), words(site.address_prefixes)),
                   fmt::format("{} --local-gateway2 {} --shared-key \"$SHARED_KEY\"", create, word(site.name))};
  return change;
}

Change add_site_prefix(const Site& site, const Cidr& prefix) {
  std::vector<Cidr> all = site.address_prefixes;
  all.push_back(prefix);
  return {fmt::format("Announce {} as a network of {} to the gateway", prefix.to_string(), site.name),
          {fmt::format("az network local-gateway update {} --name {} --local-address-prefixes {}", group,
                       word(site.name), words(all))},
          {{append, {"sites", site.name}, "addressPrefixes", "", json::string{prefix.to_string()}}}};
}

Change add_site_route(const Site& site, const Cidr& prefix) {
  return {fmt::format("On the router of {}, send {} over the connection to Azure", site.name, prefix.to_string()),
          {},
          {{append, {"sites", site.name}, "routes", "", json::string{prefix.to_string()}}}};
}

Change add_route(const std::string& network, const Subnet& subnet, const RouteTable* table, Route route) {
  const std::string name = table != nullptr ? table->name : name_from("rt-" + subnet.name);
  Change change;
  change.text = fmt::format(
      "Route {} from {}/{} to {}", route.prefix.cidr->to_string(), network, subnet.name,
      route.next_hop_ip_address ? route.next_hop_ip_address->to_string() : std::string{to_string(route.next_hop_type)});
  if (table == nullptr) {
    change.az_cli.push_back(fmt::format("az network route-table create {} --name {}", group, word(name)));
    change.edits.push_back(
        {append, {}, "routeTables", "", json::object{{"name", name}, {"routes", json::array{route_json(route)}}}});
    change.edits.push_back(
        {set, {"virtualNetworks", network, "subnets", subnet.name}, "routeTable", "", json::string{name}});
  } else {
    change.edits.push_back({append, {"routeTables", name}, "routes", "", route_json(route)});
  }
  change.az_cli.push_back(route_command(name, route));
  if (table == nullptr)
    change.az_cli.push_back(subnet_update(network, subnet, fmt::format("--route-table {}", word(name))));
  return change;
}

Change remove_route(const RouteTable& table, const Route& route) {
  return {fmt::format("Delete the route {} from {}", route.name, table.name),
          {fmt::format("az network route-table route delete {} --route-table-name {} --name {}", group,
                       word(table.name), word(route.name))},
          {{erase, {"routeTables", table.name}, "routes", route.name}}};
}

std::optional<Change> cut_route(const RouteTable& table, const Route& route, const Cidr& hole) {
  const Cidr& whole = *route.prefix.cidr;
  if (hole.address().family() != IpAddress::Family::ipv4 || !whole.contains(hole) || whole == hole) return std::nullopt;
  Change change = remove_route(table, route);
  change.text = fmt::format("Take {} out of the route {} of {}: routes for the rest of {} replace it", hole.to_string(),
                            route.name, table.name, whole.to_string());
  for (int length = whole.length() + 1; length <= hole.length(); ++length) {
    const std::uint32_t flipped = hole.address().ipv4() ^ (1u << (32 - length));
    Route rest = route;
    rest.prefix.cidr = Cidr{IpAddress::from_ipv4(flipped), length};
    rest.name = name_from(fmt::format("{}-{}", route.name, length));
    change.az_cli.push_back(route_command(table.name, rest));
    change.edits.push_back({append, {"routeTables", table.name}, "routes", "", route_json(rest)});
  }
  return change;
}

Change propagate_gateway_routes(const RouteTable& table) {
  return {fmt::format("Let {} take the gateway's routes", table.name),
          {fmt::format("az network route-table update {} --name {} --disable-bgp-route-propagation false", group,
                       word(table.name))},
          {{set, {"routeTables", table.name}, "disableBgpRoutePropagation", "", false}}};
}

Change forward_in_azure(const NetworkAppliance& appliance) {
  return {fmt::format("Turn IP forwarding of {}'s network interface on", appliance.name),
          {fmt::format("az network nic update {} --name \"$NETWORK_INTERFACE\" --ip-forwarding true", group)},
          {{set, {"networkAppliances", appliance.name}, "enableIPForwarding", "", true}}};
}

Change forward_itself(const NetworkAppliance& appliance, const Passing& passing) {
  return {fmt::format("Let {} itself forward {} {} from {} to {}", appliance.name,
                      passing.protocol == Protocol::udp ? "UDP" : "TCP", passing.port, words(passing.sources),
                      words(passing.destinations)),
          {},
          {{set, {"networkAppliances", appliance.name}, "forwards", "", true}}};
}

}  // namespace pgpassage::scenarios::fix
