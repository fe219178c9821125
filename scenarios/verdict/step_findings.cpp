#include "scenarios/verdict/step_findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/verdict/evidence.hpp"
#include "scenarios/verdict/flow_findings.hpp"
#include "scenarios/verdict/live_findings.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::ProbeStep;
using netcheck::StepKind;
using netcheck::StepOutcome;

Statement statement(const FlowAssessment& flow, const ProbeStep& step, std::string message) {
  const Names names{{"from", flow.from}, {"to", flow.to}, {"port", std::to_string(flow.port)}};
  return {subject_of(flow), std::move(message), {describe(step)}, {}, names, step.cause};
}

void judge_session(Findings& findings, const Case& checked, const FlowAssessment& flow, const ProbeStep& step) {
  if (step.outcome != StepOutcome::failed)
    return judge_always(findings, checked, rules::live_session_starts, Outcome::holds,
                        statement(flow, step, fmt::format("{} lets a session from {} begin", flow.to, flow.from)));
  if (made_by_stand_in(flow))
    return judge_always(findings, checked, rules::live_session_starts, Outcome::replaced,
                        statement(flow, step,
                                  fmt::format("A stand-in's session was refused by {}; whether one of {} would be, its "
                                              "own address decides",
                                              flow.to, flow.from)));
  judge_always(findings, checked, rules::live_session_starts, Outcome::broken,
               statement(flow, step, fmt::format("{} refuses the session that {} begins", flow.to, flow.from)));
}

}  // namespace

void judge_steps(Findings& findings, const Case& checked, const FlowAssessment& flow) {
  const netcheck::ProbeSteps& steps = flow.observation.steps;
  const auto session = std::ranges::find(steps, StepKind::startup, &ProbeStep::kind);
  if (session != steps.end()) judge_session(findings, checked, flow, *session);
  const auto poor = std::ranges::find(steps, StepOutcome::poor, &ProbeStep::outcome);
  if (poor != steps.end())
    judge_always(findings, checked, rules::live_path_carries_well, Outcome::broken,
                 statement(flow, *poor,
                           fmt::format("{} reaches {}, and not well ({})", flow.from, flow.to,
                                       netcheck::to_string(poor->kind))));
}

}  // namespace pgpassage::scenarios
