#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "netcheck/topology/topology.hpp"

/// At which places of the file this machine stands, and what says so.
namespace pgpassage::scenarios {

/// One address of this machine.
struct LocalAddress {
  IpAddress address;
  Cidr network;           ///< with its interface's prefix length
  std::string interface;  ///< "eth0"
  bool loopback = false;
  std::optional<IpAddress> gateway;  ///< the default gateway behind this interface
};

/// What can be seen on this machine of where it stands.
struct Machine {
  std::vector<LocalAddress> addresses;
  std::vector<IpAddress> name_servers;
};

struct Places {
  std::vector<std::string> here;  ///< names of servers and hosts
  /// By name: what says that it is here; or, for a place whose address this machine has and that it is not, what
  /// speaks against it. One sentence without a period.
  std::map<std::string, std::string> evidence;
};

/// The servers and hosts of the file that this machine is. Never a managed server, whatever its address: nothing of the
/// user's runs there.
///
/// Private networks overlap, so having a place's address is not enough: an interface whose network is not the subnet's,
/// or a default gateway in the subnet that is not the first address, which is Azure's, is another machine of the same
/// address. A single address without a network (/32, loopback) and a site, whose networks may be any, contradict
/// nothing; the evidence then says that the address alone speaks. Azure's or the file's DNS servers are named when this
/// machine asks them; asking others contradicts nothing, since a machine may have its own. Pure.
/// Source: Microsoft Learn, "Azure Virtual Network frequently asked questions", "Are there any restrictions on using IP
/// addresses within these subnets?" (x.x.x.1 is the default gateway).
Places places_of(const Topology& topology, const Machine& machine);

/// The same for this machine, as the kernel and resolv.conf describe it.
Places places_here(const Topology& topology);

/// The default gateways in the form of /proc/net/route, by interface. IPv4 only. Pure.
std::map<std::string, IpAddress> default_gateways(const std::string& proc_net_route);

}  // namespace pgpassage::scenarios
