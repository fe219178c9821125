#pragma once

#include "tests/naive/filters.hpp"

/// The routes of a subnet and the one that a destination takes (azure-facts 2.5).
namespace pgpassage::naive {

enum class Origin { system_default, system, bgp, user };
enum class Hop {
  none,
  internet,
  virtual_network,
  peering,
  endpoint,
  service_endpoint,
  gateway,
  user_gateway,
  appliance
};

struct NaiveRoute {
  Cidr prefix;
  Origin origin = Origin::system_default;
  Hop hop = Hop::none;
  const VirtualNetwork* network = nullptr;        ///< where peering and endpoint lead
  const PrivateEndpoint* endpoint = nullptr;      ///< endpoint
  const GatewayConnection* connection = nullptr;  ///< gateway
  bool express_route = false;                     ///< gateway: of two with one prefix it is the primary one
  const VirtualNetwork* gateway_network = nullptr;
  std::optional<IpAddress> next_hop;  ///< appliance
};

/// `subnet` may be null: a gateway in a VNet that lists no GatewaySubnet. Absent: no route leads there.
std::optional<NaiveRoute> route_to(World& world, const Topology& topology, const VirtualNetwork& network,
                                   const Subnet* subnet, bool with_user_routes, const IpAddress& destination);

}  // namespace pgpassage::naive
