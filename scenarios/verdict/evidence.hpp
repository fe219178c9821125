#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "dns/zones/answer.hpp"
#include "netcheck/base/observation.hpp"
#include "netcheck/reach/trace.hpp"

/// Evidence in words.
namespace pgpassage::scenarios {

/// "there, snet-runtime: nsg allow by nsg-runtime/allow-postgres-out (line 42)"
std::string describe(const netcheck::Hop& hop);

/// Every hop, in the order of the walk.
std::vector<std::string> describe(const netcheck::Trace& trace);

/// "timed out", "name not found": an observation for people.
std::string_view describe(netcheck::Observed observed);

/// "startup failed after 2 ms: no pg_hba.conf entry for host ..."
std::string describe(const netcheck::ProbeStep& step);

/// "7 ms", "10 s" (9999 ms too), "less than 1 ms".
std::string describe(std::chrono::milliseconds elapsed);

/// "orders.contoso.example -> 10.0.0.4 (zone link link-hub)"
std::string describe(const dns::Answer& answer);

}  // namespace pgpassage::scenarios
