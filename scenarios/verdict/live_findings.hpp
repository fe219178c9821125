#pragma once

#include "scenarios/verdict/case.hpp"
#include "scenarios/verdict/flows.hpp"

/// What live probes mean for the rules LIVnnn.
namespace pgpassage::scenarios {

/// One finding per flow and name, `skipped`: nothing was asked live.
void skip_live(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows,
               const std::vector<NameAssessment>& names);

/// Compares the observation of every flow, and the lookup of every name, with the paper.
void judge_observations(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows,
                        const std::vector<NameAssessment>& names);

/// The addresses of the name's lookup that lead elsewhere than the scenario means.
std::vector<IpAddress> strays_of(const Case& checked, const NameAssessment& name);

/// What a connection really says: one to another address than the one due is `wrong_address`.
netcheck::Observed observed_of(const Destination& destination, const netcheck::Observation& observation);

/// The same of a flow whose name leads to other addresses as well: it connected this time, and the next connection may
/// go elsewhere. `lookup` is null when the name was not asked from there.
netcheck::Observation judged_by(const Destination& destination, netcheck::Observation observation,
                                const dns::Lookup* lookup);

/// The observation of a role's flow was made by a host that stands for the role.
bool made_by_stand_in(const FlowAssessment& flow);

}  // namespace pgpassage::scenarios
