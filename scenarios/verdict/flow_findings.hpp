#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "scenarios/verdict/flows.hpp"

/// What the traces of the required flows mean for the rules.
namespace pgpassage::scenarios {

/// The rule that a hop of a trace speaks about; by the hop's cause where one rule knows it, else by its kind.
/// Empty for a name, which name_findings judges.
std::string_view rule_of(const netcheck::Hop& hop);

/// The numbers of the rules that remedies propose. All of them together must be possible: two rules of one group never
/// get the same number, and the same rule asked for twice gets its number again.
class ProposedRules {
 public:
  /// The highest free number below `bound`; absent when all are taken. `rule` tells what the rule allows.
  std::optional<int> below(int bound, const NetworkSecurityGroup& nsg, Direction direction, const std::string& rule);

 private:
  std::map<std::tuple<std::string, Direction, std::string>, int> numbers_;  // by group, direction and rule
};

/// The values for the remedy of a hop that stops a flow or leaves it undecided.
///
/// A peering that is mended brings addresses into the VirtualNetwork tag, and with them rules that did not match
/// before: an allow rule is proposed above those that deny then, too.
Names remedy_names(const Case& checked, const FlowAssessment& flow, const netcheck::Hop& hop, ProposedRules& proposed);

/// The names of "nsg-runtime/deny-all-out" for a remedy: {nsg}, {rule}, {rule_name}, and the {priority} that a rule
/// above it may take while one is free.
Names names_of_group(const Topology& topology, std::string_view rule_path);

/// For each flow: a finding for each hop that stops it or leaves it undecided; what passed, once per kind of hop; and
/// the flow as a whole when it is open, or when no hop says why it is not.
void judge_flows(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows);

/// "host->source (vm-crossing)" for a host's flow, else the id.
std::string subject_of(const FlowAssessment& flow);

}  // namespace pgpassage::scenarios
