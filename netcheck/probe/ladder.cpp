#include "netcheck/probe/ladder.hpp"

#include <utility>

namespace pgpassage::netcheck {

void Ladder::begin(StepKind kind) {
  under_way_ = kind;
  began_ = Deadline::clock::now();
}

void Ladder::end(StepOutcome outcome, std::string cause, std::string evidence) {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Deadline::clock::now() - began_);
  observation_.steps.push_back({.kind = under_way_.value_or(StepKind::tcp),
                                .outcome = outcome,
                                .elapsed = took,
                                .evidence = std::move(evidence),
                                .cause = std::move(cause)});
  under_way_.reset();
}

void Ladder::pass(std::string evidence) { end(StepOutcome::passed, {}, std::move(evidence)); }

void Ladder::poor(std::string cause, std::string evidence) {
  end(StepOutcome::poor, std::move(cause), std::move(evidence));
}

void Ladder::fail(Observed observed, std::string cause, std::string evidence) {
  observation_.observed = observed;
  observation_.detail = evidence;
  end(StepOutcome::failed, std::move(cause), std::move(evidence));
}

}  // namespace pgpassage::netcheck
