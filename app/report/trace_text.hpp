#pragma once

#include <string>

#include "app/report/text_style.hpp"
#include "scenarios/verdict/assessment.hpp"

/// One flow hop by hop. Pure.
namespace pgpassage::app {

/// What `trace` prints: the answer, how the name resolves, and the ladder there and back.
std::string render_trace_text(const scenarios::FlowAssessment& flow, const std::string& file, const TextStyle& style);
/// One element of `flows` of contract 4.
std::string render_trace_json(const scenarios::FlowAssessment& flow);

/// The hops as a ladder: each with the deciding rule and its line in the file.
std::string ladder_text(const scenarios::FlowAssessment& flow, const std::string& file, const TextStyle& style);

}  // namespace pgpassage::app
