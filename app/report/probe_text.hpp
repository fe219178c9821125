#pragma once

#include <string>

#include "app/report/text_style.hpp"
#include "scenarios/verdict/assessment.hpp"

/// What a probe did, step by step, and what that most likely means. Pure.
namespace pgpassage::app {

/// A line for each step: its mark, its name, its own time and its evidence.
std::string steps_text(const netcheck::ProbeSteps& steps, const TextStyle& style);

/// "likely" with the layer and the reason, and "next" with the command that shows more; empty without a diagnosis.
std::string diagnosis_text(const scenarios::FlowAssessment& flow, const TextStyle& style);

}  // namespace pgpassage::app
