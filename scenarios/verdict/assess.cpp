#include "scenarios/verdict/assessment.hpp"
#include "scenarios/verdict/case_of.hpp"
#include "scenarios/verdict/facts.hpp"
#include "scenarios/verdict/flow_findings.hpp"
#include "scenarios/verdict/lint.hpp"
#include "scenarios/verdict/live_findings.hpp"
#include "scenarios/verdict/name_findings.hpp"
#include "scenarios/verdict/verdict.hpp"

namespace pgpassage::scenarios {
namespace {

/// Without the runtime server that the row needs there is no place from which a flow could start.
bool has_place(const Case& checked) { return checked.row->path == Path::direct || checked.runtime; }

void judge_supported(Assessment& assessment, const Case& checked, ProposedRules& proposed) {
  Findings& findings = assessment.findings;
  judge_runtime_server(findings, checked);
  judge_subnets(findings, checked);
  judge_delegated_subnets(findings, checked, proposed);
  judge_endpoints(findings, checked);
  judge_source(findings, checked, proposed);
  judge_single_server(findings, checked);
  judge_zones(findings, checked);
  if (has_place(checked)) {
    assessment.flows = required_flows(checked);
    assessment.names = names_of(assessment.flows);
  }
  judge_names(findings, checked, assessment.flows, proposed);
  judge_dns_customs(findings, checked, assessment.flows);
  judge_platform_dns(findings, checked, assessment.flows);
  judge_flows(findings, checked, assessment.flows, proposed);
  judge_reminders(findings, checked);
  skip_live(findings, checked, assessment.flows, assessment.names);
}

}  // namespace

Result<Assessment> assess(const Topology& topology, std::string_view edition) {
  const Result<Case> checked = case_of(topology, edition);
  if (!checked) return tl::unexpected(checked.error());
  Assessment assessment;
  assessment.edition = checked->edition.id;
  assessment.edition_overridden = !topology.edition.empty() && topology.edition != checked->edition.id;
  assessment.scenario = scenario_of(*checked);
  judge_scenario(assessment.findings, *checked);
  judge_servers(assessment.findings, *checked);
  ProposedRules proposed;
  if (assessment.scenario.supported) judge_supported(assessment, *checked, proposed);
  judge_lint(assessment.findings, *checked, assessment.flows, proposed);
  conclude(assessment);
  return assessment;
}

}  // namespace pgpassage::scenarios
