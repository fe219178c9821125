#pragma once

#include <set>

#include "netcheck/topology/topology.hpp"

/// Which addresses of subnets are taken, by Azure and by what the file has there. Pure.
namespace pgpassage {

/// Azure keeps the first four addresses of every prefix of a subnet for itself, and the last (azure-facts 2.3).
inline constexpr int kept_at_the_start = 4;

/// The longest prefix that a subnet delegated to flexible servers may have (azure-facts 2.3): 16 addresses.
inline constexpr int longest_delegated_prefix = 28;

/// Addresses of servers, private and public, of hosts, private endpoints and appliances.
std::set<IpAddress> machine_addresses(const Topology& topology);

/// The same and those of DNS servers and inbound endpoints: a new machine can have none of them.
std::set<IpAddress> addresses_in_use(const Topology& topology);

}  // namespace pgpassage
