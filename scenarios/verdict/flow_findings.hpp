#pragma once

#include <string>

#include "scenarios/verdict/flows.hpp"
#include "scenarios/verdict/proposed_rules.hpp"

/// What the traces of the required flows mean for the rules.
namespace pgpassage::scenarios {

/// The rule that a hop of a trace speaks about; by the hop's cause where one rule knows it, else by its kind.
/// Empty for a name, which name_findings judges.
std::string_view rule_of(const netcheck::Hop& hop);

/// The values for the remedy of a hop that stops a flow or leaves it undecided.
///
/// A peering that is mended brings addresses into the VirtualNetwork tag, and with them rules that did not match
/// before: an allow rule is proposed above those that deny then, too.
Names remedy_names(const Case& checked, const FlowAssessment& flow, const netcheck::Hop& hop, ProposedRules& proposed);

/// The names of "nsg-runtime/deny-all-out" for a remedy: {nsg}, {rule}, {rule_name}, and the {priority} that a rule
/// above it, which does what `proposal` says, may take while one is free.
Names names_of_group(const Topology& topology, std::string_view rule_path, ProposedRules& proposed,
                     const std::string& proposal);

/// What an allow rule has to name of a place: of a managed server, whose address may change, the subnet; else the
/// address, "10.10.2.4/32"; "<address of orders-source>" when the file does not say it.
std::string prefix_of(const Topology& topology, const netcheck::Place& place);

/// For each flow: a finding for each hop that stops it or leaves it undecided; what passed, once per kind of hop; and
/// the flow as a whole when it is open, or when no hop says why it is not.
void judge_flows(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows,
                 ProposedRules& proposed);

/// "host->source (vm-crossing)" for a host's flow, else the id.
std::string subject_of(const FlowAssessment& flow);

}  // namespace pgpassage::scenarios
