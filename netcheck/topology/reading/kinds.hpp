#pragma once

#include "netcheck/topology/reading/forms.hpp"

/// The tables of every kind of object in a topology, and what is looked at when all keys of one object are read.
namespace pgpassage::reading {

template <>
const ObjectKind& kind_of<VirtualNetwork>();
template <>
const ObjectKind& kind_of<Subnet>();
template <>
const ObjectKind& kind_of<Peering>();
template <>
const ObjectKind& kind_of<Route>();
template <>
const ObjectKind& kind_of<RouteTable>();
template <>
const ObjectKind& kind_of<NetworkAppliance>();
template <>
const ObjectKind& kind_of<GatewayConnection>();
template <>
const ObjectKind& kind_of<VirtualNetworkGateway>();
template <>
const ObjectKind& kind_of<SecurityRule>();  ///< of an NSG; a site's is firewall_rule_kind
template <>
const ObjectKind& kind_of<NetworkSecurityGroup>();
template <>
const ObjectKind& kind_of<Site>();
template <>
const ObjectKind& kind_of<NetworkAcl>();
template <>
const ObjectKind& kind_of<NetworkAclEntry>();
template <>
const ObjectKind& kind_of<NetworkGroup>();
template <>
const ObjectKind& kind_of<AdminRule>();
template <>
const ObjectKind& kind_of<RuleCollection>();
template <>
const ObjectKind& kind_of<SecurityAdminConfiguration>();
template <>
const ObjectKind& kind_of<ARecord>();  ///< of a zone; a DNS server's is server_record_kind
template <>
const ObjectKind& kind_of<AaaaRecord>();
template <>
const ObjectKind& kind_of<CnameRecord>();
template <>
const ObjectKind& kind_of<ConditionalForwarder>();
template <>
const ObjectKind& kind_of<DnsServer>();
template <>
const ObjectKind& kind_of<VirtualNetworkLink>();
template <>
const ObjectKind& kind_of<PrivateDnsZone>();
template <>
const ObjectKind& kind_of<ForwardingRule>();
template <>
const ObjectKind& kind_of<DnsForwardingRuleset>();
template <>
const ObjectKind& kind_of<DnsInboundEndpoint>();
template <>
const ObjectKind& kind_of<DnsOutboundEndpoint>();
template <>
const ObjectKind& kind_of<PrivateEndpoint>();
template <>
const ObjectKind& kind_of<FirewallRule>();
template <>
const ObjectKind& kind_of<AuthorizedNetwork>();
template <>
const ObjectKind& kind_of<SubnetReference>();
template <>
const ObjectKind& kind_of<Server>();
template <>
const ObjectKind& kind_of<Host>();
template <>
const ObjectKind& kind_of<Migration>();
template <>
const ObjectKind& kind_of<Topology>();

const ObjectKind& firewall_rule_kind();
const ObjectKind& server_record_kind();

// What the keys of one object must be together. `object` is of the kind that the name says.
void finish_route(Reading& reading, void* object);
void finish_security_rule(Reading& reading, void* object);
void finish_firewall_rule(Reading& reading, void* object);
void finish_site(Reading& reading, void* object);
void finish_network_acl_entry(Reading& reading, void* object);
void finish_network_acl(Reading& reading, void* object);
void finish_admin_rule(Reading& reading, void* object);
void finish_rule_collection(Reading& reading, void* object);
void finish_gateway(Reading& reading, void* object);
void finish_server_record(Reading& reading, void* object);
void finish_zone(Reading& reading, void* object);
void finish_forwarding_rule(Reading& reading, void* object);
void finish_ttl(Reading& reading, int ttl_seconds);
void finish_firewall_range(Reading& reading, void* object);
void finish_server(Reading& reading, void* object);
void finish_migration(Reading& reading, void* object);

}  // namespace pgpassage::reading
