#pragma once

#include <string>
#include <vector>

#include "netcheck/reach/nsg.hpp"
#include "netcheck/reach/routes.hpp"
#include "netcheck/reach/states.hpp"
#include "netcheck/reach/trace.hpp"

/// One leg of a flow: from where it starts, along the routes, until the end or a blocker that nothing lies behind.
namespace pgpassage::netcheck {

/// One flow, as the walk and the filters at its ends need it.
struct Flow {
  const Topology& topology;
  Place from;
  Place to;
  Port port = 5432;
  AddressSpan source;  ///< as sent, before any translation
  AddressSpan
      destination;  ///< where the packets are sent; a public address although the place is in a VNet, if so asked
  Protocol protocol;
  const EffectiveStates& states;
  AddressSpan inside;  ///< of the destination itself, behind any translation of a public address
  IpAddress::Family family = IpAddress::Family::ipv4;  ///< of the walk: both ends speak the same
};

Flow flow_of(const EffectiveStates& states, const Place& from, const Place& to, Port port, Protocol protocol);

/// True when the file knows the machine at the place, so that its application security groups are complete.
NsgEnd nsg_end(const Topology& topology, const Place& place, AddressSpan address);

/// What one leg went through.
struct Passage {
  std::vector<const NetworkAppliance*> appliances;
  bool through_internet = false;
  bool arrived = false;    ///< the walk reached the end, or a place from which the end's filters decide
  bool undecided = false;  ///< another way may apply than the one that was walked: what blocks this one is not certain
  /// It left by the service endpoint of this subnet, where it starts or an appliance passed it on: the server sees the
  /// subnet, not an address. Both null: it did not.
  const VirtualNetwork* service_endpoint_network = nullptr;
  const Subnet* service_endpoint_subnet = nullptr;
};

/// Where the walk stands inside Azure.
struct Position {
  const VirtualNetwork* network = nullptr;
  const Subnet* subnet = nullptr;  ///< null: the gateway of a VNet whose GatewaySubnet the file does not list
  bool at_gateway = false;         ///< the packet has just left the VNet's gateway
  bool nsg_decides = false;        ///< a security group here was asked about the flow

  const std::string& name() const { return subnet == nullptr ? network->name : subnet->name; }
  Location location() const { return subnet == nullptr ? network->location : subnet->location; }
};

/// A leg while it is walked. Every step appends its hops; a blocker does not end the walk while its way out is known.
struct Walk {
  const Flow& flow;
  Leg leg = Leg::there;
  const Place& start;
  const Place& end;
  AddressSpan destination;
  bool appliance_on_the_way_there = false;  ///< leg back: answers may need the same appliance
  std::vector<Hop>& hops;
  Passage passage = {};
  bool start_forwards = false;  ///< what leaves the start did not originate there: answers that an appliance hands on
};

/// Walks the routes of one leg: none of the filters at its ends. Hops of appliances include their NSGs on the way
/// there; answers need none, security groups being stateful.
Passage walk_routes(Walk walk);

/// Is the place reached over the Internet: it lies there, or it is a machine asked for by its public address?
bool asked_publicly(const Place& place);

// The steps.

/// Crosses to a VNet that is peered. `nsg_at_arrival`: a security group is asked at the far end of the crossing.
void cross_peering(Walk& walk, const Position& position, const VirtualNetwork& remote, bool nsg_at_arrival);
/// The same to the VNet whose gateway is used by transit: gateways have no security group and take what their peers
/// send.
void cross_peering_to_gateway(Walk& walk, const Position& position, const VirtualNetwork& hub);
/// Says which of the two links is missing or not Connected.
void explain_missing_peering(Walk& walk, const VirtualNetwork& near, const VirtualNetwork& far);

/// Each returns whether the walk goes on from the new position.
bool pass_appliance(Walk& walk, Position& position, const EffectiveRoute& route);
bool take_user_gateway_route(Walk& walk, Position& position, const EffectiveRoute& route);
bool leave_site(Walk& walk, Position& position);

void pass_gateway(Walk& walk, const Position& position, const GatewayWay& way);
void explain_missing_gateway(Walk& walk, const Position& position, const SubnetState& state);

void add_hop(Walk& walk, Hop hop);  ///< with the walk's leg

}  // namespace pgpassage::netcheck
