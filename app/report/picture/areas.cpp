#include "app/report/picture/areas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace pgpassage::app {
namespace {

using netcheck::Decision;
using netcheck::Hop;
using netcheck::HopKind;

template <class Prefixes>
std::string prefixes_text(const Prefixes& prefixes) {
  std::string text;
  for (const auto& prefix : prefixes) text += (text.empty() ? "" : ", ") + prefix.to_string();
  return text;
}

std::string with_address(std::string_view kind, const std::optional<IpAddress>& address) {
  return address ? fmt::format("{} {}", kind, address->to_string()) : std::string{kind};
}

/// What may carry an agent: its second address, whom it stands for, and that an agent runs there.
template <class Machine>
std::string machine_detail(std::string detail, const Machine& machine) {
  if (machine.ipv6_address) detail += " " + machine.ipv6_address->to_string();
  if constexpr (requires { machine.stands_for; })
    if (!machine.stands_for.empty()) detail += ", stands for " + machine.stands_for;
  return machine.agent.empty() ? detail : detail + ", agent " + machine.agent;
}

class SceneBuilder {
 public:
  SceneBuilder(const Topology& topology, const scenarios::Assessment& assessment)
      : topology_{topology}, assessment_{assessment} {}

  Scene build() {
    add_outside();
    for (const VirtualNetwork* network : networks_in_order()) add_network(*network);
    add_stations();
    add_peerings();
    add_connections();
    for (std::size_t i = 0; i < assessment_.flows.size(); ++i) add_flow(i);
    return std::move(scene_);
  }

 private:
  std::size_t add_area(Area area) {
    scene_.areas.push_back(std::move(area));
    return scene_.areas.size() - 1;
  }

  bool outside(const Server& server) const {
    return server.site.empty() && server.virtual_network.empty() &&
           find_private_endpoint_of(topology_, server.name) == nullptr;
  }

  void add_outside() {
    if (std::ranges::any_of(topology_.servers, [&](const Server& server) { return outside(server); }))
      internet_ = add_area({Area::Kind::internet, "Internet", "public addresses", {}});
    for (const Site& site : topology_.sites) {
      const std::string detail = fmt::format("{} {}", to_string(site.kind), prefixes_text(site.address_prefixes));
      sites_[site.name] = add_area({Area::Kind::site, site.name, detail, {}});
    }
  }

  /// Those of the migration first: their lines are short then.
  std::vector<const VirtualNetwork*> networks_in_order() const {
    std::set<std::string, std::less<>> concerned;
    const auto concern = [&](const std::string& node) {
      if (const Server* server = find_server(topology_, node)) concerned.insert(server->virtual_network);
      if (const PrivateEndpoint* endpoint = find_private_endpoint_of(topology_, node))
        concerned.insert(endpoint->virtual_network);
      if (const Host* host = find_host(topology_, node)) concerned.insert(host->virtual_network);
    };
    for (const scenarios::FlowAssessment& flow : assessment_.flows) concern(flow.from), concern(flow.to);
    std::vector<const VirtualNetwork*> networks;
    for (const VirtualNetwork& network : topology_.virtual_networks) networks.push_back(&network);
    std::ranges::stable_partition(networks, [&](const auto* network) { return concerned.contains(network->name); });
    return networks;
  }

  void add_network(const VirtualNetwork& network) {
    Area area{Area::Kind::network, network.name, prefixes_text(network.address_prefixes), {}};
    for (const Subnet& subnet : network.subnets)
      area.blocks.push_back({subnet.name, prefixes_text(subnet.prefixes), {}});
    networks_[network.name] = add_area(std::move(area));
  }

  void put(std::size_t area, const std::string& subnet, Station station) {
    std::vector<Block>& blocks = scene_.areas[area].blocks;
    auto block = std::ranges::find(blocks, subnet, &Block::name);
    if (block == blocks.end()) block = blocks.insert(blocks.begin(), Block{subnet, {}, {}});
    places_.emplace(station.name, area);
    block->stations.push_back(std::move(station));
  }

  template <class Placed>
  void put_placed(const Placed& placed, const std::string& site, Station station) {
    if (const auto network = networks_.find(placed.virtual_network); network != networks_.end())
      put(network->second, placed.subnet, std::move(station));
    else if (const auto found = sites_.find(site); found != sites_.end())
      put(found->second, "", std::move(station));
  }

  void add_stations() {
    for (const Server& server : topology_.servers) {
      const auto& address = server.ip_address ? server.ip_address : server.public_ip_address;
      Station station{server.name, machine_detail(with_address(to_string(server.kind), address), server)};
      if (outside(server))
        put(internet_, "", std::move(station));
      else
        put_placed(server, server.site, std::move(station));
    }
    for (const PrivateEndpoint& endpoint : topology_.private_endpoints) {
      put_placed(endpoint, "",
                 {endpoint.name,
                  fmt::format("{}, to {}", endpoint.private_ip_address.to_string(), endpoint.private_link_service)});
      const auto place = places_.find(endpoint.name);
      if (place != places_.end() && find_private_endpoint_of(topology_, endpoint.private_link_service) == &endpoint)
        stands_for_[endpoint.private_link_service] = endpoint.name;
    }
    for (const Host& host : topology_.hosts)
      put_placed(host, host.site, {host.name, machine_detail(with_address("host", host.ip_address), host)});
    for (const NetworkAppliance& appliance : topology_.network_appliances)
      put_placed(appliance, "", {appliance.name, with_address("appliance", appliance.ip_address)});
    for (const DnsServer& server : topology_.dns_servers)
      put_placed(server, server.site, {server.name, with_address("DNS", server.ip_address)});
    for (const DnsInboundEndpoint& endpoint : topology_.dns_inbound_endpoints)
      put_placed(endpoint, "", {endpoint.name, with_address("DNS inbound", endpoint.ip_address)});
    for (const DnsOutboundEndpoint& endpoint : topology_.dns_outbound_endpoints)
      put_placed(endpoint, "", {endpoint.name, "DNS outbound"});
    for (const VirtualNetworkGateway& gateway : topology_.virtual_network_gateways) add_gateway(gateway);
  }

  void add_gateway(const VirtualNetworkGateway& gateway) {
    const auto network = networks_.find(gateway.virtual_network);
    if (network == networks_.end()) return;
    const bool own = find_subnet(topology_, gateway.virtual_network, "GatewaySubnet") != nullptr;
    put(network->second, own ? "GatewaySubnet" : "",
        {gateway.name, fmt::format("gateway {}", to_string(gateway.type))});
  }

  /// Peerings that work share the line of the network that has the most: a hub's are one bus.
  void add_peerings() {
    std::map<std::pair<std::size_t, std::size_t>, bool> works;  // by both areas, the smaller first
    for (const VirtualNetwork& network : topology_.virtual_networks)
      for (const Peering& peering : network.peerings) {
        const VirtualNetwork* remote = find_virtual_network(topology_, peering.remote_virtual_network);
        if (remote == nullptr) continue;
        const Peering* back = find_peering(*remote, network.name);
        const auto ends = std::minmax(networks_.at(network.name), networks_.at(remote->name));
        works[{ends.first, ends.second}] =
            back != nullptr && peering.state == PeeringState::connected && back->state == PeeringState::connected;
      }
    std::map<std::size_t, std::size_t> peers;
    for (const auto& [ends, work] : works)
      if (work) ++peers[ends.first], ++peers[ends.second];
    std::map<std::size_t, Link> buses;
    for (const auto& [ends, work] : works) {
      const auto [hub, spoke] = peers[ends.first] >= peers[ends.second] ? ends : std::pair{ends.second, ends.first};
      if (!work) {
        scene_.links.push_back({Link::Kind::broken_peering, {{hub, {}}, {spoke, {}}}});
        continue;
      }
      Link& bus = buses.try_emplace(hub, Link{Link::Kind::peering, {{hub, {}}}}).first->second;
      bus.ports.push_back({spoke, {}});
    }
    for (auto& [hub, bus] : buses) scene_.links.push_back(std::move(bus));
  }

  void add_connections() {
    for (const VirtualNetworkGateway& gateway : topology_.virtual_network_gateways)
      for (const GatewayConnection& connection : gateway.connections) {
        const auto site = sites_.find(connection.site);
        const auto place = places_.find(gateway.name);
        if (site == sites_.end() || place == places_.end()) continue;
        const bool works = connection.status == ConnectionStatus::connected;
        scene_.links.push_back({works ? Link::Kind::connection : Link::Kind::broken_connection,
                                {{place->second, gateway.name}, {site->second, {}}}});
      }
  }

  /// Where a node of a flow stands in the picture: a server behind a private endpoint is reached at the endpoint.
  std::optional<Port> port_of(const std::string& node) const {
    const auto endpoint = stands_for_.find(node);
    const std::string& name = endpoint == stands_for_.end() ? node : endpoint->second;
    const auto place = places_.find(name);
    if (place == places_.end()) return std::nullopt;
    return Port{place->second, name};
  }

  /// Start, the gateways and appliances on the way there, end.
  std::vector<Port> way_of(const scenarios::FlowAssessment& flow) const {
    std::vector<Port> way;
    const auto pass = [&](const std::optional<Port>& port) {
      if (port && (way.empty() || way.back().station != port->station)) way.push_back(*port);
    };
    pass(port_of(flow.from));
    for (const Hop& hop : flow.trace.hops)
      if (hop.leg == netcheck::Leg::there && (hop.kind == HopKind::gateway || hop.kind == HopKind::appliance))
        pass(port_of(hop.by.substr(0, hop.by.find('/'))));
    pass(port_of(flow.to));
    return way;
  }

  bool is_at(const Hop& hop, const Port& port) const {
    const Area& area = scene_.areas[port.area];
    return hop.at == port.station || hop.at == area.name ||
           std::ranges::find(area.blocks, hop.at, &Block::name) != area.blocks.end();
  }

  void add_flow(std::size_t index) {
    const scenarios::FlowAssessment& flow = assessment_.flows[index];
    const std::vector<Port> way = way_of(flow);
    const std::size_t first = scene_.links.size();
    for (std::size_t i = 0; i + 1 < way.size(); ++i)
      scene_.links.push_back(
          {Link::Kind::flow, {way[i], way[i + 1]}, flow.trace.predicted, i == 0, i + 2 == way.size()});
    for (const Hop& hop : flow.trace.hops) {
      if (hop.decision != Decision::deny && hop.decision != Decision::unknown) continue;
      scene_.stops.push_back({scene_.stops.size() + 1, index, &hop});
      if (way.size() < 2) continue;  // it stands in the table alone
      auto at = std::ranges::find_if(way, [&](const Port& port) { return is_at(hop, port); });
      if (at == way.end()) at = hop.leg == netcheck::Leg::there ? way.begin() : way.end() - 1;
      const auto port = static_cast<std::size_t>(at - way.begin());
      const std::size_t part = port == 0 ? 0 : port - 1;
      scene_.links[first + part].stops.emplace_back(port == 0 ? 0 : 1, scene_.stops.size());
    }
  }

  const Topology& topology_;
  const scenarios::Assessment& assessment_;
  Scene scene_;
  std::size_t internet_ = 0;
  std::map<std::string, std::size_t, std::less<>> sites_, networks_;  ///< areas by name
  std::map<std::string, std::size_t, std::less<>> places_;            ///< areas by the name of a station
  std::map<std::string, std::string, std::less<>> stands_for_;        ///< endpoints by the name of their server
};

}  // namespace

Scene scene_of(const Topology& topology, const scenarios::Assessment& assessment) {
  return SceneBuilder{topology, assessment}.build();
}

}  // namespace pgpassage::app
