#pragma once

#include <chrono>

#include "app/options.hpp"
#include "app/probe_login.hpp"
#include "netcheck/topology/topology.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::app {

/// Asks the network about the flows and names of `assessment` and judges again with what it said. Each is asked from
/// the place where it starts: here where this machine stands there, else by the agent of the host or server that the
/// file names, which refuses to speak for a place where it is not. What has neither stays not probed, with the reason.
/// Blocks for at most `time_limit` and the two seconds that an agent's answer may take on its way.
///
/// `logins` go where their flow is probed, so to an agent too, over its TLS. `heard` is told of each name as it is
/// known: here one by one, of an agent's place all together.
scenarios::Assessment with_live(const Topology& topology, scenarios::Assessment assessment, const AgentAccess& agents,
                                std::chrono::milliseconds time_limit, const ProbeLogins& logins = {},
                                const scenarios::Heard& heard = {});

}  // namespace pgpassage::app
