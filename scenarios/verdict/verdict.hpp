#pragma once

#include <vector>

#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::scenarios {

Summary summary_of(const std::vector<Finding>& findings);

/// unsupported before notReady before inconclusive: warnings, skipped and waived findings keep nothing from being ready
/// (contract 6.3).
Verdict verdict_of(const Scenario& scenario, const std::vector<Finding>& findings);

/// Sets summary and verdict from the findings.
void conclude(Assessment& assessment);

}  // namespace pgpassage::scenarios
