#include "tests/naive/reach.hpp"

#include <algorithm>
#include <iterator>

#include "tests/naive/routes.hpp"

namespace pgpassage::naive {
namespace {

bool is_public(const End& end) { return end.asked_publicly || (end.network == nullptr && end.site == nullptr); }

/// Where a packet is inside Azure.
struct Position {
  const VirtualNetwork* network = nullptr;
  const Subnet* subnet = nullptr;  ///< null: at a gateway
  bool filtered = false;           ///< a security group was asked here
};

/// One packet of the flow on its way there, or of the answer on its way back.
class Journey {
 public:
  Journey(World& world, const Topology& topology, const Packet& packet, bool answer)
      : world_{world}, topology_{topology}, packet_{packet}, answer_{answer} {}

  /// From a place in a VNet to the end. False when it is lost on the way.
  bool from_network(Position position);
  /// From a site to the end.
  bool from_site(const Site& site);

  bool by_internet = false;          ///< it left by the Internet
  bool by_service_endpoint = false;  ///< it left by the service endpoint of a subnet
  Position left;                     ///< which subnet that was
  bool by_undeclared = false;        ///< a next hop took it of which the file says nothing
  std::vector<const NetworkAppliance*> appliances;

 private:
  const End& end() const { return *packet_.to; }
  bool follow(const Position& position, const NaiveRoute& route);
  bool arrive(const Position& position, const VirtualNetwork& network);
  bool cross(const Position& from, const VirtualNetwork& to, bool filtered_there);
  bool through_appliance(const Position& position, const NaiveRoute& route);
  bool by_gateway(const Position& position);
  bool out_of_a_site();
  bool access_to_gateway(const Position& position, const VirtualNetwork& hub);
  bool over_connection(const GatewayConnection& connection);
  bool to_internet();
  bool uses_service_endpoint(const Position& position);
  bool end_is_filtered() const;

  World& world_;
  const Topology& topology_;
  const Packet& packet_;
  bool answer_;
  int forwarded_ = 0;
  bool from_gateway_ = false;  ///< the packet was handed on by a gateway, not by an appliance
};

PrivateEndpointNetworkPolicies policies_of(const End& end) {
  return end.subnet == nullptr ? PrivateEndpointNetworkPolicies::disabled
                               : end.subnet->private_endpoint_network_policies;
}

bool has_policies_for_groups(const End& end) {
  const auto policies = policies_of(end);
  return policies == PrivateEndpointNetworkPolicies::enabled ||
         policies == PrivateEndpointNetworkPolicies::network_security_group_enabled;
}

bool has_policies_for_routes(const End& end) {
  const auto policies = policies_of(end);
  return policies == PrivateEndpointNetworkPolicies::enabled ||
         policies == PrivateEndpointNetworkPolicies::route_table_enabled;
}

bool groups_filter(const End& end) {
  if (end.network == nullptr) return false;
  if (end.endpoint != nullptr && !has_policies_for_groups(end)) return false;
  return !end.nsg.empty() || !group_of(end.subnet).empty();
}

bool Journey::end_is_filtered() const { return answer_ || groups_filter(end()); }

bool Journey::cross(const Position& from, const VirtualNetwork& to, bool filtered_there) {
  const Peering* near = find_peering(*from.network, to.name);
  const Peering* far = find_peering(to, from.network->name);
  if (!peered(*from.network, to)) return false;
  if (from_gateway_ && !(far->use_remote_gateways && near->allow_gateway_transit)) return false;
  const bool started_here = contains(from.network->address_prefixes, packet_.source);
  if (!started_here && !from_gateway_ && !far->allow_forwarded_traffic) return false;
  // Contract 6.10: the tag of the side that has the flag is smaller; with no security group there, nothing decides.
  const bool near_decides = near->allow_virtual_network_access || from.filtered;
  const bool far_decides = far->allow_virtual_network_access || filtered_there;
  if (answer_ || (near_decides && far_decides)) return true;
  return world_.guess("peering without access of " + from.network->name + " and " + to.name);
}

bool Journey::arrive(const Position& position, const VirtualNetwork& network) {
  if (end().network != &network) return false;
  return position.network == &network || cross(position, network, end_is_filtered());
}

bool Journey::through_appliance(const Position& position, const NaiveRoute& route) {
  const NetworkAppliance* found = nullptr;
  for (const NetworkAppliance& appliance : topology_.network_appliances)
    if (appliance.ip_address == route.next_hop) found = &appliance;
  if (found == nullptr) {
    by_undeclared = true;
    by_internet = is_public(end());
    return world_.guess("the next hop " + route.next_hop->to_string() + " delivers");
  }
  const VirtualNetwork& network = *find_virtual_network(topology_, found->virtual_network);
  const Subnet* subnet = find_subnet(network, found->subnet);
  const bool filtered = !group_of(subnet).empty();
  if (&network != position.network && !cross(position, network, answer_ || filtered)) return false;
  if (!found->enable_ip_forwarding || !found->forwards) return false;
  if (std::ranges::find(appliances, found) != appliances.end()) return false;
  appliances.push_back(found);
  from_gateway_ = false;
  for (const Direction direction : {Direction::inbound, Direction::outbound})
    if (!answer_ && !rules_allow(world_, topology_, {group_of(subnet)}, direction, packet_, network, subnet))
      return false;
  return from_network({&network, subnet, filtered});
}

bool Journey::over_connection(const GatewayConnection& connection) {
  if (connection.status == ConnectionStatus::unknown && !world_.guess(connection.name + " is connected")) return false;
  if (connection.status == ConnectionStatus::connecting || connection.status == ConnectionStatus::not_connected)
    return false;
  const Site& site = *find_site(topology_, connection.site);
  if (!is_public(end())) return end().site == &site;
  // What the site's filter does not let out ends there.
  const bool let_out =
      answer_ || !site.firewall_rules || site_allows(world_, topology_, site, Direction::outbound, packet_);
  return let_out && out_of_a_site();
}

/// A user route hands the packet to the VPN gateway that the VNet uses (never where ExpressRoute is as well, 2.5): it
/// has connections, and it relays between the VNets that use it, by the routes of its own subnet.
bool Journey::by_gateway(const Position& position) {
  const auto uses = gateways_of(topology_, *position.network);
  const auto express_route = [](const GatewayUse& use) { return use.gateway->type == GatewayType::express_route; };
  if (uses.empty() || std::ranges::any_of(uses, express_route)) return false;
  const GatewayUse& use = uses.front();
  if (use.network != position.network && !access_to_gateway(position, *use.network)) return false;
  if (end().site != nullptr && !end().asked_publicly) {
    const GatewayConnection* chosen = nullptr;
    for (const GatewayConnection& connection : use.gateway->connections) {
      if (connection.site != end().site->name || !contains(prefixes_of(topology_, connection), packet_.destination))
        continue;
      if (chosen == nullptr || connection.status == ConnectionStatus::connected) chosen = &connection;
    }
    return chosen != nullptr && over_connection(*chosen);
  }
  if (is_public(end())) return out_of_a_site();
  from_gateway_ = true;
  return from_network({use.network, find_subnet(*use.network, "GatewaySubnet")});
}

/// How a site passes traffic on to the Internet, the file does not say.
bool Journey::out_of_a_site() {
  by_internet = true;
  return packet_.destination.global() && world_.guess("a site passes traffic on to the Internet");
}

bool Journey::access_to_gateway(const Position& position, const VirtualNetwork& hub) {
  if (answer_ || position.filtered || find_peering(*position.network, hub.name)->allow_virtual_network_access)
    return true;
  return world_.guess("peering without access of " + position.network->name + " and the gateway of " + hub.name);
}

bool Journey::to_internet() {
  by_internet = true;
  return packet_.destination.global() && is_public(end());
}

bool Journey::uses_service_endpoint(const Position& position) {
  const Server* server = end().server;
  if (server == nullptr || server->kind != ServerKind::single_server || !end().asked_publicly) return false;
  const std::string& region = position.network->azure_location;
  if (!server->azure_location.empty() && !region.empty() && server->azure_location != region) return false;
  return position.subnet != nullptr && std::ranges::find(position.subnet->service_endpoints, "Microsoft.Sql") !=
                                           position.subnet->service_endpoints.end();
}

bool Journey::follow(const Position& position, const NaiveRoute& route) {
  switch (route.hop) {
    case Hop::none: return false;
    case Hop::internet: return to_internet();
    case Hop::virtual_network:
      return contains(position.network->address_prefixes, packet_.destination) && arrive(position, *position.network);
    case Hop::peering:
    case Hop::endpoint: return arrive(position, *route.network);
    case Hop::gateway:
      return (route.gateway_network == position.network || access_to_gateway(position, *route.gateway_network)) &&
             over_connection(*route.connection);
    case Hop::user_gateway: return by_gateway(position);
    case Hop::appliance: return through_appliance(position, route);
    case Hop::service_endpoint: break;
  }
  return false;
}

bool Journey::from_network(Position position) {
  if (++forwarded_ > 8) return false;  // 2.14
  const bool from_endpoint = answer_ && appliances.empty() && packet_.from->endpoint != nullptr;
  const bool user_routes = !from_endpoint || has_policies_for_routes(*packet_.from);
  const auto route = route_to(world_, topology_, *position.network, position.subnet, user_routes, packet_.destination);
  if (!route) return false;
  if (uses_service_endpoint(position) && route->prefix.length() < route->prefix.address().bits()) {
    // The service's prefixes are longer than a default route; how long, the file does not say.
    const bool longer = route->origin != Origin::user || route->prefix.length() == 0 ||
                        world_.guess("the service endpoint's prefix is the longer one");
    left = position;
    if (longer) return by_service_endpoint = true;
  }
  return follow(position, *route);
}

bool Journey::from_site(const Site& site) {
  if (site.routes && !contains(*site.routes, packet_.destination)) return false;
  std::vector<std::pair<const GatewayConnection*, const VirtualNetwork*>> ways;
  for (const VirtualNetworkGateway& gateway : topology_.virtual_network_gateways)
    for (const GatewayConnection& connection : gateway.connections) {
      if (connection.site != site.name) continue;
      const VirtualNetwork& hub = *find_virtual_network(topology_, gateway.virtual_network);
      ways.emplace_back(&connection, &hub);
    }
  // What a gateway announces by itself: its VNet, and the peers that use it.
  const auto announces = [&](const auto& way) {
    if (end().network == way.second) return true;
    const auto uses = gateways_of(topology_, *end().network);
    return std::ranges::any_of(uses, [&](const GatewayUse& use) { return use.network == way.second; });
  };
  if (std::ranges::any_of(ways, announces) || !site.routes)
    std::erase_if(ways, [&](const auto& way) { return !announces(way); });
  if (ways.empty()) return false;
  const auto connected = [](const auto& way) { return way.first->status == ConnectionStatus::connected; };
  if (std::ranges::any_of(ways, connected)) std::erase_if(ways, [&](const auto& way) { return !connected(way); });
  const auto [connection, hub] = ways[world_.pick("the connection that " + site.name + " uses", ways.size())];
  if (connection->status == ConnectionStatus::unknown && !world_.guess(connection->name + " is connected"))
    return false;
  if (connection->status == ConnectionStatus::connecting || connection->status == ConnectionStatus::not_connected)
    return false;
  from_gateway_ = true;
  return from_network({hub, find_subnet(*hub, "GatewaySubnet")});
}

bool runs_in_azure(const End& end) {
  if (end.network != nullptr) return true;
  return end.server != nullptr && end.site == nullptr &&
         (end.server->kind == ServerKind::single_server || end.server->kind == ServerKind::flexible_server ||
          end.server->kind == ServerKind::azure_vm);
}

/// The public address from which the far side sees the flow; absent when the file does not say.
std::optional<IpAddress> egress(World& world, const Packet& packet, bool by_appliance) {
  const End& from = *packet.from;
  if (from.network == nullptr && from.site == nullptr && from.server == nullptr && !packet.source_anywhere)
    return packet.source;
  if (from.server != nullptr && !from.server->egress_ip_addresses.empty())
    return from.server->egress_ip_addresses[world.pick("egress address", from.server->egress_ip_addresses.size())];
  const bool own = from.server != nullptr && from.server->access == ServerAccess::public_access && runs_in_azure(from);
  return own && !by_appliance ? from.public_address : std::nullopt;
}

/// Cloud SQL's authorized networks are its firewall list.
std::optional<std::vector<FirewallRule>> firewall_of(const Server& server) {
  if (!server.authorized_networks) return server.firewall_rules;
  std::vector<FirewallRule> rules;
  for (const AuthorizedNetwork& network : *server.authorized_networks)
    rules.push_back({"", network.value.first(), network.value.last(), {}});
  return rules;
}

bool admits_all_of_azure(const Server& server) {
  return std::ranges::any_of(*server.firewall_rules, [](const FirewallRule& rule) {
    const IpAddress last = rule.end_ip_address;
    return rule.start_ip_address == IpAddress{} && (last == IpAddress{} || last == IpAddress::from_ipv4(0xffffffff));
  });
}

/// `source` is some address of the Internet when the file does not say which (`anywhere`).
bool server_admits(World& world, const Server& server, const End& from, const IpAddress& source, bool anywhere,
                   const Journey& journey) {
  const auto rule_for = [&](const VirtualNetwork& network, const Subnet* subnet) {
    return server.kind == ServerKind::single_server &&
           std::ranges::any_of(server.virtual_network_rules, [&](const SubnetReference& rule) {
             return network.name == rule.virtual_network && subnet != nullptr && subnet->name == rule.subnet;
           });
  };
  if (journey.by_service_endpoint) return rule_for(*journey.left.network, journey.left.subnet);
  // A rule for the subnet that lacks the service endpoint is the error of S08-2, unless the address list surely admits.
  const bool error = from.network != nullptr && rule_for(*from.network, from.subnet);
  if (error && (!server.firewall_rules || anywhere)) return server.firewall_rules && admits_all_of_azure(server);
  const auto rules = firewall_of(server);
  if (!rules) return world.guess(server.name + " admits it");
  const bool of_azure = server.kind == ServerKind::single_server || server.kind == ServerKind::flexible_server;
  return std::ranges::any_of(*rules, [&](const FirewallRule& rule) {
    const bool services = rule.start_ip_address == IpAddress{} && rule.end_ip_address == IpAddress{};
    if (services) return of_azure && runs_in_azure(from);
    return rule.start_ip_address <= source && source <= rule.end_ip_address;
  });
}

/// Everything about one flow in one world.
class Crossing {
 public:
  Crossing(World& world, const Topology& topology, const End& from, const End& to, Port port, Protocol protocol)
      : world_{world}, topology_{topology}, from_{from}, to_{to} {
    packet_ = {.protocol = protocol, .port = port, .from = &from, .to = &to};
  }

  bool passes() {
    if (from_.nowhere || to_.nowhere || from_.endpoint != nullptr) return false;
    const bool public_machine = to_.network != nullptr && to_.asked_publicly && !to_.public_address;
    if (public_machine && !world_.guess("the public address of the machine")) return false;
    if ((from_.undescribed || to_.undescribed) && !world_.guess("where the servers are")) return false;
    const auto family = shared_family();
    if (!family) return lacks_a_family();
    packet_.source = address_in(world_, topology_, from_, "source address", *family);
    packet_.destination =
        to_.asked_publicly
            ? to_.public_address ? *to_.public_address : public_address_in(world_, topology_, "public address", *family)
            : address_in(world_, topology_, to_, "destination address", *family);
    packet_.source_anywhere =
        !from_.address && !from_.public_address && from_.network == nullptr && from_.site == nullptr;
    packet_.destination_anywhere = to_.asked_publicly && !to_.public_address;
    Journey there{world_, topology_, packet_, false};
    if (from_.network == nullptr && from_.site == nullptr && to_.network == nullptr && to_.site == nullptr &&
        to_.server == nullptr && !world_.guess("between two places of the Internet"))
      return false;
    return leaves(there) && enters(there) && passes_network_acls() && returns(there);
  }

 private:
  /// Absent: the two have none in common.
  std::optional<Family> shared_family() {
    std::vector<Family> shared;
    const std::set<Family> from = families_from(from_), to = families_to(to_);
    std::ranges::set_intersection(from, to, std::back_inserter(shared));
    if (shared.empty()) return std::nullopt;
    return shared[world_.pick("family", shared.size())];
  }

  /// A subnet without the family has no machine in it. Otherwise the machine's address is what the file lacks.
  bool lacks_a_family() {
    const std::set<Family> wanted = families_to(to_);
    if (from_.subnet != nullptr && std::ranges::none_of(from_.subnet->prefixes, [&](const Cidr& prefix) {
          return wanted.contains(prefix.address().family());
        }))
      return false;
    return world_.guess("an address of the other family");
  }

  bool leaves(Journey& journey) {
    if (from_.network != nullptr) {
      const bool filtered = groups_filter(from_);
      return rules_allow(world_, topology_, {from_.nsg, group_of(from_.subnet)}, Direction::outbound, packet_,
                         *from_.network, from_.subnet) &&
             journey.from_network({from_.network, from_.subnet, filtered});
    }
    if (from_.site != nullptr && from_.site == to_.site && !to_.asked_publicly)
      return site_allows(world_, topology_, *to_.site, Direction::inbound, packet_) || world_.guess("inside the site");
    if (from_.site != nullptr && !site_allows(world_, topology_, *from_.site, Direction::outbound, packet_))
      return false;
    if (to_.asked_publicly || (to_.network == nullptr && to_.site == nullptr)) return journey.by_internet = true;
    if (from_.site == nullptr) return false;
    if (to_.site != nullptr) return relayed(*from_.site, *to_.site, packet_.destination);
    return journey.from_site(*from_.site);
  }

  /// The network ACLs of AWS, which are stateless: both legs, at both ends.
  bool passes_network_acls() {
    const bool same = from_.site != nullptr && from_.site == to_.site && !to_.asked_publicly;
    if (same && in_one_subnet(world_, *from_.site, packet_.source, packet_.destination)) return true;
    for (const bool answer : {false, true}) {
      if (from_.site != nullptr && !network_acls_allow(world_, topology_, *from_.site,
                                                       {packet_.source, packet_.destination, !answer, answer}, packet_))
        return false;
      if (to_.site != nullptr && !network_acls_allow(world_, topology_, *to_.site,
                                                     {local_destination(), seen_.source, answer, answer}, packet_))
        return false;
    }
    return true;
  }

  /// Where a public address of the site is translated to.
  IpAddress local_destination() {
    if (!to_.asked_publicly || to_.server == nullptr) return packet_.destination;
    if (to_.server->ip_address) return *to_.server->ip_address;
    End inside;
    inside.site = to_.site;
    return address_in(world_, topology_, inside, "inner address");
  }

  /// One site says that it sends the other's prefix to Azure, and a VPN gateway with BGP to both passes it on. Nothing
  /// else about ways between sites is in the file.
  bool relayed(const Site& one, const Site& other, const IpAddress& destination) {
    const auto relays = [&](const VirtualNetworkGateway& gateway) {
      const GatewayConnection *in = nullptr, *out = nullptr;
      for (const GatewayConnection& connection : gateway.connections) {
        if (!connection.enable_bgp) continue;
        if (connection.site == one.name && in == nullptr) in = &connection;
        if (connection.site == other.name && out == nullptr &&
            contains(prefixes_of(topology_, connection), destination))
          out = &connection;
      }
      return std::pair{in, out};
    };
    std::vector<std::pair<const GatewayConnection*, const GatewayConnection*>> ways;
    for (const VirtualNetworkGateway& gateway : topology_.virtual_network_gateways)
      if (const auto way = relays(gateway); gateway.type == GatewayType::vpn && way.first && way.second)
        ways.push_back(way);
    if (ways.empty() || !one.routes || !contains(*one.routes, destination)) return world_.guess("between sites");
    const auto [in, out] = ways[world_.pick(one.name + " by which gateway to " + other.name, ways.size())];
    return is_up(*in) && is_up(*out);
  }

  bool is_up(const GatewayConnection& connection) {
    if (connection.status == ConnectionStatus::unknown) return world_.guess(connection.name + " is connected");
    return connection.status == ConnectionStatus::connected;
  }

  /// Cloud SQL lets clients of RFC 1918 in by its private address; others need an authorized network.
  bool is_authorized() {
    if (to_.server == nullptr || to_.server->kind != ServerKind::google_cloud_sql || to_.site == nullptr) return true;
    for (const char* prefix : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"})
      if (Cidr::parse(prefix)->contains(seen_.source)) return true;
    if (!to_.server->authorized_networks) return world_.guess("Cloud SQL authorizes the client");
    return std::ranges::any_of(*to_.server->authorized_networks,
                               [&](const AuthorizedNetwork& network) { return network.value.contains(seen_.source); });
  }

  bool enters(const Journey& there) {
    seen_ = packet_;
    if (there.by_internet) {
      const auto known = egress(world_, packet_, !there.appliances.empty());
      seen_.source =
          known ? *known : public_address_in(world_, topology_, "egress address", packet_.destination.family());
      seen_.source_anywhere = !known;
    }
    if (to_.endpoint != nullptr && to_.endpoint->connection_state != EndpointConnectionState::approved) return false;
    if (!to_.asked_publicly && !is_authorized()) return false;
    if (from_.site != nullptr && from_.site == to_.site && !to_.asked_publicly) return true;
    if (to_.site != nullptr && !enters_site()) return false;
    if (to_.network != nullptr && !enters_network()) return false;
    if (!to_.asked_publicly || to_.server == nullptr) return true;
    if (to_.server->public_network_access == false) return false;
    const bool other_filter = (to_.site != nullptr || to_.network != nullptr) && !firewall_of(*to_.server);
    return other_filter || server_admits(world_, *to_.server, from_, seen_.source, seen_.source_anywhere, there);
  }

  bool enters_site() {
    const bool own_list = to_.asked_publicly && to_.server != nullptr && firewall_of(*to_.server);
    if (own_list && !to_.site->firewall_rules) return true;
    Packet inside = seen_;
    // Whether the rules name the public or the inner address depends on where the site translates.
    if (to_.asked_publicly && to_.server != nullptr && to_.server->ip_address && world_.guess("the site translates"))
      inside.destination = *to_.server->ip_address;
    return site_allows(world_, topology_, *to_.site, Direction::inbound, inside);
  }

  bool enters_network() {
    if (to_.endpoint != nullptr && !has_policies_for_groups(to_)) return true;
    // A security group sees the private address, whichever was asked for (2.1.5).
    if (to_.asked_publicly) seen_.destination = address_in(world_, topology_, to_, "private address");
    std::swap(packet_, seen_);
    // Admin rules do not concern private endpoints, and source ports do not count there.
    const bool allowed = to_.endpoint != nullptr
                             ? group_allows(world_, topology_, group_of(to_.subnet), Direction::inbound, packet_,
                                            *to_.network, to_.subnet, true)
                             : rules_allow(world_, topology_, {group_of(to_.subnet), to_.nsg}, Direction::inbound,
                                           packet_, *to_.network, to_.subnet);
    std::swap(packet_, seen_);
    return allowed;
  }

  bool returns(const Journey& there) {
    Packet answer = seen_;
    std::swap(answer.source, answer.destination);
    std::swap(answer.from, answer.to);
    if (from_.site != nullptr && to_.site != nullptr) {
      const bool in_azure = from_.site != to_.site && !to_.asked_publicly;
      return !in_azure || relayed(*to_.site, *from_.site, packet_.source);
    }
    if (there.by_undeclared && to_.network == nullptr && (to_.site == nullptr || is_public(to_))) return true;
    if (there.by_internet || there.by_service_endpoint)
      return (to_.network == nullptr || answers_publicly(answer)) && comes_back_from_appliance(there, answer);
    Journey back{world_, topology_, answer, true};
    if (to_.endpoint != nullptr && !there.appliances.empty() && !has_policies_for_routes(to_))
      return world_.guess("an appliance translates addresses");
    const bool arrived = to_.site != nullptr ? back.from_site(*to_.site) : back.from_network({to_.network, to_.subnet});
    if (!arrived || back.by_internet) return false;
    return same_appliances(there, back) || world_.guess("appliances take one leg alone");
  }

  /// An appliance that sends to the Internet translates addresses: the answer comes to it, and it must find the way.
  bool comes_back_from_appliance(const Journey& there, Packet answer) {
    if (there.appliances.empty()) return true;
    answer.source = packet_.destination;
    answer.destination = packet_.source;
    const NetworkAppliance& last = *there.appliances.back();
    const VirtualNetwork& network = *find_virtual_network(topology_, last.virtual_network);
    Journey back{world_, topology_, answer, true};
    return back.from_network({&network, find_subnet(network, last.subnet)}) && !back.by_internet;
  }

  /// What was asked for by a public address answers over the Internet, or not at all (2.5).
  bool answers_publicly(Packet answer) {
    const End outside{.asked_publicly = true};
    answer.to = &outside;
    Journey back{world_, topology_, answer, true};
    return back.from_network({to_.network, to_.subnet}) && back.by_internet && back.appliances.empty();
  }

  static bool same_appliances(const Journey& there, const Journey& back) {
    auto one = there.appliances, other = back.appliances;
    std::ranges::sort(one);
    std::ranges::sort(other);
    return one == other;
  }

  World& world_;
  const Topology& topology_;
  const End& from_;
  const End& to_;
  Packet packet_;
  Packet seen_;  ///< as the far side sees it
};

/// What starts at a public address starts on the Internet, and so does a public server: its declared access wins
/// (contract 6.4), but for machines in a VNet.
End as_start(const End& end) {
  End start = end;
  start.asked_publicly = false;
  if (!end.by_public_address && (end.network != nullptr || !end.asked_publicly)) return start;
  start = {};
  start.address = start.public_address = end.public_address;
  if (end.network == nullptr) start.server = end.server;
  return start;
}

}  // namespace

std::optional<bool> reaches(const Topology& topology, const End& from, const End& to, Port port, Protocol protocol) {
  const End start = as_start(from);
  return in_every_world([&](World& world) { return Crossing{world, topology, start, to, port, protocol}.passes(); });
}

}  // namespace pgpassage::naive
