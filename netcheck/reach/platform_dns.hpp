#pragma once

#include "netcheck/reach/nsg.hpp"

/// Whether security groups let a place ask Azure-provided DNS at 168.63.129.16.
namespace pgpassage::netcheck {

struct PlatformDnsDecision {
  Predicted predicted = Predicted::allowed;
  bool filtered = false;  ///< a security group stands at the place
  std::string by;         ///< "nsg-runtime/no-dns": the rule that denies, or the first that may; empty when allowed
  Location location;      ///< of that rule
  std::string missing;    ///< with Predicted::unknown: what would have to be known
};

/// Security groups do not see 168.63.129.16, except for outbound rules with the destination AzurePlatformDNS. Among
/// those the first that matches UDP 53 from `from` decides, in the group of the network interface and in that of the
/// subnet; without one the way is open. Denied when either group denies. A place outside every VNet of the file is not
/// filtered. No I/O, cannot fail.
/// Source: Microsoft Learn, "Azure network security groups overview", section "Azure platform considerations";
/// azure-facts 2.1.12.
PlatformDnsDecision platform_dns(const Topology& topology, const Place& from);

}  // namespace pgpassage::netcheck
