#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "netcheck/base/deadline.hpp"
#include "scenarios/verdict/assessment.hpp"

/// Asks the real network what an assessment says on paper. Live.
namespace pgpassage::scenarios {

/// The servers' and hosts' names of the file whose addresses this machine has: the places where it stands.
std::vector<std::string> places_here(const Topology& topology);

/// Probes every flow and name that starts at one of `places`, all at once under one deadline. What starts elsewhere
/// is left out of the results' connections: its observation is `not_probed` with the reason and how to probe it.
boost::asio::awaitable<LiveResults> observe(const Topology& topology, const Assessment& assessment,
                                            std::vector<std::string> places, Deadline deadline);

}  // namespace pgpassage::scenarios
