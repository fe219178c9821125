#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <vector>

#include "migrate/plan/steps.hpp"

namespace pgpassage::migrate {

struct LaneLimits {
  unsigned copy = 2;
  unsigned index = 2;
};

/// How far a plan is, and what comes next. A decision costs little however many steps there are, unless many of them
/// wait for a lock on the same table. Pure; `plan` must outlive it.
class Agenda {
 public:
  explicit Agenda(const Plan& plan);

  /// The step to begin now: among those whose predecessors are done and whose locks nobody holds, the one that the
  /// longest chain begins with. `plan.size()` when there is none, or no room in its lane.
  std::size_t next(LaneLimits limits) const;
  void begin(std::size_t step);
  void finish(std::size_t step);  ///< a step that has begun, or that needs no time

  double cost_from(std::size_t step) const { return chains_[step]; }
  LaneLimits running_in_lanes() const { return running_; }
  std::size_t done() const { return done_; }

 private:
  using Ready = std::multimap<double, std::size_t, std::greater<>>;  // by the cost of the chain

  struct Locks {
    int shared = 0;
    int exclusive = 0;
  };

  Ready& ready_in(Lane lane) { return ready_[static_cast<std::size_t>(lane)]; }
  bool locked(const PlanStep& step) const;
  void count(const PlanStep& step, int change);
  void make_ready(std::size_t step);
  void forget(std::size_t step);

  const Plan& plan_;
  std::vector<double> chains_;
  std::vector<std::vector<std::size_t>> followers_;
  std::vector<std::size_t> waits_for_;  // how many predecessors are not done
  std::vector<bool> begun_;
  Ready ready_[3];  // of each lane
  std::map<Oid, Locks> locks_;
  LaneLimits running_{0, 0};
  std::size_t done_ = 0;
};

}  // namespace pgpassage::migrate
