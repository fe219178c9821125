#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "app/report/subject.hpp"
#include "scenarios/verdict/assessment.hpp"

/// The JSON of contract 4, in its key order. What is not known is null; a key is never missing. Pure.
namespace pgpassage::app {

/// The whole document of `check` and of a readiness report, as values and as text.
boost::json::object assessment_json(const scenarios::Assessment& assessment, const Subject& subject);
std::string render_json(const scenarios::Assessment& assessment, const Subject& subject);

/// Flows and names alone, as `probe` prints them.
std::string render_probe_json(const scenarios::Assessment& assessment, const Subject& subject);

/// What every document begins with: schemaVersion, tool, topology.
boost::json::object heading_json(const Subject& subject);

boost::json::object flow_json(const scenarios::FlowAssessment& flow);
boost::json::object name_json(const scenarios::NameAssessment& name);
/// A waived finding has `waiver` as well: owner, reason, expiry, and the status that it would have without.
boost::json::object finding_json(const Finding& finding, const std::string& file, const WaiversUsed& waivers = {});
boost::json::value cite_json(const Cite& cite);

}  // namespace pgpassage::app
