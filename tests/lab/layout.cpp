#include "tests/lab/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/lab/plan.hpp"

namespace pgpassage::lab {
namespace {

constexpr std::uint32_t link_local = 0xA9FE1000;      // 169.254.16.0: two addresses for each wire
constexpr std::uint32_t default_egress = 0xCB007100;  // 203.0.113.0: one address for each fabric
constexpr std::uint32_t default_public =
    0xC6336464;  // 198.51.100.100: managed servers whose public address is not given

/// Collects the layout; hands out wires and free addresses.
class Draft {
 public:
  explicit Draft(const Topology& topology) : topology_(topology) {}

  Layout build() {
    take_declared_addresses();
    for (const VirtualNetwork& network : topology_.virtual_networks) add_fabric(&network, nullptr);
    for (const Site& site : topology_.sites) add_fabric(nullptr, &site);
    add_machines();
    add_outbound_endpoints();
    add_undeclared_site_dns();
    add_gateways();
    add_peerings();
    add_hops();
    return std::move(layout_);
  }

 private:
  Wire wire(std::string one, std::string one_device, std::string other, std::string other_device) {
    const std::uint32_t first = link_local + 2 * wires_++;
    return {std::move(one),   std::move(one_device),   IpAddress::from_ipv4(first),
            std::move(other), std::move(other_device), IpAddress::from_ipv4(first + 1)};
  }

  void add_fabric(const VirtualNetwork* network, const Site* site) {
    const auto number = static_cast<std::uint32_t>(layout_.fabrics.size() + 1);
    Fabric fabric{.place = network ? place_name("vnet", network->name) : place_name("site", site->name),
                  .network = network,
                  .site = site,
                  .egress = IpAddress::from_ipv4(default_egress + number),
                  .own = {}};
    // Azure reserves the third and fourth address of a subnet for its DNS.
    if (network && !network->subnets.empty() && !network->subnets.front().prefixes.empty())
      fabric.own = IpAddress::from_ipv4(network->subnets.front().prefixes.front().first().ipv4() + 2);
    layout_.uplinks.push_back(wire(fabric.place, "wan0", std::string{internet}, fmt::format("wan{}", number)));
    layout_.fabrics.push_back(std::move(fabric));
  }

  Nic& add_nic(Nic nic, std::string_view kind) {
    nic.place = place_name(kind, nic.node);
    nic.fabric = nic.site.empty() ? place_name("vnet", nic.virtual_network) : place_name("site", nic.site);
    nic.device = fmt::format("nic{}", layout_.nics.size());
    layout_.nics.push_back(std::move(nic));
    return layout_.nics.back();
  }

  void take_declared_addresses() {
    for (const Host& host : topology_.hosts) used_.insert({host.virtual_network, host.ip_address});
    for (const Server& server : topology_.servers)
      if (server.ip_address) used_.insert({server.virtual_network, *server.ip_address});
    for (const DnsServer& server : topology_.dns_servers) used_.insert({server.virtual_network, server.ip_address});
    for (const DnsInboundEndpoint& one : topology_.dns_inbound_endpoints)
      used_.insert({one.virtual_network, one.ip_address});
    for (const NetworkAppliance& one : topology_.network_appliances)
      used_.insert({one.virtual_network, one.ip_address});
    for (const PrivateEndpoint& one : topology_.private_endpoints)
      used_.insert({one.virtual_network, one.private_ip_address});
  }

  /// The first address that Azure would hand out: the first four and the last of a subnet are its own.
  std::optional<IpAddress> free_address(const std::string& network, const Subnet& subnet) {
    for (const Cidr& prefix : subnet.prefixes)
      for (std::uint32_t one = prefix.first().ipv4() + 4; one < prefix.last().ipv4(); ++one)
        if (used_.insert({network, IpAddress::from_ipv4(one)}).second) return IpAddress::from_ipv4(one);
    return std::nullopt;
  }

  std::optional<IpAddress> free_address(const Site& site) {
    for (const Cidr& prefix : site.address_prefixes)
      for (std::uint32_t one = prefix.last().ipv4() - 1; one > prefix.first().ipv4(); --one)
        if (used_.insert({"", IpAddress::from_ipv4(one)}).second) return IpAddress::from_ipv4(one);
    return std::nullopt;
  }

  void add_machines() {
    for (const Host& host : topology_.hosts)
      add_nic({.kind = NicKind::host,
               .node = host.name,
               .address = host.ip_address,
               .virtual_network = host.virtual_network,
               .subnet = host.subnet,
               .site = host.site,
               .network_security_group = host.network_security_group,
               .application_security_groups = host.application_security_groups},
              "host");
    for (const DnsServer& server : topology_.dns_servers)
      add_nic({.kind = NicKind::dns_server,
               .node = server.name,
               .address = server.ip_address,
               .virtual_network = server.virtual_network,
               .subnet = server.subnet,
               .site = server.site},
              "dns");
    for (const DnsInboundEndpoint& one : topology_.dns_inbound_endpoints)
      add_nic({.kind = NicKind::dns_inbound_endpoint,
               .node = one.name,
               .address = one.ip_address,
               .virtual_network = one.virtual_network,
               .subnet = one.subnet},
              "resolver");
    for (const NetworkAppliance& one : topology_.network_appliances)
      add_nic({.kind = NicKind::appliance,
               .node = one.name,
               .address = one.ip_address,
               .virtual_network = one.virtual_network,
               .subnet = one.subnet,
               .forwards = one.forwards && one.enable_ip_forwarding},
              "appliance");
    for (const Server& server : topology_.servers) add_server(server);
    for (const PrivateEndpoint& endpoint : topology_.private_endpoints) add_endpoint(endpoint);
  }

  void add_server(const Server& server) {
    std::optional<IpAddress> address = server.ip_address;
    if (const Subnet* subnet = find_subnet(topology_, server.virtual_network, server.subnet); subnet && !address)
      address = free_address(server.virtual_network, *subnet);
    // What the site translates a public address to is its own business; its filter is not.
    if (const Site* site = find_site(topology_, server.site); site && !address && server.public_ip_address)
      address = free_address(*site);
    const bool placed = !server.virtual_network.empty() || !server.site.empty();
    if (placed && address) return add_placed_server(server, *address);
    const bool managed = find_private_endpoint_of(topology_, server.name) != nullptr;
    if (!managed && !server.public_ip_address) {
      layout_.not_raised.push_back(fmt::format("server {}: the file gives it no address", server.name));
      return;
    }
    const auto number = static_cast<std::uint32_t>(layout_.public_legs.size());
    layout_.public_legs.push_back({&server, place_name("server", server.name), fmt::format("pub{}", number),
                                   server.public_ip_address.value_or(IpAddress::from_ipv4(default_public + number))});
  }

  void add_placed_server(const Server& server, IpAddress address) {
    Nic& nic = add_nic({.kind = NicKind::server,
                        .node = server.name,
                        .address = address,
                        .virtual_network = server.virtual_network,
                        .subnet = server.subnet,
                        .site = server.site,
                        .network_security_group = server.network_security_group,
                        .application_security_groups = server.application_security_groups,
                        .public_address = server.public_ip_address,
                        .egress = server.public_ip_address},
                       "server");
    if (!server.egress_ip_addresses.empty()) nic.egress = server.egress_ip_addresses.front();
  }

  void add_endpoint(const PrivateEndpoint& endpoint) {
    const Server* server = find_server(topology_, endpoint.private_link_service);
    const Subnet* subnet = find_subnet(topology_, endpoint.virtual_network, endpoint.subnet);
    if (server == nullptr || subnet == nullptr) return;
    const auto policies = subnet->private_endpoint_network_policies;
    Nic& nic = add_nic({.kind = NicKind::private_endpoint,
                        .node = endpoint.name,
                        .address = endpoint.private_ip_address,
                        .virtual_network = endpoint.virtual_network,
                        .subnet = endpoint.subnet,
                        .forwards = true},
                       "endpoint");
    nic.subnet_filter_inbound = policies == PrivateEndpointNetworkPolicies::enabled ||
                                policies == PrivateEndpointNetworkPolicies::network_security_group_enabled;
    if (endpoint.connection_state != EndpointConnectionState::approved)
      nic.shut = fmt::format("{}/connectionState/{}", safe(endpoint.name), to_string(endpoint.connection_state));
    const std::string place = place_name("server", server->name);
    layout_.private_links.push_back(
        {&endpoint, server, nic.place,
         wire(nic.place, "link0", place, fmt::format("link{}", layout_.private_links.size()))});
  }

  void add_outbound_endpoints() {
    for (const DnsOutboundEndpoint& endpoint : topology_.dns_outbound_endpoints) {
      const Subnet* subnet = find_subnet(topology_, endpoint.virtual_network, endpoint.subnet);
      const auto address = subnet ? free_address(endpoint.virtual_network, *subnet) : std::nullopt;
      if (!address) {
        layout_.not_raised.push_back(fmt::format("outbound endpoint {}: its subnet is full", endpoint.name));
        continue;
      }
      const std::string place = add_nic({.kind = NicKind::dns_outbound_endpoint,
                                         .node = endpoint.name,
                                         .address = *address,
                                         .virtual_network = endpoint.virtual_network,
                                         .subnet = endpoint.subnet},
                                        "resolver")
                                    .place;
      link_rulesets(endpoint, place);
    }
  }

  /// A ruleset sends through any of its endpoints; the lab takes the first.
  void link_rulesets(const DnsOutboundEndpoint& endpoint, const std::string& place) {
    for (const DnsForwardingRuleset& ruleset : topology_.dns_forwarding_rulesets) {
      const auto& endpoints = ruleset.resolver_outbound_endpoints;
      if (endpoints.empty() || endpoints.front() != endpoint.name) continue;
      for (const std::string& network : ruleset.virtual_network_links) {
        const std::string device = fmt::format("dns{}", layout_.resolver_links.size());
        layout_.resolver_links.push_back({&ruleset, network, wire(place_name("vnet", network), device, place, device)});
      }
    }
  }

  /// A site may name resolvers that `dnsServers` does not describe: they know the site's own servers.
  void add_undeclared_site_dns() {
    for (const Site& site : topology_.sites)
      for (const IpAddress& address : site.dns_servers.value_or(std::vector<IpAddress>{})) {
        const bool declared = std::ranges::any_of(
            topology_.dns_servers, [&](const DnsServer& server) { return server.ip_address == address; });
        if (declared) continue;
        add_nic({.kind = NicKind::dns_server,
                 .node = fmt::format("{}-{}", site.name, address.to_string()),
                 .address = address,
                 .site = site.name},
                "dns");
        layout_.not_raised.push_back(
            fmt::format("site {}: DNS server {} is described nowhere; the lab's knows the "
                        "site's servers and the public names",
                        site.name, address.to_string()));
      }
  }

  void add_gateways() {
    for (const VirtualNetworkGateway& gateway : topology_.virtual_network_gateways) {
      const VirtualNetwork* network = find_virtual_network(topology_, gateway.virtual_network);
      if (network == nullptr) continue;
      const Subnet* subnet = find_subnet(*network, "GatewaySubnet");
      std::optional<IpAddress> address = subnet ? free_address(network->name, *subnet) : std::nullopt;
      // Without a GatewaySubnet in the file the gateway still routes; nothing ever addresses it.
      if (!address) address = IpAddress::from_ipv4(link_local + 2 * wires_++);
      const Nic& nic = add_nic({.kind = NicKind::gateway,
                                .node = gateway.name,
                                .address = *address,
                                .virtual_network = network->name,
                                .subnet = subnet ? subnet->name : "",
                                .forwards = true},
                               "gateway");
      for (const GatewayConnection& connection : gateway.connections) {
        const std::string device = fmt::format("vpn{}", layout_.tunnels.size());
        layout_.tunnels.push_back(
            {&gateway, &connection, wire(nic.place, device, place_name("site", connection.site), device)});
      }
    }
  }

  void add_peerings() {
    for (const VirtualNetwork& network : topology_.virtual_networks)
      for (const Peering& peering : network.peerings) {
        const std::string& remote = peering.remote_virtual_network;
        if (find_virtual_network(topology_, remote) == nullptr) continue;
        if (find_peering_wire(layout_, network.name, remote) != nullptr) continue;
        const std::string device = fmt::format("peer{}", layout_.peerings.size());
        layout_.peerings.push_back(
            {network.name, remote, wire(place_name("vnet", network.name), device, place_name("vnet", remote), device)});
      }
  }

  void add_hops() {
    for (const Nic& nic : layout_.nics) {
      if (nic.kind != NicKind::appliance && nic.kind != NicKind::gateway) continue;
      for (const VirtualNetwork& network : topology_.virtual_networks) {
        if (find_peering_wire(layout_, network.name, nic.virtual_network) == nullptr) continue;
        const std::string device = fmt::format("hop{}", layout_.hops.size());
        layout_.hops.push_back(
            {network.name, nic.place, wire(place_name("vnet", network.name), device, nic.fabric, device)});
      }
    }
  }

  const Topology& topology_;
  Layout layout_;
  std::uint32_t wires_ = 0;
  std::set<std::pair<std::string, IpAddress>> used_;
};

}  // namespace

Layout lay_out(const Topology& topology) { return Draft{topology}.build(); }

}  // namespace pgpassage::lab
