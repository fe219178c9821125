#pragma once

#include <string>
#include <vector>

#include "netcheck/base/address.hpp"

namespace pgpassage {

/// "10.20.2.4, 10.20.2.5" for a person to read; empty for none.
std::string listed(const std::vector<IpAddress>& addresses);

}  // namespace pgpassage
