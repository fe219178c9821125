#pragma once

#include <string>
#include <vector>

#include "app/report/document.hpp"

/// A report for the programs of a pipeline. Pure.
namespace pgpassage::app {

/// JUnit XML as Jenkins, GitHub and GitLab read it: a suite per kind of rule, a test case per finding. `failed` is a
/// failure, `unknown` an error, `skipped` and `waived` are skipped, a warning passes and says so in its name. The facts
/// are properties of the first suite; flows, names and whatever else is no finding are its system-out.
std::string render_junit(const Report& report);

/// SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"): one run, one result per finding with its place in
/// the file, and the JSON of the report as properties of the run.
std::string render_sarif(const Report& report);

/// The ids of the document's sections that are not made of findings.
std::vector<std::string> sections_beside_findings(const Document& document);

}  // namespace pgpassage::app
