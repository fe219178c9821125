#include "scenarios/verdict/verdict.hpp"

namespace pgpassage::scenarios {

Summary summary_of(const std::vector<Finding>& findings) {
  Summary summary;
  for (const Finding& finding : findings) {
    switch (finding.status) {
      case Status::passed: ++summary.passed; break;
      case Status::failed: ++summary.failed; break;
      case Status::warning: ++summary.warning; break;
      case Status::unknown: ++summary.unknown; break;
      case Status::skipped: ++summary.skipped; break;
      case Status::waived: ++summary.waived; break;
    }
  }
  return summary;
}

Verdict verdict_of(const Scenario& scenario, const std::vector<Finding>& findings) {
  if (!scenario.supported) return Verdict::unsupported;
  const Summary summary = summary_of(findings);
  if (summary.failed > 0) return Verdict::not_ready;
  return summary.unknown > 0 ? Verdict::inconclusive : Verdict::ready;
}

void conclude(Assessment& assessment) {
  assessment.summary = summary_of(assessment.findings);
  assessment.verdict = verdict_of(assessment.scenario, assessment.findings);
}

}  // namespace pgpassage::scenarios
