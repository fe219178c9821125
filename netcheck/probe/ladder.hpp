#pragma once

#include <optional>
#include <string>

#include "netcheck/base/deadline.hpp"
#include "netcheck/base/observation.hpp"

/// The steps of one probe, written down while it climbs. Reads the clock and nothing else.
namespace pgpassage::netcheck {

/// One step is under way at a time: `begin`, then `pass`, `poor` or `fail`. The observation must outlive the ladder.
class Ladder {
 public:
  explicit Ladder(Observation& observation) : observation_{observation} {}

  void begin(StepKind kind);
  void pass(std::string evidence = {});
  void poor(std::string cause, std::string evidence);
  /// The step failed, and with it the probe, which is then seen as `observed`; `evidence` becomes its detail too.
  void fail(Observed observed, std::string cause, std::string evidence);

  /// The step that has begun and not ended: where a deadline found the probe.
  std::optional<StepKind> under_way() const { return under_way_; }
  Observation& observation() { return observation_; }

 private:
  void end(StepOutcome outcome, std::string cause, std::string evidence);

  Observation& observation_;
  std::optional<StepKind> under_way_;
  Deadline::clock::time_point began_;
};

}  // namespace pgpassage::netcheck
