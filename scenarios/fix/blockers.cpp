#include <algorithm>
#include <array>

#include "netcheck/reach/causes.hpp"
#include "scenarios/fix/cures.hpp"
#include "scenarios/verdict/flow_findings.hpp"
#include "scenarios/verdict/name_findings.hpp"

namespace pgpassage::scenarios::fix {
namespace {

using netcheck::Decision;
using netcheck::Hop;

/// The rules of which the flows and their names tell more than the findings do.
constexpr std::array told_by_flows{
    rules::nsg_blocks_flow,       rules::route_blocks_flow,    rules::peering_not_connected,
    rules::gateway_not_connected, rules::appliance_drops_flow, rules::endpoint_not_reachable,
    rules::firewall_blocks_flow,  rules::source_name_resolves, rules::target_name_resolves,
    rules::zone_not_linked,       rules::record_missing,       rules::stale_record,
    rules::dns_server_unreachable};

bool told(std::string_view rule) { return std::ranges::find(told_by_flows, rule) != told_by_flows.end(); }

/// Undecided by the file's own settings, not for want of a fact.
bool unsettled(const Hop& hop) {
  return hop.decision == Decision::unknown &&
         (hop.cause == netcheck::cause::peering_access_off || hop.cause == netcheck::cause::asymmetric_return);
}

std::string id_of(std::string_view rule) {
  const CatalogueRule* found = find_rule(rule);
  return found == nullptr ? std::string{} : found->rule.id;
}

/// What the name of this flow alone is found to be; absent when it leads to the server or nobody knows.
std::optional<Finding> name_finding(const Case& checked, const FlowAssessment& flow) {
  Findings findings;
  ProposedRules proposed;
  judge_names(findings, checked, {flow}, proposed);
  const auto failed = std::ranges::find(findings, Status::failed, &Finding::status);
  return failed == findings.end() ? std::nullopt : std::optional{std::move(*failed)};
}

/// Changes that do the same to the file.
bool same_edits(const std::vector<Change>& ones, const std::vector<Change>& others) {
  return std::ranges::equal(ones, others, {}, &Change::edits, &Change::edits);
}

void add(std::vector<Blocker>& blockers, Blocker blocker) {
  const auto same = [&](const Blocker& other) {
    return same_edits(other.cures, blocker.cures) && (!blocker.cures.empty() || other.what == blocker.what);
  };
  if (std::ranges::none_of(blockers, same)) blockers.push_back(std::move(blocker));
}

void add_blockers_of(std::vector<Blocker>& blockers, const Case& checked, const FlowAssessment& flow) {
  const Server& server = flow.to == checked.source.name ? checked.source : checked.target;
  const Destination destination = destination_of(checked, server);
  Way way{checked, start_of(checked.topology, flow), destination.place, flow.port};
  if (destination.due) way.to.address = destination.due;
  const NameOutcome outcome = outcome_of(flow.answer, destination);
  if (outcome != NameOutcome::leads_there && outcome != NameOutcome::unknown) {
    const auto finding = name_finding(checked, flow);
    add(blockers,
        {finding ? finding->rule->id : id_of(rules::source_name_resolves),
         finding ? finding->message : flow.answer.detail, cures_of_name(way, destination, flow.answer, outcome)});
  }
  for (const Hop& hop : flow.trace.hops) {
    if (hop.kind == netcheck::HopKind::name || !(hop.decision == Decision::deny || unsettled(hop))) continue;
    std::string what = flow.from + " -> " + flow.to + ": " + (hop.detail.empty() ? hop.by : hop.detail);
    add(blockers, {id_of(rule_of(hop)), std::move(what), cures_of(way, flow.trace, hop)});
  }
}

}  // namespace

std::vector<Blocker> blockers_of(const Case& checked, const Assessment& assessment) {
  std::vector<Blocker> blockers;
  for (const Finding& finding : assessment.findings)
    if (finding.status == Status::failed && !told(finding.rule->name))
      add(blockers, {finding.rule->id, finding.message, cures_of_fact(checked, finding)});
  for (const FlowAssessment& flow : assessment.flows) add_blockers_of(blockers, checked, flow);
  return blockers;
}

}  // namespace pgpassage::scenarios::fix
