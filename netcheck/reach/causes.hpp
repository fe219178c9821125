#pragma once

/// Why a flow stops or stays undecided: the stable `cause` of a hop (contract 5). Scripts compare these ids.
/// A hop with Decision::deny or Decision::unknown always has one of them; every other hop has one of passes.hpp.
namespace pgpassage::netcheck::cause {

// Network security groups
inline constexpr const char* nsg_denies = "nsg-denies";        ///< a rule, or a default rule, denies
inline constexpr const char* nsg_undecided = "nsg-undecided";  ///< a rule may match; `detail` names the missing fact

// Security admin rules of Virtual Network Manager, which are tried before them
inline constexpr const char* security_admin_denies = "security-admin-denies";
inline constexpr const char* security_admin_undecided = "security-admin-undecided";  ///< a rule may match

// Routes
inline constexpr const char* route_none = "route-none";              ///< a user route with next hop None
inline constexpr const char* no_route = "no-route";                  ///< only a system route to None is left
inline constexpr const char* no_return_route = "no-return-route";    ///< there by an appliance, and no way back
inline constexpr const char* route_undecided = "route-undecided";    ///< which route applies needs a missing fact
inline constexpr const char* routed_elsewhere = "routed-elsewhere";  ///< the route leads to another network
inline constexpr const char* routing_loop = "routing-loop";          ///< an appliance is passed a second time
inline constexpr const char* too_many_hops = "too-many-hops";        ///< more than 8 forwarding hops
inline constexpr const char* destination_is_private = "destination-is-private";  ///< no private way leads there
inline constexpr const char* place_not_described = "place-not-described";        ///< the file does not say where it is
inline constexpr const char* way_not_decided = "way-not-decided";  ///< the walk ended without reaching the end
inline constexpr const char* no_ipv6_address = "no-ipv6-address";  ///< the start has none, or the file gives none
inline constexpr const char* no_ipv4_address = "no-ipv4-address";  ///< the same of IPv4

// Virtual appliances
inline constexpr const char* route_to_unknown_next_hop = "route-to-unknown-next-hop";  ///< no declared appliance
inline constexpr const char* next_hop_not_reachable = "next-hop-not-reachable";        ///< not in this or a peered VNet
inline constexpr const char* appliance_does_not_forward =
    "appliance-does-not-forward";                                              ///< in Azure or in its own system
inline constexpr const char* forwarded_traffic_off = "forwarded-traffic-off";  ///< allowForwardedTraffic
inline constexpr const char* asymmetric_return = "asymmetric-return";          ///< an appliance sees one leg only

// Peerings
inline constexpr const char* peering_missing = "peering-missing";              ///< neither VNet has a link
inline constexpr const char* peering_half_open = "peering-half-open";          ///< one VNet has no link
inline constexpr const char* peering_not_connected = "peering-not-connected";  ///< Initiated or Disconnected
inline constexpr const char* peering_access_off = "peering-access-off";        ///< contract 6.10, and no NSG decides

// Gateways and sites
inline constexpr const char* no_gateway = "no-gateway";                            ///< no gateway leads to the site
inline constexpr const char* no_connection = "no-connection";                      ///< the gateway has none to the site
inline constexpr const char* gateway_transit_off = "gateway-transit-off";          ///< allowGatewayTransit
inline constexpr const char* remote_gateway_off = "remote-gateway-off";            ///< useRemoteGateways
inline constexpr const char* gateway_routes_disabled = "gateway-routes-disabled";  ///< disableBgpRoutePropagation
inline constexpr const char* route_to_express_route =
    "route-to-express-route";  ///< a user route may name a VPN gateway only
inline constexpr const char* connection_not_connected = "connection-not-connected";
inline constexpr const char* connection_status_unknown = "connection-status-unknown";
inline constexpr const char* prefix_not_behind_gateway = "prefix-not-behind-gateway";  ///< outside the site's prefixes
inline constexpr const char* site_has_no_route = "site-has-no-route";                ///< a flow that starts at the site
inline constexpr const char* site_has_no_return_route = "site-has-no-return-route";  ///< `routes` miss the start
inline constexpr const char* site_not_described = "site-not-described";  ///< inside one site, or from site to site

// Private endpoints
inline constexpr const char* endpoint_missing = "endpoint-missing";  ///< declared access, no endpoint
inline constexpr const char* endpoint_not_approved = "endpoint-not-approved";
inline constexpr const char* endpoint_starts_nothing = "endpoint-starts-nothing";  ///< inbound only
inline constexpr const char* endpoint_of_another_server = "endpoint-of-another-server";
inline constexpr const char* endpoint_return_undecided =
    "endpoint-return-undecided";                               ///< SNAT of the appliance unknown
inline constexpr const char* wrong_address = "wrong-address";  ///< the file has nothing at the address asked for

// Filters of sites and servers
inline constexpr const char* firewall_denies = "firewall-denies";
inline constexpr const char* firewall_undecided = "firewall-undecided";          ///< a rule may match
inline constexpr const char* firewall_not_described = "firewall-not-described";  ///< the list is absent: unknown
inline constexpr const char* network_acl_denies = "network-acl-denies";  ///< there, or the answers on the way back
inline constexpr const char* network_acl_undecided = "network-acl-undecided";  ///< for a part of the addresses or ports
inline constexpr const char* network_acl_not_described = "network-acl-not-described";    ///< which one it is: unknown
inline constexpr const char* authorized_network_missing = "authorized-network-missing";  ///< Cloud SQL, private client
inline constexpr const char* egress_address_unknown = "egress-address-unknown";
inline constexpr const char* public_access_disabled = "public-access-disabled";
inline constexpr const char* virtual_network_rule_missing = "virtual-network-rule-missing";
inline constexpr const char* service_endpoint_missing = "service-endpoint-missing";

}  // namespace pgpassage::netcheck::cause
