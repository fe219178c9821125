#pragma once

#include <chrono>

#include "netcheck/topology/topology.hpp"
#include "scenarios/observe/places.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::app {

/// Asks the network about the flows and names of `assessment` that start at one of `places`, and judges again with
/// what it said. Blocks for at most `time_limit`. The one file of the checks that runs an io_context.
scenarios::Assessment with_live(const Topology& topology, scenarios::Assessment assessment, scenarios::Places places,
                                std::chrono::milliseconds time_limit);

}  // namespace pgpassage::app
