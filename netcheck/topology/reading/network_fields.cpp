#include "netcheck/topology/reading/kinds.hpp"

namespace pgpassage::reading {
namespace {

constexpr Field subnet_fields[] = {
    field<&Subnet::name>("name", required, "Name, unique in its virtual network"),
    field_as<&Subnet::prefixes, Single<Prefix>>("addressPrefix", optional, "Prefix, inside the virtual network's"),
    field<&Subnet::prefixes>("addressPrefixes", optional, "Prefixes, in place of addressPrefix"),
    field<&Subnet::network_security_group>("networkSecurityGroup", optional, "Name of a networkSecurityGroups entry"),
    field<&Subnet::route_table>("routeTable", optional, "Name of a routeTables entry"),
    field<&Subnet::delegations>("delegations", optional, "Services, such as Microsoft.DBforPostgreSQL/flexibleServers"),
    field<&Subnet::service_endpoints>("serviceEndpoints", optional, "Services, such as Microsoft.Sql"),
    field<&Subnet::private_endpoint_network_policies>("privateEndpointNetworkPolicies", optional,
                                                      "Whether NSGs and routes count for private endpoints here"),
};
constexpr Choice subnet_choices[] = {choice(subnet_fields, "addressPrefix", "addressPrefixes", required)};

constexpr Field peering_fields[] = {
    field<&Peering::name>("name", required, "Name, unique in its virtual network"),
    field<&Peering::remote_virtual_network>("remoteVirtualNetwork", required, "Name of a virtualNetworks entry"),
    field<&Peering::state>("peeringState", optional, "Connected when absent"),
    field<&Peering::allow_virtual_network_access>("allowVirtualNetworkAccess", optional, "true when absent"),
    field<&Peering::allow_forwarded_traffic>("allowForwardedTraffic", optional, "false when absent"),
    field<&Peering::allow_gateway_transit>("allowGatewayTransit", optional, "false when absent"),
    field<&Peering::use_remote_gateways>("useRemoteGateways", optional, "false when absent"),
};

constexpr Field virtual_network_fields[] = {
    field<&VirtualNetwork::name>("name", required, "Name, unique among virtual networks"),
    field<&VirtualNetwork::azure_location>("location", optional, "Azure region, such as westeurope"),
    field<&VirtualNetwork::address_prefixes>("addressPrefixes", required, "The address space"),
    field<&VirtualNetwork::dns_servers>("dnsServers", optional, "Addresses; empty or absent: Azure-provided DNS"),
    field<&VirtualNetwork::subnets>("subnets", optional, "Parts of the address space"),
    field<&VirtualNetwork::peerings>("peerings", optional, "This side's links to other virtual networks"),
};

constexpr Field route_fields[] = {
    field<&Route::name>("name", required, "Name, unique in its route table"),
    field<&Route::prefix>("addressPrefix", required, "Destination: a prefix or a service tag"),
    field<&Route::next_hop_type>("nextHopType", required, "Where packets go"),
    field<&Route::next_hop_ip_address>("nextHopIpAddress", optional, "Address, for VirtualAppliance only"),
};

constexpr Field route_table_fields[] = {
    field<&RouteTable::name>("name", required, "Name, unique among route tables"),
    field<&RouteTable::disable_bgp_route_propagation>("disableBgpRoutePropagation", optional, "false when absent"),
    field<&RouteTable::routes>("routes", optional, "User-defined routes"),
};

constexpr Field appliance_fields[] = {
    field<&NetworkAppliance::name>("name", required, "Name, unique among appliances"),
    field<&NetworkAppliance::virtual_network>("virtualNetwork", required, "Name of a virtualNetworks entry"),
    field<&NetworkAppliance::subnet>("subnet", required, "Name of a subnet of it"),
    field<&NetworkAppliance::ip_address>("ipAddress", required, "Address in that subnet"),
    field<&NetworkAppliance::enable_ip_forwarding>("enableIPForwarding", optional,
                                                   "Of its network interface; true when absent"),
    field<&NetworkAppliance::forwards>("forwards", optional, "Its own rules pass the traffic on; true when absent"),
};

constexpr Field connection_fields[] = {
    field<&GatewayConnection::name>("name", required, "Name, unique in its gateway"),
    field<&GatewayConnection::site>("site", required, "Name of a sites entry"),
    field<&GatewayConnection::status>("connectionStatus", optional, "Unknown when absent"),
    field<&GatewayConnection::enable_bgp>("enableBgp", optional, "Of a VPN connection; false when absent"),
    field<&GatewayConnection::learned_routes>(
        "learnedRoutes", optional, "Prefixes that the far side announces by BGP; absent: the site's addressPrefixes"),
};

constexpr Field gateway_fields[] = {
    field<&VirtualNetworkGateway::name>("name", required, "Name, unique among gateways"),
    field<&VirtualNetworkGateway::virtual_network>("virtualNetwork", required, "Name of a virtualNetworks entry"),
    field<&VirtualNetworkGateway::type>("gatewayType", required, "Vpn or ExpressRoute"),
    field<&VirtualNetworkGateway::connections>("connections", optional, "Connections to sites"),
};

}  // namespace

template <>
const ObjectKind& kind_of<Subnet>() {
  static constexpr ObjectKind kind{"subnet", "A part of a virtual network", subnet_fields, subnet_choices};
  return kind;
}
template <>
const ObjectKind& kind_of<Peering>() {
  static constexpr ObjectKind kind{"peering", "One side's link to another virtual network", peering_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<VirtualNetwork>() {
  static constexpr ObjectKind kind{"virtual network", "A virtual network", virtual_network_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<Route>() {
  static constexpr ObjectKind kind{"route", "A user-defined route", route_fields, {}, finish_route};
  return kind;
}
template <>
const ObjectKind& kind_of<RouteTable>() {
  static constexpr ObjectKind kind{"route table", "User-defined routes for subnets", route_table_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<NetworkAppliance>() {
  static constexpr ObjectKind kind{"network appliance", "A firewall or router that routes point at", appliance_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<GatewayConnection>() {
  static constexpr ObjectKind kind{"gateway connection", "A connection to a site", connection_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<VirtualNetworkGateway>() {
  static constexpr ObjectKind kind{
      "virtual network gateway", "A VPN or ExpressRoute gateway", gateway_fields, {}, finish_gateway};
  return kind;
}

}  // namespace pgpassage::reading
