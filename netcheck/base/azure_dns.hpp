#pragma once

#include "netcheck/base/address.hpp"

namespace pgpassage {

/// Azure-provided DNS: one address, which answers inside every VNet and nowhere else (azure-facts 2.10).
inline const IpAddress azure_dns = IpAddress::from_ipv4(0xa83f8110);  // 168.63.129.16

}  // namespace pgpassage
