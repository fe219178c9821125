#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netcheck/topology/topology.hpp"

/// First step of compile(): what stands where and which wires join it; routes, filters and names refer to it.
namespace pgpassage::lab {

enum class NicKind {
  host,
  server,
  dns_server,
  dns_inbound_endpoint,
  dns_outbound_endpoint,
  appliance,
  private_endpoint,
  gateway
};

/// One network interface. The fabric has a veth to each one, so that even traffic inside a subnet crosses its filter.
struct Nic {
  NicKind kind = NicKind::host;
  std::string node;    ///< name in the file
  std::string place;   ///< "server.orders-source"
  std::string fabric;  ///< "vnet.vnet-hub", "site.datacenter"
  std::string device;  ///< the fabric's end of the wire
  IpAddress address;
  std::string virtual_network;  ///< with `subnet`, or `site`
  std::string subnet;
  std::string site;
  std::string network_security_group;  ///< of the interface itself
  std::vector<std::string> application_security_groups;
  std::optional<IpAddress> public_address;  ///< translated to this interface by the fabric
  std::optional<IpAddress> egress;          ///< public address that its traffic to the internet shows
  bool forwards = false;
  bool subnet_filter_inbound = true;  ///< false: a private endpoint without NSG network policies
  std::string shut;                   ///< why nothing is delivered; empty: open
};

/// The routers and filters of one VNet or site.
struct Fabric {
  std::string place;
  const VirtualNetwork* network = nullptr;  ///< or
  const Site* site = nullptr;
  IpAddress egress;              ///< default public address of its traffic
  std::optional<IpAddress> own;  ///< from which its DNS server asks others inside the private network
};

/// A veth between two places, with link-local addresses.
struct Wire {
  std::string one_place, one_device;
  IpAddress one_address;
  std::string other_place, other_device;
  IpAddress other_address;
};

/// Two VNets of which at least one names the other in a peering, whatever its state: routes decide, not the wire.
struct PeeringWire {
  std::string one_network, other_network;
  Wire wire;
};

/// The way from a VNet to an appliance or gateway of another, over which packets go that are not addressed to it.
struct HopWire {
  std::string network;  ///< of the sender
  std::string node;     ///< place of the appliance or gateway
  Wire wire;            ///< `one` is the sender's fabric
};

struct Tunnel {
  const VirtualNetworkGateway* gateway = nullptr;
  const GatewayConnection* connection = nullptr;
  Wire wire;  ///< `one` is the gateway, `other` the site's fabric
};

/// The public side of a server that stands in no VNet and no site of the file.
struct PublicLeg {
  const Server* server = nullptr;
  std::string place;
  std::string device;  ///< the internet's end
  IpAddress address;
};

/// What stands for Private Link between an endpoint's interface and its server.
struct PrivateLink {
  const PrivateEndpoint* endpoint = nullptr;
  const Server* server = nullptr;
  std::string place;
  Wire wire;  ///< `one` is the endpoint
};

/// Azure's own way from the DNS of a VNet to the outbound endpoint of a ruleset that is linked to it: neither routes
/// nor security groups stand on it. What the endpoint itself sends takes the routes of its subnet.
struct ResolverLink {
  const DnsForwardingRuleset* ruleset = nullptr;
  std::string network;
  Wire wire;  ///< `one` is the VNet's fabric, `other` the endpoint
};

struct Layout {
  std::vector<Fabric> fabrics;
  std::vector<Nic> nics;
  std::vector<Wire> uplinks;  ///< `one` is the fabric, `other` the internet; same order as `fabrics`
  std::vector<PeeringWire> peerings;
  std::vector<HopWire> hops;
  std::vector<Tunnel> tunnels;
  std::vector<PublicLeg> public_legs;
  std::vector<PrivateLink> private_links;
  std::vector<ResolverLink> resolver_links;
  std::vector<std::string> not_raised;
};

/// Refers into `topology`, which must outlive the layout.
Layout lay_out(const Topology& topology);

/// "kind.name" with what a file name or an nft comment cannot hold replaced by '_'.
std::string place_name(std::string_view kind, std::string_view name);
std::string safe(std::string_view text);

const Fabric* find_fabric(const Layout& layout, std::string_view place);
const Nic* find_nic(const Layout& layout, std::string_view place);
const ResolverLink* find_resolver_link(const Layout& layout, const DnsForwardingRuleset& ruleset,
                                       std::string_view network);
const PeeringWire* find_peering_wire(const Layout& layout, std::string_view one, std::string_view other);
const HopWire* find_hop(const Layout& layout, std::string_view network, std::string_view node);

/// Both sides exist and are Connected.
bool peered(const Topology& topology, const VirtualNetwork& one, const VirtualNetwork& other);
/// `spoke` uses the gateway of `hub`: peered, useRemoteGateways here, allowGatewayTransit there.
bool uses_gateway_of(const Topology& topology, const VirtualNetwork& spoke, const VirtualNetwork& hub);
/// Gateways that serve the VNet: its own, or those of the hub that it uses.
std::vector<const VirtualNetworkGateway*> gateways_of(const Topology& topology, const VirtualNetwork& network);

/// Only the IPv4 ones, without those that another contains: nft refuses overlapping elements.
std::vector<Cidr> disjoint(std::vector<Cidr> prefixes);

}  // namespace pgpassage::lab
