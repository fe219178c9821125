#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/report/text_style.hpp"
#include "scenarios/verdict/assessment.hpp"

/// What differs between two rounds of probes. Pure.
namespace pgpassage::app {

struct ProbeChange {
  std::string what;      ///< "runtime->source (orders-runtime)", or a name and from where it was asked
  std::string was, now;  ///< "timedOut (timed-out)", "10.20.2.4"; `was` is empty in the first round
  std::string detail;    ///< in words, may be empty
  bool better = false;   ///< it connects now, or the name answers
};

/// Flows whose outcome or weak step changed, and names whose answer did. Times do not count.
std::vector<ProbeChange> changes_between(const scenarios::Assessment* before, const scenarios::Assessment& now);

std::string change_text(const ProbeChange& change, std::chrono::sys_seconds time, const TextStyle& style);
/// One JSON object and a line end.
std::string change_json(const ProbeChange& change, std::chrono::sys_seconds time);

}  // namespace pgpassage::app
