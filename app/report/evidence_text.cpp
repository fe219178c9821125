#include "app/report/evidence_text.hpp"

#include <fmt/format.h>

#include "scenarios/verdict/evidence.hpp"

namespace pgpassage::app {
namespace {

using netcheck::Decision;
using netcheck::Hop;
using netcheck::Leg;

std::string in_short(const Hop& hop) {
  std::string text = hop.by.empty() ? hop.at : hop.by;
  if (hop.location.known()) text += fmt::format(" ({})", hop.location.line);
  if (hop.decision == Decision::deny) return "STOPS: " + text;
  return hop.decision == Decision::unknown ? "UNKNOWN: " + text : text;
}

}  // namespace

DescribedHops described_hops(const scenarios::Assessment& assessment) {
  DescribedHops hops;
  for (const scenarios::FlowAssessment& flow : assessment.flows)
    for (const Hop& hop : flow.trace.hops) hops.emplace(scenarios::describe(hop), &hop);  // the first of equals
  return hops;
}

BriefEvidence brief_evidence(const Finding& finding, const DescribedHops& hops) {
  BriefEvidence brief;
  Leg leg = Leg::there;
  for (const std::string& line : finding.evidence) {
    const auto found = hops.find(line);
    if (found == hops.end()) {
      brief.seen.push_back(line);
      continue;
    }
    const Hop* hop = found->second;
    if (!brief.path.empty()) brief.path += hop->leg == leg ? " > " : "; back: ";
    leg = hop->leg;
    brief.path += in_short(*hop);
  }
  return brief;
}

}  // namespace pgpassage::app
