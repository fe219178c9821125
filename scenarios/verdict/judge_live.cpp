#include <fmt/format.h>

#include <algorithm>

#include "scenarios/verdict/assessment.hpp"
#include "scenarios/verdict/case_of.hpp"
#include "scenarios/verdict/diagnosis.hpp"
#include "scenarios/verdict/live_findings.hpp"
#include "scenarios/verdict/verdict.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::Observation;
using netcheck::Observed;

Observation observation_of(const LiveResults& live, const FlowAssessment& flow) {
  for (const LiveResults::Flow& result : live.flows)
    if (result.id == flow.id && result.from == flow.from) return result.observation;
  return {};
}

std::optional<dns::Lookup> lookup_of(const LiveResults& live, const NameAssessment& name) {
  for (const LiveResults::Name& result : live.names)
    if (result.name == name.name && result.from == name.from) return result.lookup;
  return std::nullopt;
}

/// A host in the role's own VNet, which has the role's DNS, is evidence for the role (contract 6.12).
bool beside(const Topology& topology, std::string_view host_name, std::string_view role_name) {
  const Host* host = find_host(topology, host_name);
  const Server* role = find_server(topology, role_name);
  return host && role && !host->virtual_network.empty() && host->virtual_network == role->virtual_network;
}

std::string standing(std::string_view host, std::string_view role) {
  return fmt::format("{}, standing for {}", host, role);
}

/// The stand-in's own subnet NSG must not speak for the role: its result counts where the paper says the same of both.
void borrow_observations(const Topology& topology, std::vector<FlowAssessment>& flows) {
  for (FlowAssessment& flow : flows) {
    if (!flow.stands_for.empty() || flow.observation.observed != Observed::not_probed) continue;
    for (const FlowAssessment& other : flows) {
      const bool probed = other.observation.observed != Observed::not_probed;
      const bool speaks =
          other.observation.observed == Observed::connected || other.trace.predicted == flow.trace.predicted;
      if (!probed || !speaks || other.stands_for != flow.from || other.to != flow.to) continue;
      if (!beside(topology, other.from, flow.from)) continue;
      flow.observation = other.observation;
      flow.observation.from = standing(other.from, flow.from);
      break;
    }
  }
}

void borrow_lookups(const Topology& topology, std::vector<NameAssessment>& names) {
  for (NameAssessment& name : names) {
    if (!name.stands_for.empty() || name.observed) continue;
    for (const NameAssessment& other : names)
      if (other.observed && other.stands_for == name.from && other.name == name.name &&
          beside(topology, other.from, name.from))
        name.observed = other.observed;
  }
}

/// What was said about live probes before: all of it but the logins, which no check tests.
void forget_live(Findings& findings) {
  std::erase_if(findings, [](const Finding& finding) {
    return finding.rule->id.starts_with("LIV") && finding.rule->name != rules::live_login;
  });
}

}  // namespace

Assessment judge_live(const Topology& topology, Assessment assessment, const LiveResults& live) {
  const Result<Case> checked = case_of(topology, assessment.edition);
  if (!checked || !assessment.scenario.supported) return assessment;
  for (FlowAssessment& flow : assessment.flows) {
    const Server& to = flow.to == checked->source.name ? checked->source : checked->target;
    const std::optional<dns::Lookup> lookup = lookup_of(live, {.name = dns::name_of(to), .from = flow.from});
    flow.observation = judged_by(destination_of(*checked, to), observation_of(live, flow), lookup ? &*lookup : nullptr);
    if (!flow.stands_for.empty() && flow.observation.observed != Observed::not_probed)
      flow.observation.from = standing(flow.from, flow.stands_for);
  }
  for (NameAssessment& name : assessment.names) name.observed = lookup_of(live, name);
  assessment.places = live.places;
  borrow_observations(topology, assessment.flows);
  borrow_lookups(topology, assessment.names);
  for (NameAssessment& name : assessment.names) name.strays = strays_of(*checked, name);
  for (FlowAssessment& flow : assessment.flows) flow.diagnosis = diagnosis_of(flow);
  forget_live(assessment.findings);
  judge_observations(assessment.findings, *checked, assessment.flows, assessment.names);
  conclude(assessment);
  return assessment;
}

}  // namespace pgpassage::scenarios
