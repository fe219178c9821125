#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "app/report/check_json.hpp"
#include "app/report/json_text.hpp"
#include "app/report/pipeline_report.hpp"
#include "app/report/references.hpp"
#include "app/report/wording.hpp"
#include "app/version.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

constexpr std::string_view schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// RFC 3986: a path as a relative reference, or a file URI when it is absolute.
std::string uri_of(std::string_view path) {
  std::string uri = path.starts_with('/') ? "file://" : "";
  // A colon in the first segment would make it a scheme.
  if (path.substr(0, path.find('/')).find(':') != path.npos) uri = "./";
  for (const char character : path) {
    const auto byte = static_cast<unsigned char>(character);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                       std::string_view{"/-._~:"}.find(character) != std::string_view::npos;
    uri += plain ? std::string(1, character) : fmt::format("%{:02X}", byte);
  }
  return uri;
}

/// Standard input has no address.
json::object artifact_json(const std::string& file) {
  if (file == "-") return {{"description", json::object{{"text", "standard input"}}}};
  return {{"uri", json_string(uri_of(file))}};
}

json::object text_json(std::string_view text) { return {{"text", json_string(text)}}; }

std::string_view level_of(const Finding& finding) {
  switch (finding.status) {
    case Status::failed:
    case Status::waived:
      return finding.rule->severity == Severity::error     ? "error"
             : finding.rule->severity == Severity::warning ? "warning"
                                                           : "note";
    case Status::warning: return "warning";
    default: return "none";  // section 3.27.10: whatever is no failure
  }
}

std::string_view kind_of(Status status) {
  switch (status) {
    case Status::passed: return "pass";
    case Status::unknown: return "open";
    case Status::skipped: return "notApplicable";
    default: return "fail";
  }
}

std::string_view default_level(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

json::object rule_json(const Rule& rule) {
  json::object object{{"id", json_string(rule.id)}, {"name", json_string(rule.name)}};
  if (!rule.title.empty()) object["shortDescription"] = text_json(rule.title);
  if (!rule.description.empty()) object["fullDescription"] = text_json(rule.description);
  object["help"] = text_json(
      fmt::format("{}\nSource: {}", rule.description.empty() ? rule.title : rule.description, cite_text(rule.cite)));
  object["defaultConfiguration"] = json::object{{"level", default_level(rule.severity)}};
  object["properties"] =
      json::object{{"documented", json_string_or_null(rule.documented)}, {"cite", cite_json(rule.cite)}};
  return object;
}

json::object place_json(const Finding& finding, const std::string& file) {
  json::object location;
  if (finding.location.known())
    location["physicalLocation"] = json::object{
        {"artifactLocation", artifact_json(file)},
        {"region", json::object{{"startLine", finding.location.line}, {"startColumn", finding.location.column}}}};
  location["logicalLocations"] = json::array{json::object{{"fullyQualifiedName", json_string(finding.subject)}}};
  return location;
}

std::string message_of(const Finding& finding) {
  return finding.message.empty() ? finding.rule->title + ": " + finding.subject : finding.message;
}

json::object suppression_json(const Finding& finding, const WaiversUsed& waivers) {
  json::object suppression{{"kind", "external"}, {"status", "accepted"}};
  if (const auto* acceptance = acceptance_of(finding, waivers)) {
    suppression["justification"] = json_string("Waived " + acceptance_text(*acceptance, waivers));
    suppression["properties"] = acceptance_json(*acceptance, waivers);
  }
  return suppression;
}

json::object result_json(const Finding& finding, std::size_t rule_index, const Report& report) {
  const std::string& file = file_of(finding, report.file, report.waivers);
  json::object object{
      {"ruleId", json_string(finding.rule->id)},
      {"ruleIndex", rule_index},
      {"kind", kind_of(finding.status)},
      {"level", level_of(finding)},
      {"message", text_json(message_of(finding))},
      {"locations", json::array{place_json(finding, file)}},
      {"partialFingerprints",
       json::object{{"ruleAndSubject/v1", json_string(fmt::format("{} {}", finding.rule->id, finding.subject))}}}};
  if (finding.status == Status::waived) object["suppressions"] = json::array{suppression_json(finding, report.waivers)};
  json::object properties = finding_json(finding, file, report.waivers);
  for (const char* told : {"id", "message", "location"}) properties.erase(told);
  object["properties"] = std::move(properties);
  return object;
}

json::object run_properties(const Report& report) {
  json::object properties = report.json;
  properties.erase("checks");
  properties["sentence"] = json_string(report.document.sentence);
  return properties;
}

json::object input_json(const std::string& file, std::string_view role, const std::string& sha256) {
  return {{"location", artifact_json(file)},
          {"roles", json::array{json_string(role)}},
          {"hashes", json::object{{"sha-256", json_string(sha256)}}}};
}

json::array artifacts_json(const Report& report) {
  json::array artifacts;
  if (!report.file.empty()) artifacts.push_back(input_json(report.file, "analysisTarget", report.sha256));
  const WaiversUsed& waivers = report.waivers;
  if (!waivers.file.empty()) artifacts.push_back(input_json(waivers.file, "referencedOnCommandLine", waivers.sha256));
  return artifacts;
}

json::object invocation_json(const Report& report) {
  json::object invocation{{"executionSuccessful", true}};
  if (!report.time.empty()) invocation["endTimeUtc"] = json_string(report.time);
  if (!report.host.empty()) invocation["machine"] = json_string(report.host);
  return invocation;
}

}  // namespace

std::vector<std::string> sections_beside_findings(const Document& document) {
  std::vector<std::string> ids;
  for (const Section& section : document.sections)
    if (!section.of_findings) ids.push_back(section.id);
  return ids;
}

std::string render_sarif(const Report& report) {
  std::map<std::string_view, std::size_t> index_of;  // by the rule's id
  json::array rules;
  json::array results;
  for (const Finding& finding : report.findings) {
    const auto [known, added] = index_of.emplace(finding.rule->id, rules.size());
    if (added) rules.push_back(rule_json(*finding.rule));
    results.push_back(result_json(finding, known->second, report));
  }
  json::object driver{{"name", "pgpassage"}, {"version", json_string(version)}, {"rules", std::move(rules)}};
  json::object run{{"tool", json::object{{"driver", std::move(driver)}}},
                   {"automationDetails", json::object{{"id", json_string("pgpassage/" + report.name + "/")}}},
                   {"invocations", json::array{invocation_json(report)}},
                   {"artifacts", artifacts_json(report)},
                   {"columnKind", "unicodeCodePoints"},
                   {"results", std::move(results)},
                   {"properties", run_properties(report)}};
  return json_text(json::object{{"$schema", schema}, {"version", "2.1.0"}, {"runs", json::array{std::move(run)}}});
}

}  // namespace pgpassage::app
