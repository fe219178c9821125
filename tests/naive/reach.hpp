#pragma once

#include <optional>
#include <string>

#include "netcheck/topology/topology.hpp"
#include "tests/naive/ends.hpp"

/// Whether a flow passes, by azure-facts 2 and contract 6 read once more and written down as plainly as possible: every
/// rule, route and link is looked at for each packet, and what the file does not say is tried both ways. It shares
/// nothing with netcheck/reach and dns/zones but the model; a test of tests/house sees to that.
namespace pgpassage::naive {

/// True: allowed. False: denied. Absent: it depends on what the file does not say.
std::optional<bool> reaches(const Topology& topology, const End& from, const End& to, Port port, Protocol protocol);

}  // namespace pgpassage::naive
