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

/// Both links exist and are Connected.
bool peered(const VirtualNetwork& one, const VirtualNetwork& other);

/// Does the group let the packet pass in that direction? `subnet` is where the group is asked.
bool group_allows(World& world, const Topology& topology, const std::string& group, Direction direction,
                  const Packet& packet, const VirtualNetwork& network, const Subnet* subnet,
                  bool any_source_port = false);

bool site_allows(World& world, const Topology& topology, const Site& site, Direction direction, const Packet& packet);

/// Is the address in a tag that is not VirtualNetwork or Internet?
bool in_tag(World& world, const Topology& topology, const std::string& tag, const IpAddress& address);

}  // namespace pgpassage::naive
