#include "migrate/plan/agenda.hpp"

#include <algorithm>

namespace pgpassage::migrate {

Agenda::Agenda(const Plan& plan)
    : plan_{plan},
      chains_{chain_costs(plan)},
      followers_(plan.size()),
      waits_for_(plan.size(), 0),
      begun_(plan.size(), false) {
  for (std::size_t step = 0; step < plan.size(); ++step) {
    waits_for_[step] = plan[step].after.size();
    for (const std::size_t before : plan[step].after) followers_[before].push_back(step);
    if (waits_for_[step] == 0) make_ready(step);
  }
}

void Agenda::make_ready(std::size_t step) { ready_in(plan_[step].lane).emplace(chains_[step], step); }

void Agenda::forget(std::size_t step) {
  Ready& ready = ready_in(plan_[step].lane);
  const auto [first, last] = ready.equal_range(chains_[step]);
  const auto found = std::find_if(first, last, [&](const auto& entry) { return entry.second == step; });
  if (found != last) ready.erase(found);
}

bool Agenda::locked(const PlanStep& step) const {
  return std::any_of(step.tables.begin(), step.tables.end(), [&](Oid table) {
    const auto held = locks_.find(table);
    if (held == locks_.end()) return false;
    return held->second.exclusive > 0 || (step.exclusive && held->second.shared > 0);
  });
}

std::size_t Agenda::next(LaneLimits limits) const {
  const bool room[] = {running_.copy < limits.copy, running_.index < limits.index, true};
  std::size_t best = plan_.size();
  for (std::size_t lane = 0; lane < std::size(ready_); ++lane) {
    if (!room[lane]) continue;
    const auto& ready = ready_[lane];
    const auto first =
        std::find_if(ready.begin(), ready.end(), [&](const auto& entry) { return !locked(plan_[entry.second]); });
    if (first != ready.end() && (best == plan_.size() || first->first > chains_[best])) best = first->second;
  }
  return best;
}

void Agenda::count(const PlanStep& step, int change) {
  if (step.lane == Lane::copy) running_.copy += static_cast<unsigned>(change);
  if (step.lane == Lane::index) running_.index += static_cast<unsigned>(change);
  for (const Oid table : step.tables) {
    Locks& held = locks_[table];
    (step.exclusive ? held.exclusive : held.shared) += change;
    if (held.exclusive == 0 && held.shared == 0) locks_.erase(table);
  }
}

void Agenda::begin(std::size_t step) {
  forget(step);
  begun_[step] = true;
  count(plan_[step], 1);
}

void Agenda::finish(std::size_t step) {
  if (begun_[step])
    count(plan_[step], -1);
  else
    forget(step);
  ++done_;
  for (const std::size_t follower : followers_[step])
    if (--waits_for_[follower] == 0) make_ready(follower);
}

}  // namespace pgpassage::migrate
