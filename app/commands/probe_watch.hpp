#pragma once

#include <functional>

#include "app/options.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::app {

/// Probes again and again, and writes what changed to standard output as soon as it is known, each with its time in
/// UTC; the first round is written whole, as changes from nothing. Ends with the program: by a signal, or when nobody
/// reads any more.
int watch_probes(const CommonOptions& common, std::chrono::milliseconds interval,
                 const std::function<scenarios::Assessment()>& probe);

}  // namespace pgpassage::app
