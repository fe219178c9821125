#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netcheck/base/address.hpp"
#include "netcheck/base/error.hpp"
#include "netcheck/base/location.hpp"
#include "netcheck/topology/topology.hpp"

/// Whether a packet gets through, decided on paper. Pure: no socket, no clock.
namespace pgpassage::netcheck {

class EffectiveStates;

enum class Predicted { allowed, denied, unknown };
enum class Leg { there, back };
enum class HopKind { nsg, route, peering, gateway, appliance, endpoint, firewall, name };
enum class Decision { allow, deny, forward, unknown };

/// One decision on the way.
struct Hop {
  Leg leg = Leg::there;
  std::string at;  ///< the subnet, site or server where it is made: "snet-runtime"
  HopKind kind = HopKind::route;
  Decision decision = Decision::forward;
  std::string by;  ///< the deciding object: "nsg-runtime/allow-postgres-out", "nsg-x/DenyAllInBound"
  /// Of the deciding object: of a default rule its group, of a system route the VNet from whose address space it
  /// comes or whose default it is, of a peering's route the peering, of what no object decides the place where it is
  /// decided. Always known for what was read from a file.
  Location location;
  std::string cause;   ///< stable kebab-case id of causes.hpp when the hop stops the flow, of passes.hpp when it passes
  std::string detail;  ///< one sentence for a person
};

/// A place in the network: where a flow starts or ends.
struct Place {
  enum class Kind { in_virtual_network, at_site, internet };

  Kind kind = Kind::internet;
  std::string node;             ///< what to call it: a server's or host's name, "vnet/subnet", an address, "Internet"
  std::string virtual_network;  ///< in_virtual_network
  std::string subnet;           ///< in_virtual_network
  std::string site;             ///< at_site
  std::optional<IpAddress> address;    ///< absent: any address of the subnet or site, or not known
  std::string network_security_group;  ///< of its network interface
  std::vector<std::string> application_security_groups;
  const Server* server = nullptr;              ///< when the place is a server
  const PrivateEndpoint* endpoint = nullptr;   ///< when the place is a server behind a private endpoint
  std::vector<IpAddress> egress_ip_addresses;  ///< public addresses it is seen from, when known
  std::optional<IpAddress> ipv6_address;       ///< of a machine that has one beside `address`
};

/// Does the hop keep the flow from passing, for certain or for want of a fact?
inline bool stops(const Hop& hop) { return hop.decision == Decision::deny || hop.decision == Decision::unknown; }

/// Everything that was decided about one flow, there and back, in the order of the walk. The walk goes on behind a
/// blocker where it can, so that every blocker is listed.
struct Trace {
  Predicted predicted = Predicted::unknown;
  std::vector<Hop> hops;
};

/// The place that a NODE of the command line names (contract 5): a server's, host's or private endpoint's name,
/// `runtime`, `source`, `target`, `vnet/subnet`, a site, an address, or `Internet`. An error names what was meant and
/// the likely names.
Result<Place> place_of(const Topology& topology, std::string_view node);
Place place_of(const Topology& topology, const Server& server);
Place place_of(const Topology& topology, const Host& host);
Place place_of(const Topology& topology, const PrivateEndpoint& endpoint);
Place place_of(const DnsServer& server);

/// Walks one flow, TCP or UDP, from `from` to `to`, there and back (azure-facts 2.14).
/// What is not modelled ends in a hop with Decision::unknown and the missing fact in `detail`; never in a pass.
/// `to.address` is where the packets go: the caller puts the resolved address there when a name is used.
Trace trace_flow(const Topology& topology, const Place& from, const Place& to, Port port,
                 Protocol protocol = Protocol::tcp);
/// The same for many flows of one topology: what holds for a subnet is computed once.
Trace trace_flow(const EffectiveStates& states, const Place& from, const Place& to, Port port,
                 Protocol protocol = Protocol::tcp);

const char* to_string(Predicted value);
const char* to_string(Leg value);
const char* to_string(HopKind value);
const char* to_string(Decision value);

}  // namespace pgpassage::netcheck
