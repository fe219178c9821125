#pragma once

#include "netcheck/base/error.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::app {

/// contract 3.
enum class ExitCode : int { success = 0, failed = 1, wrong_input = 2, inconclusive = 3, canceled = 4, internal = 5 };

ExitCode exit_code(const Error& error);
ExitCode exit_code(scenarios::Verdict verdict);
/// Of one flow: 0 allowed, 1 denied, 3 unknown (contract 5).
ExitCode exit_code(netcheck::Predicted predicted);

}  // namespace pgpassage::app
