#pragma once

#include "scenarios/verdict/case.hpp"
#include "scenarios/verdict/flows.hpp"

/// What the steps of a probe mean beyond whether PostgreSQL answered: LIV106 and LIV107.
namespace pgpassage::scenarios {

/// Nothing is said where the step was not made. A refusal of the session that a stand-in began is about the stand-in's
/// own address, so for the role it is `skipped`.
void judge_steps(Findings& findings, const Case& checked, const FlowAssessment& flow);

}  // namespace pgpassage::scenarios
