#pragma once

#include "tests/naive/ends.hpp"
#include "tests/naive/worlds.hpp"

/// Rules that let a packet pass or not (azure-facts 2.1, 2.2, 2.13).
namespace pgpassage::naive {

struct Packet {
  IpAddress source;
  IpAddress destination;
  Protocol protocol = Protocol::tcp;
  Port port = 5432;
  const End* from = nullptr;
  const End* to = nullptr;
  /// Some address of the Internet: it lies in no network of the file, whatever routes say of a part of the Internet.
  bool source_anywhere = false;
  bool destination_anywhere = false;
};

/// The gateways whose routes a VNet has: its own, or without one those that a peer shares.
struct GatewayUse {
  const VirtualNetworkGateway* gateway = nullptr;
  const VirtualNetwork* network = nullptr;  ///< the gateway's
};
std::vector<GatewayUse> gateways_of(const Topology& topology, const VirtualNetwork& network);

/// What Azure routes over a connection: the routes that it learned, or else the site's own.
const std::vector<Cidr>& prefixes_of(const Topology& topology, const GatewayConnection& connection);

/// Both links exist and are Connected.
bool peered(const VirtualNetwork& one, const VirtualNetwork& other);

/// Do Virtual Network Manager's rules, and after them the groups, let the packet pass in that direction (2.1.11)?
bool rules_allow(World& world, const Topology& topology, const std::vector<std::string>& groups, Direction direction,
                 const Packet& packet, const VirtualNetwork& network, const Subnet* subnet);

/// Does the group let the packet pass in that direction? `subnet` is where the group is asked.
bool group_allows(World& world, const Topology& topology, const std::string& group, Direction direction,
                  const Packet& packet, const VirtualNetwork& network, const Subnet* subnet,
                  bool any_source_port = false);

/// Security groups do not see questions to 168.63.129.16, but for rules with the tag AzurePlatformDNS (2.1.12).
bool platform_allowed(World& world, const Topology& topology, const std::string& group, const Packet& packet,
                      const VirtualNetwork& network, const Subnet* subnet);

bool site_allows(World& world, const Topology& topology, const Site& site, Direction direction, const Packet& packet);

/// What a network ACL of AWS is asked about one leg: the address in the site, and the other end (2.13).
struct AclQuestion {
  IpAddress local;
  IpAddress remote;
  bool egress = false;
  bool to_client = false;  ///< answers go to the client's port, not to the packet's
};
bool network_acls_allow(World& world, const Topology& topology, const Site& site, const AclQuestion& question,
                        const Packet& packet);
/// No network ACL stands between two addresses of one subnet.
bool in_one_subnet(World& world, const Site& site, const IpAddress& one, const IpAddress& other);

/// Is the address in a tag that is not VirtualNetwork or Internet?
bool in_tag(World& world, const Topology& topology, const std::string& tag, const IpAddress& address);

}  // namespace pgpassage::naive
