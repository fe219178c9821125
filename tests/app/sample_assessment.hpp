#pragma once

#include <string>

#include "app/report/subject.hpp"
#include "scenarios/verdict/assessment.hpp"

/// Assessments made by hand for the tests of the renderers.
namespace pgpassage::app {

/// The sample's waived finding, and who accepts it.
WaiversUsed sample_waivers();

Subject sample_subject();

/// The networks that the assessments speak of.
Topology sample_topology();
/// The same with so many networks, each peered with the hub, some one-sided, some with long names.
Topology sample_topology(int networks);

/// S11 with one flow that connects, one that an NSG stops, a stand-in's flow, names, and a finding of every status.
scenarios::Assessment not_ready_assessment();

/// The same with every flow allowed and nothing but passed checks.
scenarios::Assessment ready_assessment();

/// Names that try to rule the terminal, forge lines and break the layout.
scenarios::Assessment hostile_assessment();

/// The text of tests/app/golden/`name`; with PGPASSAGE_UPDATE_EXPECTED=1 it is first rewritten with `actual`.
std::string golden(const std::string& name, const std::string& actual);

}  // namespace pgpassage::app
