#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "netcheck/base/error.hpp"
#include "tests/lab/plan.hpp"
#include "tests/lab/prober.hpp"
#include "tests/referee/questions.hpp"

/// A lab for the length of a few questions.
namespace pgpassage::referee {

struct Experiment {
  lab::LabPlan plan;
  std::vector<lab::Attempt> attempts;
  std::vector<bool> expected;  ///< one for each attempt: it gets longer patience before it counts as a drop
  std::vector<Question> questions;
};

struct Observed {
  std::vector<lab::Outcome> outcomes;             ///< one for each attempt
  std::vector<std::vector<std::string>> answers;  ///< one for each question
};

/// A lab that was started. Several may run at once.
struct Running {
  pid_t keeper = -1;
  std::string directory;
};

/// Raises the plan with listeners, makes the attempts, asks the questions, and ends by itself.
Result<Running> start(const Experiment& experiment);
/// Waits for the end and removes the directory.
Result<Observed> finish(const Running& running, const Experiment& experiment);

}  // namespace pgpassage::referee
