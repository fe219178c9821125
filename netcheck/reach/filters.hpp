#pragma once

#include "netcheck/reach/walk.hpp"

/// The filters at the ends of a flow and at appliances. Asked only on the way there: all of them are stateful.
namespace pgpassage::netcheck {

/// Is a security group asked at this end? At a private endpoint only when its subnet's policies say so, and inbound.
bool nsg_decides_at(const EffectiveStates& states, const Place& place, Direction direction);

/// Outbound at the start: network interface, then subnet. Inbound at the end: subnet, then network interface.
void filter_outbound(Walk& walk, const Place& place, const NsgFlow& flow);
void filter_inbound(Walk& walk, const Place& place, const NsgFlow& flow);
void filter_at_appliance(Walk& walk, const Position& position, Direction direction);

/// The state of a private endpoint, and whose it is.
void check_endpoint(Walk& walk, const Place& place);

/// The site's own filter: rules in file order, the first match decides, then deny. On aws only Allow rules exist.
/// Absent: unknown. A list without any outbound rule: aws lets everything out; elsewhere that is unknown.
void filter_at_site(Walk& walk, const Site& site, Direction direction, const NsgFlow& flow);

/// What is asked of a network ACL of AWS, in one direction. The answers of a connection are another question.
struct AclQuestion {
  bool egress = false;
  AddressSpan local;   ///< in the subnet
  AddressSpan remote;  ///< the other end
  PortRange ports;     ///< destination ports: all of them must pass
  Protocol protocol = Protocol::tcp;
};

/// The ports from which clients connect, and to which answers go.
inline constexpr PortRange client_ports{1024, 65535};

/// Nothing when the site lists no network ACLs.
void filter_at_network_acl(Walk& walk, const Site& site, const AclQuestion& question);
/// True when no network ACL stands between the two.
bool in_one_aws_subnet(const Site& site, const AddressSpan& one, const AddressSpan& other);

/// Cloud SQL lets clients from RFC 1918 addresses in by its private address; others need an authorized network.
void check_authorized_networks(Walk& walk, const Server& server, const AddressSpan& source);

/// Whether a server that is reached by a public address admits the flow: public network access, virtual network
/// rules, firewall rules. Nothing is decided for an address that is no server of the file.
void admit_at_public_server(Walk& walk, const Passage& passage);

/// The public addresses from which the far side sees the flow; `any_public` when the file does not say. Behind an
/// appliance, or where one may be on the way, a machine is no longer seen from its own public address, only from
/// egressIpAddresses. Of the flow's family only.
AddressSpan egress_of(const Flow& flow, const Passage& passage);

}  // namespace pgpassage::netcheck
