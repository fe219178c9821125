#include <fmt/format.h>

#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "app/report/pipeline_report.hpp"
#include "app/report/references.hpp"
#include "app/report/wording.hpp"

namespace pgpassage::app {
namespace {

/// XML has no way to write most control characters: they are shown as \x1b.
std::string xml_text(std::string_view text) { return printable(text); }

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(xml_text(value).c_str());
}

std::string details_of(const Finding& finding, const Report& report) {
  std::string text;
  const auto line = [&](std::string_view label, std::string_view value) {
    if (!value.empty()) text += fmt::format("{}: {}\n", label, xml_text(value));
  };
  line("rule", finding.rule->title);
  line("found", finding.message);
  line("waived", acceptance_text(finding, report.waivers));
  line("at", place_text(file_of(finding, report.file, report.waivers), finding.location));
  for (const std::string& evidence : finding.evidence) line("evidence", evidence);
  line("remedy", finding.remedy.text);
  line("az", finding.remedy.az_cli);
  line("source", cite_text(cite_of(finding)));
  return text;
}

/// A finding that failed is a failure, one that could not be decided an error: both stop a pipeline. A warning does
/// not.
void add_outcome(pugi::xml_node test, const Finding& finding, const std::string& details) {
  const auto add = [&](const char* kind) {
    pugi::xml_node outcome = test.append_child(kind);
    set(outcome, "message", finding.message);
    set(outcome, "type", fmt::format("{}: {}", finding.rule->id, word_of(finding)));
    return outcome;
  };
  switch (finding.status) {
    case Status::failed: add("failure").text().set(details.c_str()); return;
    case Status::unknown: add("error").text().set(details.c_str()); return;
    case Status::skipped: set(test.append_child("skipped"), "message", finding.message); break;
    case Status::waived: set(test.append_child("skipped"), "message", "waived: " + finding.message); break;
    case Status::passed:
    case Status::warning: break;
  }
  test.append_child("system-out").text().set(details.c_str());
}

struct Counts {
  int tests = 0, failures = 0, errors = 0, skipped = 0;

  void add(Status status) {
    ++tests;
    failures += status == Status::failed ? 1 : 0;
    errors += status == Status::unknown ? 1 : 0;
    skipped += status == Status::skipped || status == Status::waived ? 1 : 0;
  }
  void write(pugi::xml_node node) const {
    node.append_attribute("tests").set_value(tests);
    node.append_attribute("failures").set_value(failures);
    node.append_attribute("errors").set_value(errors);
  }
};

std::string_view kind_of(const Finding& finding) {
  const std::string_view id = finding.rule->id;
  return id.substr(0, id.find_first_of("0123456789"));
}

std::string_view suite_name(std::string_view kind) {
  if (kind == "SCN") return "scenario";
  if (kind == "NET") return "network";
  if (kind == "DNS") return "names";
  if (kind == "LIV") return "live";
  if (kind == "WAV") return "waivers";
  if (kind == "SRV") return "server validation";
  if (kind == "DB") return "database validation";
  return kind.empty() ? "report" : kind;
}

void add_test(pugi::xml_node suite, const Finding& finding, const Report& report) {
  pugi::xml_node test = suite.append_child("testcase");
  set(test, "classname", fmt::format("{}.{}", finding.rule->id, finding.rule->name));
  set(test, "name", (finding.status == Status::warning ? "warning: " : "") + finding.subject);
  test.append_attribute("time").set_value("0");
  add_outcome(test, finding, details_of(finding, report));
}

void add_properties(pugi::xml_node suite, const Document& document) {
  pugi::xml_node properties = suite.append_child("properties");
  const auto add = [&](std::string_view name, std::string_view value) {
    pugi::xml_node property = properties.append_child("property");
    set(property, "name", name);
    set(property, "value", value);
  };
  add("verdict", document.verdict);
  add("sentence", document.sentence);
  for (const Fact& fact : document.facts) add(fact.label, fact.text);
}

void add_counts(pugi::xml_node suite, const std::vector<const Finding*>& findings) {
  Counts counts;
  for (const Finding* finding : findings) counts.add(finding->status);
  counts.write(suite);
  suite.append_attribute("skipped").set_value(counts.skipped);
  suite.append_attribute("time").set_value("0");
}

/// Markdown that came out of ours has no control character but line ends.
void add_sections(pugi::xml_node suite, const Document& document) {
  const std::string text = render_markdown(document, sections_beside_findings(document));
  if (!text.empty()) suite.append_child("system-out").text().set(text.c_str());
}

}  // namespace

std::string render_junit(const Report& report) {
  std::map<std::string_view, std::vector<const Finding*>> suites;  // by the rule's kind
  Counts all;
  for (const Finding& finding : report.findings) {
    suites[kind_of(finding)].push_back(&finding);
    all.add(finding.status);
  }
  pugi::xml_document xml;
  pugi::xml_node declaration = xml.append_child(pugi::node_declaration);
  declaration.append_attribute("version").set_value("1.0");
  declaration.append_attribute("encoding").set_value("UTF-8");
  pugi::xml_node root = xml.append_child("testsuites");
  set(root, "name", "pgpassage " + report.name);
  all.write(root);
  if (suites.empty()) suites[{}];  // the facts need a place all the same
  for (const auto& [kind, findings] : suites) {
    pugi::xml_node suite = root.append_child("testsuite");
    const bool first = kind == suites.begin()->first;
    set(suite, "name", suite_name(kind));
    if (!report.time.empty()) set(suite, "timestamp", report.time);
    if (!report.host.empty()) set(suite, "hostname", report.host);
    add_counts(suite, findings);
    if (first) add_properties(suite, report.document);
    for (const Finding* finding : findings) add_test(suite, *finding, report);
    if (first) add_sections(suite, report.document);
  }
  std::ostringstream text;
  xml.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
  return std::move(text).str();
}

}  // namespace pgpassage::app
