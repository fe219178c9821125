#pragma once

#include "netcheck/base/error.hpp"
#include "scenarios/verdict/case.hpp"

namespace pgpassage::scenarios {

/// The case of a topology's migration under an edition. Fails when the edition does not exist or the topology has no
/// migration.
Result<Case> case_of(const Topology& topology, std::string_view edition);

/// The scenario as reported: the row, or what comes near when no row fits. A runtime server that is named is used, so
/// the path goes through it (contract 6.6).
Scenario scenario_of(const Case& checked);

/// SCN101, SCN102, SCN108: whether the matrix has the combination, and whether another edition is in force.
void judge_scenario(Findings& findings, const Case& checked);

}  // namespace pgpassage::scenarios
