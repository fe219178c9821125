#pragma once

#include <string>

#include "app/options.hpp"
#include "migrate/state/record.hpp"
#include "netcheck/base/error.hpp"
#include "netcheck/topology/topology.hpp"

/// Where the engine of a crossing may work: at the role that the scenario gives it (the migration runtime server, or
/// the target), or on a host that stands for that role (contract 6.12). Live: it asks this machine for its addresses.
namespace pgpassage::app {

/// Errc::input unless this machine has the address of a place from which the crossing may start.
Result<void> require_place(const Topology& topology, const migrate::NewMigration& record);

/// The agent that is to make the crossing; empty: this process. One that was asked for by name is written into
/// `topology` for the hosts that stand there, because the live checks of that place ask it too.
std::string give_to_agent(Topology& topology, const migrate::NewMigration& record, const AgentAccess& access);

}  // namespace pgpassage::app
