#pragma once

#include <optional>

#include "scenarios/verdict/assessment.hpp"

/// Prediction and observation side by side. Pure.
namespace pgpassage::scenarios {

/// The likeliest layer to blame for what a probe of `flow` saw, by its weak step and what the file predicts; absent
/// when nothing was probed, or all went as predicted. Of an outcome that has several explanations (silence: a filter
/// that drops, in one direction or both, or replies without a way back) the reason names each.
std::optional<Diagnosis> diagnosis_of(const FlowAssessment& flow);

/// The layer to which a step's cause belongs: "public-address" is "dns", "pg-hba" is "access".
std::string_view layer_of(const netcheck::ProbeStep& step);

}  // namespace pgpassage::scenarios
