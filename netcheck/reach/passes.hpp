#pragma once

/// What lets a flow pass: the stable `cause` of a hop with Decision::allow or Decision::forward. Scripts compare these
/// ids like those of causes.hpp, which are of hops that stop a flow; which of the two a hop is, its decision says.
namespace pgpassage::netcheck::pass {

// Filters
inline constexpr const char* security_rule = "security-rule";              ///< a rule of a network security group
inline constexpr const char* default_rule = "default-rule";                ///< one of the rules that every group has
inline constexpr const char* security_admin_rule = "security-admin-rule";  ///< Allow or AlwaysAllow
inline constexpr const char* firewall_rule = "firewall-rule";              ///< of a site or of a server
inline constexpr const char* firewall_default = "firewall-default";        ///< AWS lets out what no rule speaks of
inline constexpr const char* network_acl_entry = "network-acl-entry";
inline constexpr const char* authorized_network = "authorized-network";  ///< Cloud SQL
inline constexpr const char* virtual_network_rule = "virtual-network-rule";

// Routes, by what makes them
inline constexpr const char* user_route = "user-route";        ///< of a route table
inline constexpr const char* system_route = "system-route";    ///< of the VNet's own address space, or to the Internet
inline constexpr const char* peering_route = "peering-route";  ///< to the address space of a peer
inline constexpr const char* gateway_route = "gateway-route";  ///< learned over a connection
inline constexpr const char* endpoint_route = "endpoint-route";  ///< the /32 of a private endpoint
inline constexpr const char* service_endpoint_route = "service-endpoint-route";
inline constexpr const char* site_route = "site-route";    ///< a site's own, over its connection
inline constexpr const char* site_uplink = "site-uplink";  ///< a site's own way to the Internet
inline constexpr const char* inside_site = "inside-site";

// What is crossed
inline constexpr const char* peering_connected = "peering-connected";
inline constexpr const char* connection_connected = "connection-connected";  ///< of a virtual network gateway
inline constexpr const char* appliance_forwards = "appliance-forwards";
inline constexpr const char* endpoint_approved = "endpoint-approved";
inline constexpr const char* name_resolves = "name-resolves";  ///< to the address that is due

}  // namespace pgpassage::netcheck::pass
