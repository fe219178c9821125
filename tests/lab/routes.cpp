#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/lab/compile.hpp"

namespace pgpassage::lab {
namespace {

// Metrics in the order in which Azure prefers routes of one prefix. A private endpoint's route yields to nothing but
// network policies, which leave it out.
constexpr int endpoint_metric = 50, user_metric = 100, gateway_metric = 200, system_metric = 300, none_metric = 400;
constexpr int deliver_table = 900, main_table = 254, first_subnet_table = 1000, first_hop_table = 3000;
constexpr int first_gateway_table = 2000, first_endpoint_table = 4000;

/// One routing table; of two routes with equal prefix and metric the first stays.
class Table {
 public:
  explicit Table(int number) : number_(number) {}

  void add(const std::string& type, const Cidr& prefix, int metric, const std::string& next_hop = {}) {
    if (prefix.address().family() != IpAddress::Family::ipv4) return;
    if (!taken_.insert({prefix, metric}).second) return;
    lines_.push_back(
        fmt::format("route add {}{}{} table {} metric {}", type, prefix.to_string(), next_hop, number_, metric));
  }
  void append_to(std::vector<std::string>& lines) const { lines.insert(lines.end(), lines_.begin(), lines_.end()); }

 private:
  int number_;
  std::vector<std::string> lines_;
  std::set<std::pair<Cidr, int>> taken_;
};

std::string over(const Wire& wire, std::string_view from_place) {
  if (wire.one_place == from_place)
    return fmt::format(" via {} dev {}", wire.other_address.to_string(), wire.one_device);
  return fmt::format(" via {} dev {}", wire.one_address.to_string(), wire.other_device);
}

std::string to_nic(const Nic& nic) { return fmt::format(" via {} dev {} onlink", nic.address.to_string(), nic.device); }

/// Routes of one VNet, as its subnets, its gateways and its own DNS server see them.
class NetworkRoutes {
 public:
  NetworkRoutes(const Topology& topology, const Layout& layout, const Fabric& fabric, Notes& notes)
      : topology_(topology), layout_(layout), fabric_(fabric), network_(*fabric.network), notes_(notes) {
    const auto index = static_cast<std::size_t>(&fabric - layout.fabrics.data());
    internet_ = over(layout.uplinks[index], fabric.place);
  }

  std::vector<std::string> lines() {
    lines_.push_back("rule add pref 150 iif lo lookup main");  // what the fabric itself sends: its DNS server
    lines_.push_back(fmt::format("rule add pref 200 lookup {}", deliver_table));
    add_deliveries();
    add_own();
    for (std::size_t i = 0; i < network_.subnets.size(); ++i) add_subnet(network_.subnets[i], static_cast<int>(i));
    int gateways = 0;
    for (const Nic& nic : layout_.nics)
      if (nic.fabric == fabric_.place && nic.kind == NicKind::gateway)
        add_gateway(nic, first_gateway_table + gateways++);
    add_hops();
    return std::move(lines_);
  }

 private:
  void add_deliveries() {
    for (const Nic& nic : layout_.nics)
      if (nic.fabric == fabric_.place)
        lines_.push_back(
            fmt::format("route add {}/32 dev {} table {}", nic.address.to_string(), nic.device, deliver_table));
    lines_.push_back(fmt::format("route add blackhole default table {}", deliver_table));
  }

  void add_peers(Table& table, const std::string& source = {}) const {
    for (const VirtualNetwork& other : topology_.virtual_networks) {
      if (&other == &network_ || !peered(topology_, network_, other)) continue;
      const std::string way = over(find_peering_wire(layout_, network_.name, other.name)->wire, fabric_.place) + source;
      for (const Cidr& prefix : other.address_prefixes) table.add("", prefix, system_metric, way);
    }
  }

  /// The way to a gateway or appliance: in the VNet itself, or over the wire kept for it; empty when there is none.
  std::string way_to(const std::string& place) const {
    const Nic* nic = find_nic(layout_, place);
    if (nic == nullptr) return {};
    if (nic->fabric == fabric_.place) return to_nic(*nic);
    const VirtualNetwork* other = find_virtual_network(topology_, nic->virtual_network);
    const HopWire* hop = find_hop(layout_, network_.name, place);
    return hop && other && peered(topology_, network_, *other) ? over(hop->wire, fabric_.place) : std::string{};
  }

  /// System routes of VNet and peerings win over gateway routes even where those are more specific.
  bool inside_system_routes(const Cidr& prefix) const {
    const auto covers = [&](const VirtualNetwork& one) {
      return std::ranges::any_of(one.address_prefixes, [&](const Cidr& own) { return own.contains(prefix); });
    };
    return covers(network_) || std::ranges::any_of(topology_.virtual_networks, [&](const VirtualNetwork& other) {
             return &other != &network_ && peered(topology_, network_, other) && covers(other);
           });
  }

  void add_gateway_prefixes(Table& table, const std::string& source = {}) const {
    for (const VirtualNetworkGateway* gateway : gateways_of(topology_, network_)) {
      const std::string way = way_to(place_name("gateway", gateway->name));
      const int metric = gateway_metric + (gateway->type == GatewayType::vpn ? 10 : 0);  // ExpressRoute is preferred
      for (const Cidr& prefix : site_prefixes(topology_, *gateway, true))
        if (!way.empty() && !inside_system_routes(prefix)) table.add("", prefix, metric, way + source);
    }
  }

  /// A default route that replaces Azure's own replaces what that one was restricted by, too.
  bool replaces_default(const RouteTable* routes) const {
    const auto is_default = [](const Cidr& prefix) { return prefix.length() == 0; };
    if (routes != nullptr && std::ranges::any_of(routes->routes, [&](const Route& route) {
          return route.prefix.cidr && is_default(*route.prefix.cidr);
        }))
      return true;
    if (routes != nullptr && routes->disable_bgp_route_propagation) return false;
    return std::ranges::any_of(gateways_of(topology_, network_), [&](const VirtualNetworkGateway* gateway) {
      return std::ranges::any_of(site_prefixes(topology_, *gateway, true), is_default);
    });
  }

  void add_none(Table& table) const {
    for (const char* text : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"})
      table.add("blackhole ", *Cidr::parse(text), none_metric);
  }

  /// A user route displaces an endpoint's route only under route network policies, and only when it is at least as
  /// long as the prefix of the endpoint's VNet.
  bool displaced(const PrivateEndpoint& endpoint, const VirtualNetwork& home, const RouteTable* routes) const {
    const Subnet* subnet = find_subnet(home, endpoint.subnet);
    if (subnet == nullptr || routes == nullptr) return false;
    const auto policies = subnet->private_endpoint_network_policies;
    if (policies != PrivateEndpointNetworkPolicies::enabled &&
        policies != PrivateEndpointNetworkPolicies::route_table_enabled)
      return false;
    return std::ranges::any_of(routes->routes, [&](const Route& route) {
      if (!route.prefix.cidr || !route.prefix.cidr->contains(endpoint.private_ip_address)) return false;
      return std::ranges::any_of(home.address_prefixes, [&](const Cidr& prefix) {
        return prefix.contains(endpoint.private_ip_address) && route.prefix.cidr->length() >= prefix.length();
      });
    });
  }

  void add_endpoints(Table& table, const RouteTable* routes) const {
    for (const PrivateEndpoint& endpoint : topology_.private_endpoints) {
      const VirtualNetwork* home = find_virtual_network(topology_, endpoint.virtual_network);
      if (home == nullptr || displaced(endpoint, *home, routes)) continue;
      const Cidr prefix{endpoint.private_ip_address};
      if (home == &network_)
        table.add("throw ", prefix, endpoint_metric);
      else if (peered(topology_, network_, *home))
        table.add("", prefix, endpoint_metric,
                  over(find_peering_wire(layout_, network_.name, home->name)->wire, fabric_.place));
    }
  }

  void add_user_route(Table& table, const Route& route, const Cidr& prefix) {
    switch (route.next_hop_type) {
      case NextHopType::none: return table.add("blackhole ", prefix, user_metric);
      case NextHopType::vnet_local: return table.add("throw ", prefix, user_metric);
      case NextHopType::internet: return table.add("", prefix, user_metric, internet_);
      case NextHopType::virtual_network_gateway: {
        // A user route may name a VPN gateway only.
        const auto gateways = gateways_of(topology_, network_);
        const auto vpn = std::ranges::find(gateways, GatewayType::vpn, &VirtualNetworkGateway::type);
        const std::string way = vpn == gateways.end() ? "" : way_to(place_name("gateway", (*vpn)->name));
        return table.add(way.empty() ? "blackhole " : "", prefix, user_metric, way);
      }
      case NextHopType::virtual_appliance: break;
    }
    const auto appliance = std::ranges::find_if(topology_.network_appliances, [&](const NetworkAppliance& one) {
      return one.ip_address == route.next_hop_ip_address;
    });
    const bool known = appliance != topology_.network_appliances.end();
    if (!known)
      notes_.push_back(fmt::format("route {}: next hop {} is no declared appliance; the lab drops what goes there",
                                   route.name, route.next_hop_ip_address->to_string()));
    const std::string way = known ? way_to(place_name("appliance", appliance->name)) : std::string{};
    table.add(way.empty() ? "blackhole " : "", prefix, user_metric, way);
  }

  void add_user_routes(Table& table, const RouteTable& routes) {
    for (const Route& route : routes.routes) {
      if (route.prefix.cidr)
        add_user_route(table, route, *route.prefix.cidr);
      else if (const ServiceTag* tag = find_service_tag(topology_, route.prefix.tag))
        for (const Cidr& prefix : tag->prefixes) add_user_route(table, route, prefix);
      else
        notes_.push_back(
            fmt::format("route {}: the addresses of service tag {} are not in the file", route.name, route.prefix.tag));
    }
  }

  /// A route table is no matter of a private endpoint, but under route network policies.
  static bool heeds_user_routes(const Nic& nic, const Subnet& subnet) {
    const auto policies = subnet.private_endpoint_network_policies;
    return nic.kind != NicKind::private_endpoint || policies == PrivateEndpointNetworkPolicies::enabled ||
           policies == PrivateEndpointNetworkPolicies::route_table_enabled;
  }

  void add_subnet(const Subnet& subnet, int index) {
    add_routes_of(find_route_table(topology_, subnet.route_table), first_subnet_table + index);
    bool apart = false;
    for (const Nic& nic : layout_.nics) {
      if (nic.fabric != fabric_.place || nic.subnet != subnet.name || nic.kind == NicKind::gateway) continue;
      const bool heeds = heeds_user_routes(nic, subnet);
      apart = apart || !heeds;
      lines_.push_back(fmt::format("rule add pref 100 iif {} lookup {}", nic.device,
                                   (heeds ? first_subnet_table : first_endpoint_table) + index));
    }
    if (apart) add_routes_of(nullptr, first_endpoint_table + index);
  }

  void add_routes_of(const RouteTable* routes, int number) {
    Table table{number};
    for (const Cidr& prefix : network_.address_prefixes) table.add("throw ", prefix, system_metric);
    add_peers(table);
    if (routes == nullptr || !routes->disable_bgp_route_propagation) add_gateway_prefixes(table);
    add_endpoints(table, routes);
    if (!replaces_default(routes)) add_none(table);
    table.add("", Cidr{}, system_metric, internet_);
    if (routes != nullptr) add_user_routes(table, *routes);
    table.append_to(lines_);
  }

  /// What comes out of a gateway goes into its VNet and those that use it, by the GatewaySubnet's own routes.
  void add_gateway(const Nic& nic, int number) {
    Table table{number};
    for (const Cidr& prefix : network_.address_prefixes) table.add("throw ", prefix, system_metric);
    for (const VirtualNetwork& spoke : topology_.virtual_networks)
      if (&spoke != &network_ && uses_gateway_of(topology_, spoke, network_))
        for (const Cidr& prefix : spoke.address_prefixes)
          table.add("", prefix, system_metric,
                    over(find_peering_wire(layout_, network_.name, spoke.name)->wire, fabric_.place));
    if (const Subnet* subnet = find_subnet(network_, nic.subnet))
      if (const RouteTable* routes = find_route_table(topology_, subnet->route_table)) add_user_routes(table, *routes);
    table.add("blackhole ", Cidr{}, none_metric);
    table.append_to(lines_);
    lines_.push_back(fmt::format("rule add pref 100 iif {} lookup {}", nic.device, number));
  }

  void add_hops() {
    int number = first_hop_table;
    for (const HopWire& hop : layout_.hops) {
      if (hop.wire.other_place != fabric_.place) continue;
      lines_.push_back(fmt::format("route add default{} table {}", to_nic(*find_nic(layout_, hop.node)), number));
      lines_.push_back(fmt::format("rule add pref 100 iif {} lookup {}", hop.wire.other_device, number++));
    }
  }

  void add_own() {
    const std::string source = fabric_.own ? " src " + fabric_.own->to_string() : "";
    Table table{main_table};
    for (const Nic& nic : layout_.nics)
      if (nic.fabric == fabric_.place) table.add("", Cidr{nic.address}, endpoint_metric, " dev " + nic.device + source);
    add_peers(table, source);
    add_gateway_prefixes(table, source);
    add_none(table);
    table.add("", Cidr{}, system_metric, internet_);
    table.append_to(lines_);
  }

  const Topology& topology_;
  const Layout& layout_;
  const Fabric& fabric_;
  const VirtualNetwork& network_;
  Notes& notes_;
  std::string internet_;
  std::vector<std::string> lines_;
};

/// What a site sends over one connection.
std::vector<Cidr> announced(const Topology& topology, const Site& site, const VirtualNetworkGateway& gateway) {
  if (site.routes) return *site.routes;
  std::vector<Cidr> result;
  const VirtualNetwork* hub = find_virtual_network(topology, gateway.virtual_network);
  for (const VirtualNetwork& network : topology.virtual_networks)
    if (&network == hub || (hub && uses_gateway_of(topology, network, *hub)))
      result.insert(result.end(), network.address_prefixes.begin(), network.address_prefixes.end());
  return result;
}

/// The parts of the prefix that the gateway's VNet or one that uses it has: explicit site routes do not say over which
/// of several connections they go.
std::vector<Cidr> parts_behind(const Topology& topology, const VirtualNetworkGateway& gateway, const Cidr& prefix) {
  std::vector<Cidr> result;
  const VirtualNetwork* hub = find_virtual_network(topology, gateway.virtual_network);
  for (const VirtualNetwork& network : topology.virtual_networks) {
    if (&network != hub && !(hub && uses_gateway_of(topology, network, *hub))) continue;
    for (const Cidr& own : network.address_prefixes)
      if (own.overlaps(prefix)) result.push_back(own.length() > prefix.length() ? own : prefix);
  }
  return result;
}

std::vector<std::string> site_routes(const Topology& topology, const Layout& layout, const Fabric& fabric) {
  Table table{main_table};
  for (const Nic& nic : layout.nics)
    if (nic.fabric == fabric.place) table.add("", Cidr{nic.address}, endpoint_metric, " dev " + nic.device);
  for (const bool behind : {true, false})
    for (const Tunnel& tunnel : layout.tunnels) {
      if (tunnel.wire.other_place != fabric.place || tunnel.connection->status != ConnectionStatus::connected) continue;
      for (const Cidr& prefix : announced(topology, *fabric.site, *tunnel.gateway))
        for (const Cidr& part : behind ? parts_behind(topology, *tunnel.gateway, prefix) : std::vector{prefix})
          table.add("", part, user_metric, over(tunnel.wire, fabric.place));
    }
  for (const Cidr& prefix : fabric.site->address_prefixes) table.add("blackhole ", prefix, none_metric);
  const auto index = static_cast<std::size_t>(&fabric - layout.fabrics.data());
  table.add("", Cidr{}, system_metric, over(layout.uplinks[index], fabric.place));
  std::vector<std::string> lines;
  table.append_to(lines);
  return lines;
}

}  // namespace

namespace {

/// What BGP learned, when the file says it; else the site's own prefixes.
const std::vector<Cidr>& routed_over(const GatewayConnection& connection, const Site& site) {
  return connection.learned_routes ? *connection.learned_routes : site.address_prefixes;
}

}  // namespace

std::vector<Cidr> site_prefixes(const Topology& topology, const VirtualNetworkGateway& gateway, bool connected_only) {
  std::vector<Cidr> result;
  for (const GatewayConnection& connection : gateway.connections) {
    const Site* site = find_site(topology, connection.site);
    if (site == nullptr || (connected_only && connection.status != ConnectionStatus::connected)) continue;
    const auto& routed = routed_over(connection, *site);
    result.insert(result.end(), routed.begin(), routed.end());
  }
  return result;
}

std::vector<std::string> fabric_routes(const Topology& topology, const Layout& layout, const Fabric& fabric,
                                       Notes& not_raised) {
  if (fabric.site != nullptr) return site_routes(topology, layout, fabric);
  return NetworkRoutes{topology, layout, fabric, not_raised}.lines();
}

std::vector<std::string> gateway_routes(const Topology& topology, const Layout& layout, const Nic& nic) {
  Table table{main_table};
  for (const Tunnel& tunnel : layout.tunnels) {
    if (tunnel.wire.one_place != nic.place || tunnel.connection->status != ConnectionStatus::connected) continue;
    for (const Cidr& prefix : routed_over(*tunnel.connection, *find_site(topology, tunnel.connection->site)))
      table.add("", prefix, gateway_metric, over(tunnel.wire, nic.place));
  }
  std::vector<std::string> lines;
  table.append_to(lines);
  return lines;
}

std::vector<std::string> internet_routes(const Topology&, const Layout& layout) {
  Table table{main_table};
  for (std::size_t i = 0; i < layout.fabrics.size(); ++i) {
    const std::string way = over(layout.uplinks[i], "internet");
    table.add("", Cidr{layout.fabrics[i].egress}, system_metric, way);
    for (const Nic& nic : layout.nics) {
      if (nic.fabric != layout.fabrics[i].place) continue;
      if (nic.public_address) table.add("", Cidr{*nic.public_address}, system_metric, way);
      if (nic.egress) table.add("", Cidr{*nic.egress}, system_metric, way);
    }
  }
  for (const PublicLeg& leg : layout.public_legs) {
    table.add("", Cidr{leg.address}, system_metric, " dev " + leg.device);
    for (const IpAddress& egress : leg.server->egress_ip_addresses)
      table.add("", Cidr{egress}, system_metric, " dev " + leg.device);
  }
  table.add("blackhole ", Cidr{}, none_metric);
  std::vector<std::string> lines;
  table.append_to(lines);
  return lines;
}

}  // namespace pgpassage::lab
