#include "app/report/evidence_text.hpp"

#include <fmt/format.h>

#include "scenarios/verdict/evidence.hpp"

namespace pgpassage::app {
namespace {

using netcheck::Decision;
using netcheck::Hop;
using netcheck::Leg;

const Hop* hop_described_by(const std::string& line, const scenarios::Assessment& assessment) {
  for (const scenarios::FlowAssessment& flow : assessment.flows)
    for (const Hop& hop : flow.trace.hops)
      if (scenarios::describe(hop) == line) return &hop;
  return nullptr;
}

std::string in_short(const Hop& hop) {
  std::string text = hop.by.empty() ? hop.at : hop.by;
  if (hop.location.known()) text += fmt::format(" ({})", hop.location.line);
  if (hop.decision == Decision::deny) return "STOPS: " + text;
  return hop.decision == Decision::unknown ? "UNKNOWN: " + text : text;
}

}  // namespace

BriefEvidence brief_evidence(const Finding& finding, const scenarios::Assessment& assessment) {
  BriefEvidence brief;
  Leg leg = Leg::there;
  for (const std::string& line : finding.evidence) {
    const Hop* hop = hop_described_by(line, assessment);
    if (hop == nullptr) {
      brief.seen.push_back(line);
      continue;
    }
    if (!brief.path.empty()) brief.path += hop->leg == leg ? " > " : "; back: ";
    leg = hop->leg;
    brief.path += in_short(*hop);
  }
  return brief;
}

}  // namespace pgpassage::app
