#include "netcheck/base/probe_step.hpp"

#include <algorithm>

namespace pgpassage::netcheck {

const ProbeStep* weak_step(const ProbeSteps& steps) {
  for (const StepOutcome outcome : {StepOutcome::failed, StepOutcome::poor}) {
    const auto found = std::ranges::find(steps, outcome, &ProbeStep::outcome);
    if (found != steps.end()) return &*found;
  }
  return nullptr;
}

const char* to_string(StepKind value) {
  switch (value) {
    case StepKind::name: return "name";
    case StepKind::route: return "route";
    case StepKind::tcp: return "tcp";
    case StepKind::ssl_request: return "sslRequest";
    case StepKind::tls: return "tls";
    case StepKind::startup: return "startup";
    case StepKind::login: return "login";
    case StepKind::throughput: return "throughput";
    case StepKind::path_mtu: return "pathMtu";
  }
  return "name";
}

const char* to_string(StepOutcome value) {
  switch (value) {
    case StepOutcome::passed: return "passed";
    case StepOutcome::poor: return "poor";
    case StepOutcome::failed: return "failed";
  }
  return "failed";
}

}  // namespace pgpassage::netcheck
