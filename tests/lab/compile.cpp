#include "tests/lab/compile.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pgpassage::lab {
namespace {

std::string with_length(const IpAddress& address, int length) {
  return fmt::format("{}/{}", address.to_string(), length);
}

Link link_of(const Wire& wire, int mtu = 1500) {
  return {{wire.one_place, wire.one_device, with_length(wire.one_address, 31)},
          {wire.other_place, wire.other_device, with_length(wire.other_address, 31)},
          mtu};
}

Place fabric_place(const Topology& topology, const Layout& layout, const Fabric& fabric, Notes& notes) {
  Place place{.name = fabric.place, .forwards = true};
  place.loopback.push_back(fmt::format("{}/32", fabric.network ? azure_dns : site_dns));
  if (fabric.own) place.loopback.push_back(with_length(*fabric.own, 32));
  place.routes = fabric_routes(topology, layout, fabric, notes);
  place.filter =
      fabric.network ? network_filter(topology, layout, fabric, notes) : site_filter(topology, layout, fabric, notes);
  return place;
}

/// A machine knows one neighbour only, the fabric: like a network interface in Azure it sees no other on its wire.
std::vector<std::string> machine_routes(const IpAddress& address) {
  return {"route add 169.254.1.1 dev e0 scope link",
          fmt::format("route add default via 169.254.1.1 dev e0 src {}", address.to_string())};
}

Link machine_link(const std::string& place, const IpAddress& address, const std::string& fabric,
                  const std::string& device) {
  return {{place, "e0", with_length(address, 32)}, {fabric, device, "169.254.1.1/32"}};
}

Place nic_place(const Topology& topology, const Layout& layout, const Nic& nic) {
  Place place{.name = nic.place, .forwards = nic.forwards};
  place.routes = machine_routes(nic.address);
  place.resolv_conf = resolv_conf(topology, nic);
  if (nic.kind == NicKind::gateway)
    for (std::string& line : gateway_routes(topology, layout, nic)) place.routes.push_back(std::move(line));
  if (nic.kind == NicKind::appliance) place.filter = appliance_filter();
  for (const PrivateLink& link : layout.private_links)
    if (link.wire.one_place == nic.place) place.filter = endpoint_filter(link, nic.address);
  return place;
}

Place public_place(const PublicLeg& leg) {
  Place place{.name = leg.place, .routes = machine_routes(leg.address)};
  place.resolv_conf = fmt::format("nameserver {}\noptions timeout:1 attempts:1\n", public_dns);
  if (!leg.server->egress_ip_addresses.empty())
    place.filter = fmt::format(
        "table ip translation\ndelete table ip translation\ntable ip translation {{\n  chain outwards {{\n"
        "    type nat hook postrouting priority srcnat;\n    oifname \"e0\" snat to {}\n  }}\n}}\n",
        leg.server->egress_ip_addresses.front().to_string());
  return place;
}

void add_links(const Layout& layout, std::vector<Link>& links) {
  for (const Wire& wire : layout.uplinks) links.push_back(link_of(wire));
  for (const Nic& nic : layout.nics) links.push_back(machine_link(nic.place, nic.address, nic.fabric, nic.device));
  for (const PublicLeg& leg : layout.public_legs)
    links.push_back(machine_link(leg.place, leg.address, std::string{internet}, leg.device));
  for (const PeeringWire& peering : layout.peerings) links.push_back(link_of(peering.wire));
  for (const HopWire& hop : layout.hops) links.push_back(link_of(hop.wire));
  for (const Tunnel& tunnel : layout.tunnels) links.push_back(link_of(tunnel.wire, 1400));  // as IPsec leaves it
  for (const PrivateLink& link : layout.private_links) links.push_back(link_of(link.wire));
  for (const ResolverLink& link : layout.resolver_links) links.push_back(link_of(link.wire));
}

bool speaks_ipv6(const Topology& topology) {
  const auto v6 = [](const Cidr& prefix) { return prefix.address().family() == IpAddress::Family::ipv6; };
  return std::ranges::any_of(
             topology.virtual_networks,
             [&](const VirtualNetwork& one) { return std::ranges::any_of(one.address_prefixes, v6); }) ||
         std::ranges::any_of(topology.sites,
                             [&](const Site& one) { return std::ranges::any_of(one.address_prefixes, v6); });
}

}  // namespace

std::vector<Cluster> clusters(const Topology& topology, const Layout& layout, Notes&) {
  std::vector<Cluster> result;
  for (const Server& server : topology.servers) {
    const std::string place = place_name("server", server.name);
    const Nic* nic = find_nic(layout, place);
    const auto leg = std::ranges::find(layout.public_legs, &server, &PublicLeg::server);
    if (nic == nullptr && leg == layout.public_legs.end()) continue;
    Cluster cluster{
        server.name, place, server.port, server.user, server.ssl_mode && *server.ssl_mode >= SslMode::require, {}};
    if (!server.fqdn.empty()) cluster.names.push_back(server.fqdn);
    if (nic != nullptr) cluster.names.push_back(nic->address.to_string());
    if (leg != layout.public_legs.end()) cluster.names.push_back(leg->address.to_string());
    for (const PrivateLink& link : layout.private_links)
      if (link.server == &server) cluster.names.push_back(link.endpoint->private_ip_address.to_string());
    result.push_back(std::move(cluster));
  }
  return result;
}

LabPlan compile(const Topology& topology) {
  Layout layout = lay_out(topology);
  LabPlan plan;
  Notes& notes = plan.not_raised;
  notes = std::move(layout.not_raised);
  if (speaks_ipv6(topology)) notes.emplace_back("IPv6 prefixes: the lab speaks IPv4 only");
  plan.places.push_back({.name = std::string{internet},
                         .forwards = true,
                         .loopback = {fmt::format("{}/32", public_dns)},
                         .routes = internet_routes(topology, layout),
                         .filter = internet_filter(topology, layout, notes)});
  for (const Fabric& fabric : layout.fabrics) plan.places.push_back(fabric_place(topology, layout, fabric, notes));
  for (const Nic& nic : layout.nics) plan.places.push_back(nic_place(topology, layout, nic));
  for (const PublicLeg& leg : layout.public_legs) plan.places.push_back(public_place(leg));
  add_links(layout, plan.links);
  plan.name_servers = name_servers(topology, layout, notes);
  plan.clusters = clusters(topology, layout, notes);
  std::ranges::sort(notes);
  notes.erase(std::unique(notes.begin(), notes.end()), notes.end());
  return plan;
}

const Place* find_place(const LabPlan& plan, std::string_view name) {
  const auto found = std::ranges::find(plan.places, name, &Place::name);
  return found == plan.places.end() ? nullptr : &*found;
}

}  // namespace pgpassage::lab
