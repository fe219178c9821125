#pragma once

#include "scenarios/verdict/flows.hpp"

/// What the traces of the required flows mean for the rules.
namespace pgpassage::scenarios {

/// The rule that a hop of a trace speaks about; by the hop's cause where one rule knows it, else by its kind.
/// Empty for a name, which name_findings judges.
std::string_view rule_of(const netcheck::Hop& hop);

/// The values for the remedy of a hop that stops a flow or leaves it undecided.
Names remedy_names(const Case& checked, const FlowAssessment& flow, const netcheck::Hop& hop);

/// For each flow: a finding for each hop that stops it or leaves it undecided; what passed, once per kind of hop; and
/// the flow as a whole when it is open, or when no hop says why it is not.
void judge_flows(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows);

/// "host->source (vm-crossing)" for a host's flow, else the id.
std::string subject_of(const FlowAssessment& flow);

}  // namespace pgpassage::scenarios
