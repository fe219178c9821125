#include "scenarios/verdict/flow_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "netcheck/reach/causes.hpp"
#include "scenarios/verdict/evidence.hpp"
#include "scenarios/verdict/follows.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::Decision;
using netcheck::Hop;
using netcheck::HopKind;
using netcheck::Predicted;
using netcheck::stops;

struct CauseRule {
  std::string_view cause;
  std::string_view rule;
};
constexpr std::array cause_rules{CauseRule{"endpoint-missing", rules::endpoint_missing},
                                 CauseRule{"endpoint-not-approved", rules::endpoint_not_approved},
                                 CauseRule{"virtual-network-rule-missing", rules::virtual_network_rule},
                                 CauseRule{"service-endpoint-missing", rules::service_endpoint}};

std::string_view whole_rule(const Case& checked, const FlowAssessment& flow) {
  return flow.to == checked.source.name ? rules::source_reachable : rules::target_reachable;
}

bool failed(const Findings& findings, std::string_view rule) {
  return std::ranges::any_of(
      findings, [&](const Finding& finding) { return finding.rule->name == rule && finding.status == Status::failed; });
}

/// A fact that the facts have judged already is not told again by each flow that it stops.
bool told(const Findings& findings, const Case& checked, const FlowAssessment& flow, const Hop& hop) {
  const std::string_view rule = rule_of(hop);
  const bool is_fact = std::ranges::find(cause_rules, rule, &CauseRule::rule) != cause_rules.end();
  if (is_fact) return failed(findings, rule);
  return hop.cause == netcheck::cause::destination_is_private && flow.to == checked.source.name &&
         failed(findings, rules::public_address);
}

/// What the finding of a consequence says instead of its own cause and cure.
constexpr const char* follows_from_peering = "follows-from-peering";

/// The flow's hops, with those that deny for want of a peering behind all others: the peering is told first.
struct StoppingHop {
  const Hop* hop = nullptr;
  bool follows = false;
};

std::vector<StoppingHop> stopping_hops(const Case& checked, const FlowAssessment& flow) {
  const std::vector<std::string> consequences = denied_for_want_of_peering(checked, flow);
  std::vector<StoppingHop> hops;
  for (const Hop& hop : flow.trace.hops)
    if (stops(hop))
      hops.push_back({&hop, hop.kind == HopKind::nsg && std::ranges::find(consequences, hop.by) != consequences.end()});
  std::ranges::stable_sort(hops, {}, &StoppingHop::follows);
  return hops;
}

void judge_stopping_hops(Findings& findings, const Case& checked, const FlowAssessment& flow, ProposedRules& proposed) {
  std::set<std::pair<std::string_view, std::string>> seen;
  for (const auto& [stopping, follows] : stopping_hops(checked, flow)) {
    const Hop& hop = *stopping;
    const std::string_view rule = rule_of(hop);
    if (rule.empty() || told(findings, checked, flow, hop) || !seen.emplace(rule, hop.by).second) continue;
    const bool denied = hop.decision == Decision::deny;
    const std::string message =
        fmt::format("{} {} {} on port {}{}{}{}", flow.from, denied ? "cannot reach" : "may not reach", flow.to,
                    flow.port, hop.detail.empty() ? "" : ": ", hop.detail,
                    follows ? "; this follows from the peering that is not Connected" : "");
    judge_always(
        findings, checked, rule, denied ? Outcome::broken : Outcome::undecided,
        {hop.by.empty() ? hop.at : hop.by, message, describe(flow.trace),
         hop.location.known() ? hop.location : find_server(checked.topology, flow.to)->location,
         follows ? Names{} : remedy_names(checked, flow, hop, proposed), follows ? follows_from_peering : hop.cause});
  }
}

void judge_passing_kinds(Findings& findings, const Case& checked, const FlowAssessment& flow) {
  std::map<std::string_view, std::vector<std::string>> passing;
  std::set<std::string_view> stopped;
  for (const Hop& hop : flow.trace.hops) {
    const std::string_view rule = rule_of(hop);
    if (rule.empty()) continue;
    if (stops(hop))
      stopped.insert(rule);
    else
      passing[rule].push_back(describe(hop));
  }
  for (auto& [rule, evidence] : passing) {
    if (stopped.contains(rule)) continue;
    const std::string message =
        fmt::format("Nothing of this kind stops {} on the way to {}, port {}", flow.from, flow.to, flow.port);
    judge_always(findings, checked, rule, Outcome::holds, {subject_of(flow), message, std::move(evidence)});
  }
}

void judge_whole(Findings& findings, const Case& checked, const FlowAssessment& flow) {
  const bool explained = std::ranges::any_of(flow.trace.hops, stops);
  if (flow.trace.predicted == Predicted::allowed) {
    judge_always(findings, checked, whole_rule(checked, flow), Outcome::holds,
                 {subject_of(flow), fmt::format("{} reaches {} on port {}", flow.from, flow.to, flow.port),
                  describe(flow.trace)});
  } else if (!explained) {
    const bool denied = flow.trace.predicted == Predicted::denied;
    judge_always(
        findings, checked, whole_rule(checked, flow), denied ? Outcome::broken : Outcome::undecided,
        {subject_of(flow),
         fmt::format("{} {} {} on port {}", flow.from, denied ? "cannot reach" : "may not reach", flow.to, flow.port),
         describe(flow.trace),
         {},
         {{"from", flow.from}, {"to", flow.to}, {"port", std::to_string(flow.port)}}});
  }
}

struct Absent {
  std::string_view rule;
  std::string_view message;
};
/// What a row may ask for and a way may do without.
constexpr std::array absent_hops{
    Absent{rules::nsg_blocks_flow, "No network security group stands on the way, so none blocks it"},
    Absent{rules::peering_not_connected, "The way stays within one virtual network, which needs no peering"},
    Absent{rules::gateway_not_connected, "The way leaves no virtual network by a gateway, and needs none"},
    Absent{rules::firewall_blocks_flow, "No filter of the far side stands on the way"},
    Absent{rules::route_blocks_flow, "No route of the way is in doubt"}};

/// A requirement of the row that nothing on an open way is about holds, and says so.
void judge_absent_hops(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows) {
  const bool open = !flows.empty() && std::ranges::all_of(flows, [](const FlowAssessment& flow) {
    return flow.trace.predicted == Predicted::allowed;
  });
  if (!open) return;
  for (const Absent& absent : absent_hops)
    if (std::ranges::none_of(findings, [&](const Finding& finding) { return finding.rule->name == absent.rule; }))
      judge(findings, checked, absent.rule, Outcome::holds, {checked.crossing().name, std::string{absent.message}});
}

}  // namespace

std::string_view rule_of(const Hop& hop) {
  for (const CauseRule& entry : cause_rules)
    if (entry.cause == hop.cause) return entry.rule;
  switch (hop.kind) {
    case HopKind::nsg: return rules::nsg_blocks_flow;
    case HopKind::route: return rules::route_blocks_flow;
    case HopKind::peering: return rules::peering_not_connected;
    case HopKind::gateway: return rules::gateway_not_connected;
    case HopKind::appliance: return rules::appliance_drops_flow;
    case HopKind::endpoint: return rules::endpoint_not_reachable;
    case HopKind::firewall: return rules::firewall_blocks_flow;
    case HopKind::name: return {};
  }
  return {};
}

std::string subject_of(const FlowAssessment& flow) {
  return flow.stands_for.empty() ? flow.id : fmt::format("{} ({})", flow.id, flow.from);
}

void judge_flows(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows,
                 ProposedRules& proposed) {
  for (const FlowAssessment& flow : flows) {
    judge_stopping_hops(findings, checked, flow, proposed);
    judge_passing_kinds(findings, checked, flow);
    judge_whole(findings, checked, flow);
  }
  judge_absent_hops(findings, checked, flows);
}

}  // namespace pgpassage::scenarios
