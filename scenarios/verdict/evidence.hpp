#pragma once

#include <string>
#include <vector>

#include "dns/zones/answer.hpp"
#include "netcheck/reach/trace.hpp"

/// Evidence in words.
namespace pgpassage::scenarios {

/// "there, snet-runtime: nsg allow by nsg-runtime/allow-postgres-out (line 42)"
std::string describe(const netcheck::Hop& hop);

/// Every hop, in the order of the walk.
std::vector<std::string> describe(const netcheck::Trace& trace);

/// "orders.contoso.example -> 10.0.0.4 (zone link link-hub)"
std::string describe(const dns::Answer& answer);

}  // namespace pgpassage::scenarios
