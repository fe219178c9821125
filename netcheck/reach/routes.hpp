#pragma once

#include <optional>
#include <string>
#include <vector>

#include "netcheck/reach/connection.hpp"
#include "netcheck/reach/tags.hpp"

/// The effective state of one subnet, computed from the whole topology: its routes, and what it calls VirtualNetwork.
namespace pgpassage::netcheck {

class EffectiveStates;

enum class NextHop { virtual_network, peering, gateway, internet, appliance, endpoint, none };

/// Where a route comes from. On equal prefixes a later one wins (azure-facts 2.5). A system default (to Internet, and
/// None for the private ranges) loses to everything of its own length.
enum class RouteOrigin { system_default, system, bgp, user };

struct EffectiveRoute {
  Cidr prefix;
  RouteOrigin origin = RouteOrigin::system_default;
  NextHop next_hop = NextHop::none;
  const RouteTable* table = nullptr;   ///< of a user route
  const Route* user = nullptr;         ///< the user route itself
  Location location;                   ///< of the user route, peering, gateway connection or endpoint; else of the VNet
  std::optional<IpAddress> appliance;  ///< next_hop appliance
  const VirtualNetwork* remote = nullptr;     ///< next_hop peering, and endpoint in a peered VNet
  GatewayWay way;                             ///< next_hop gateway, unless a user route names "the gateway"
  const PrivateEndpoint* endpoint = nullptr;  ///< next_hop endpoint
  /// next_hop endpoint: a user route at least this long displaces it (azure-facts 2.8.5); absent: none does.
  std::optional<int> yields_to_length;

  /// "rt-runtime/to-target", "system route 10.20.0.0/16". Written when asked: a hub has a thousand routes, and a flow
  /// takes a few.
  std::string by() const;
};

struct SubnetState {
  const VirtualNetwork* network = nullptr;
  const Subnet* subnet = nullptr;  ///< null: a place in the VNet that the file does not list, such as its gateway
  const RouteTable* table = nullptr;
  std::vector<EffectiveRoute> routes;
  std::vector<const Route*> undecided;  ///< user routes to a service tag whose addresses the file does not list
  VirtualNetworkTag virtual_network;
};

enum class UserRoutes { apply, ignore };

/// Not modelled: routes between VNets by Vnet2Vnet connections, service endpoint policies.
/// `ignore` is for a private endpoint, whose answers do not follow its subnet's table unless its policies say so.
/// Source: Microsoft Learn, "Virtual network traffic routing"; azure-facts 2.2, 2.5.
SubnetState state_of(const Topology& topology, const VirtualNetwork& network, const Subnet* subnet,
                     UserRoutes user_routes = UserRoutes::apply);
/// The same, with the indexes of `states`; EffectiveStates::of keeps the result.
SubnetState state_of(const EffectiveStates& states, const VirtualNetwork& network, const Subnet* subnet,
                     UserRoutes user_routes);

struct RouteChoice {
  const EffectiveRoute* route = nullptr;  ///< refers into the state; null when no route exists at all
  std::string missing;  ///< not empty: another route may apply, and this would have to be known to say
  Location location;    ///< of that other route
};

/// The route for packets to `destination`: the longest prefix; on equal length user, then BGP, then system. System
/// routes of a VNet, peering or endpoint beat every BGP route. A user or BGP default route replaces the system routes
/// that drop private ranges. A private endpoint's /32 yields only as `yields_to_length` says.
RouteChoice choose(const SubnetState& state, const AddressSpan& destination);

}  // namespace pgpassage::netcheck
