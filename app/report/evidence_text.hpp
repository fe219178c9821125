#pragma once

#include <string>
#include <vector>

#include "scenarios/verdict/assessment.hpp"

/// What a finding rests on, in a few lines: a result's JSON and the full report have every hop of it. Pure.
namespace pgpassage::app {

struct BriefEvidence {
  std::vector<std::string> seen;  ///< observations, answers and facts, as the finding has them
  std::string path;  ///< the hops in one line; what stops or may stop the flow is marked; empty without hops
};

/// Hops are told from other evidence by the flows of the assessment.
BriefEvidence brief_evidence(const Finding& finding, const scenarios::Assessment& assessment);

}  // namespace pgpassage::app
