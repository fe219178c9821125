#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "scenarios/verdict/assessment.hpp"

/// What a finding rests on, in a few lines: a result's JSON and the full report have every hop of it. Pure.
namespace pgpassage::app {

struct BriefEvidence {
  std::vector<std::string> seen;  ///< observations, answers and facts, as the finding has them
  std::string path;  ///< the hops in one line; what stops or may stop the flow is marked; empty without hops
};

/// The hops of an assessment's flows by what findings say of them. They live as long as the assessment.
using DescribedHops = std::unordered_map<std::string, const netcheck::Hop*>;
/// Described once for all findings: some have hundreds of lines of evidence.
DescribedHops described_hops(const scenarios::Assessment& assessment);

/// Hops are told from other evidence by their description.
BriefEvidence brief_evidence(const Finding& finding, const DescribedHops& hops);

}  // namespace pgpassage::app
