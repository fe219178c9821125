#pragma once

#include <vector>

#include "netcheck/topology/topology.hpp"

/// The prefixes that an object of the file tells addresses apart by. Each function appends them, in any order and as
/// often as they stand there.
namespace pgpassage::netcheck {

void add_prefixes(const std::vector<AddressPrefix>& entries, std::vector<Cidr>& prefixes);  ///< tags are left out
void add_prefixes(const std::vector<SecurityRule>& rules, std::vector<Cidr>& prefixes);
void add_prefixes(const Site& site, std::vector<Cidr>& prefixes);
void add_prefixes(const SecurityAdminConfiguration& configuration, std::vector<Cidr>& prefixes);
void add_prefixes(const VirtualNetworkGateway& gateway, std::vector<Cidr>& prefixes);  ///< its learned routes
void add_prefixes(const Server& server, std::vector<Cidr>& prefixes);                  ///< its authorized networks

}  // namespace pgpassage::netcheck
