#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "netcheck/topology/topology.hpp"
#include "tests/naive/worlds.hpp"

/// Where a flow starts and ends (contract 5, NODE).
namespace pgpassage::naive {

struct End {
  const VirtualNetwork* network = nullptr;  ///< with `subnet`; or
  const Subnet* subnet = nullptr;           ///< null: a place in the VNet of which the file does not say more
  const Site* site = nullptr;               ///< or neither: on the Internet

  std::optional<IpAddress> address;         ///< its own; absent: any of the subnet, the site or the Internet
  std::optional<IpAddress> ipv6_address;    ///< that it sends from as well
  std::optional<IpAddress> public_address;  ///< by which it is known on the Internet
  bool asked_publicly = false;              ///< packets to it are sent to its public address
  bool by_public_address = false;           ///< the node is a public address
  std::string nsg;                          ///< of its network interface
  std::vector<std::string> asgs;
  bool asgs_known = true;  ///< false: some machine of a subnet, of which the file says nothing
  const Server* server = nullptr;
  const PrivateEndpoint* endpoint = nullptr;
  bool undescribed = false;  ///< a private server of which the file does not say where it is
  bool nowhere = false;      ///< a server behind a private endpoint that the file does not have
};

/// Absent when the file has no such node.
std::optional<End> end_of(const Topology& topology, const std::string& node);
End end_of(const Topology& topology, const Server& server);

/// The security group of a subnet; empty when it has none, or the file does not name the subnet.
std::string group_of(const Subnet* subnet);

using Family = IpAddress::Family;

/// The families in which the end may start a flow, or be asked.
std::set<Family> families_from(const End& end);
std::set<Family> families_to(const End& end);

/// The address of the end in this world, in a family that it has.
IpAddress address_in(World& world, const Topology& topology, const End& end, const std::string& which,
                     Family family = Family::ipv4);
/// Some address of the Internet of which the file says nothing, or that it names in a rule.
IpAddress public_address_in(World& world, const Topology& topology, const std::string& which, Family family);

bool contains(const std::vector<Cidr>& prefixes, const IpAddress& address);

}  // namespace pgpassage::naive
