#pragma once

#include "app/report/document.hpp"
#include "netcheck/topology/topology.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::app {

/// The picture of the topology with the migration's flows drawn over it, and the same as tables. Pure.
Section topology_section(const Topology& topology, const scenarios::Assessment& assessment);

}  // namespace pgpassage::app
