#include "netcheck/topology/topology.hpp"

#include <algorithm>

namespace pgpassage {
namespace {

template <class Objects>
auto find_named(const Objects& objects, std::string_view name) -> decltype(objects.data()) {
  const auto found =
      std::find_if(objects.begin(), objects.end(), [&](const auto& object) { return object.name == name; });
  return found == objects.end() ? nullptr : &*found;
}

}  // namespace

const VirtualNetwork* find_virtual_network(const Topology& topology, std::string_view name) {
  return find_named(topology.virtual_networks, name);
}
const Subnet* find_subnet(const VirtualNetwork& network, std::string_view name) {
  return find_named(network.subnets, name);
}
const Subnet* find_subnet(const Topology& topology, std::string_view network, std::string_view subnet) {
  const VirtualNetwork* found = find_virtual_network(topology, network);
  return found == nullptr ? nullptr : find_subnet(*found, subnet);
}
const NetworkSecurityGroup* find_network_security_group(const Topology& topology, std::string_view name) {
  return find_named(topology.network_security_groups, name);
}
const RouteTable* find_route_table(const Topology& topology, std::string_view name) {
  return find_named(topology.route_tables, name);
}
const Site* find_site(const Topology& topology, std::string_view name) { return find_named(topology.sites, name); }
const PrivateDnsZone* find_private_dns_zone(const Topology& topology, std::string_view name) {
  return find_named(topology.private_dns_zones, name);
}
const Server* find_server(const Topology& topology, std::string_view name) {
  return find_named(topology.servers, name);
}
const Host* find_host(const Topology& topology, std::string_view name) { return find_named(topology.hosts, name); }
const NetworkGroup* find_network_group(const Topology& topology, std::string_view name) {
  return find_named(topology.network_groups, name);
}
const DnsOutboundEndpoint* find_dns_outbound_endpoint(const Topology& topology, std::string_view name) {
  return find_named(topology.dns_outbound_endpoints, name);
}
const ServiceTag* find_service_tag(const Topology& topology, std::string_view name) {
  return find_named(topology.service_tags, name);
}

const PrivateEndpoint* find_private_endpoint_of(const Topology& topology, std::string_view server) {
  const PrivateEndpoint* first = nullptr;
  for (const PrivateEndpoint& endpoint : topology.private_endpoints) {
    if (endpoint.private_link_service != server) continue;
    if (endpoint.connection_state == EndpointConnectionState::approved) return &endpoint;
    if (first == nullptr) first = &endpoint;
  }
  return first;
}

const Peering* find_peering(const VirtualNetwork& network, std::string_view remote) {
  const auto found = std::find_if(network.peerings.begin(), network.peerings.end(),
                                  [&](const Peering& peering) { return peering.remote_virtual_network == remote; });
  return found == network.peerings.end() ? nullptr : &*found;
}

}  // namespace pgpassage
