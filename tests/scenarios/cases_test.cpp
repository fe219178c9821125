// Whole-file cases: every tests/cases/<rule>/<what-happens>.yaml is judged on paper and compared with the compact
// expectation beside it, <what-happens>.expected.json. PGPASSAGE_UPDATE_EXPECTED=1 rewrites the expectations.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "netcheck/topology/reader.hpp"
#include "scenarios/matrix/matrix.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::scenarios {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> case_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator{PGPASSAGE_SOURCE_DIR "/tests/cases"})
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

json::object flow_json(const FlowAssessment& flow) {
  json::object result{{"id", flow.id}, {"from", flow.from}, {"predicted", to_string(flow.trace.predicted)}};
  json::array causes;
  for (const netcheck::Hop& hop : flow.trace.hops)
    if (stops(hop)) causes.emplace_back(hop.at + ": " + hop.cause);
  if (!causes.empty()) result.emplace("causes", std::move(causes));
  return result;
}

/// What is not simply in order: what failed, warned, or could not be decided.
json::object finding_json(const Finding& finding) {
  json::object result{{"rule", finding.rule->id + " " + finding.rule->name},
                      {"status", to_string(finding.status)},
                      {"subject", finding.subject},
                      {"line", finding.location.line}};
  if (!finding.remedy.az_cli.empty()) result.emplace("azCli", finding.remedy.az_cli);
  return result;
}

json::object summary_json(const Assessment& assessment) {
  json::object result{{"verdict", to_string(assessment.verdict)}, {"scenario", assessment.scenario.id}};
  json::array flows;
  for (const FlowAssessment& flow : assessment.flows) flows.push_back(flow_json(flow));
  json::array findings;
  for (const Finding& finding : assessment.findings)
    if (finding.status != Status::passed && finding.status != Status::skipped)
      findings.push_back(finding_json(finding));
  result.emplace("flows", std::move(flows));
  result.emplace("findings", std::move(findings));
  return result;
}

/// One member a line, so that a changed expectation is read as a diff.
void print(std::ostream& out, const json::value& value, const std::string& indent = "") {
  const auto list = [&](char open, char close, const auto& items, const auto& item) {
    out << open;
    const char* separator = "\n";
    for (const auto& entry : items) {
      out << separator << indent << "  ";
      item(entry);
      separator = ",\n";
    }
    if (!items.empty()) out << '\n' << indent;
    out << close;
  };
  if (value.is_array()) {
    list('[', ']', value.get_array(), [&](const json::value& entry) { print(out, entry, indent + "  "); });
  } else if (value.is_object()) {
    list('{', '}', value.get_object(), [&](const json::key_value_pair& entry) {
      out << json::value(entry.key()) << ": ";
      print(out, entry.value(), indent + "  ");
    });
  } else {
    out << value;
  }
}

/// Every hop says where it is decided, and why in a word that its decision may have.
void expect_explained(const netcheck::Hop& hop) {
  static const std::string stopping = read(PGPASSAGE_SOURCE_DIR "/netcheck/reach/causes.hpp");
  static const std::string passing = read(PGPASSAGE_SOURCE_DIR "/netcheck/reach/passes.hpp");
  EXPECT_TRUE(hop.location.known()) << hop.at << " by " << hop.by;
  EXPECT_FALSE(hop.cause.empty()) << hop.at << " by " << hop.by;
  if (hop.kind == netcheck::HopKind::name && stops(hop)) return;  // dns/zones has causes of its own
  const std::string& known = stops(hop) ? stopping : passing;
  EXPECT_NE(known.find('"' + hop.cause + '"'), std::string::npos) << hop.cause;
}

/// All rules that the cures of one run propose can be made: no two have one number in one group and direction.
void expect_possible_together(const std::vector<Finding>& findings) {
  const std::regex rule{R"re(nsg rule create .*--nsg-name (\S+) .*--priority (\d+) --direction (\w+))re"};
  std::map<std::string, std::string> commands;
  for (const Finding& finding : findings) {
    std::smatch match;
    if (!std::regex_search(finding.remedy.az_cli, match, rule)) continue;
    const auto [other, first] =
        commands.emplace(match[1].str() + ' ' + match[2].str() + ' ' + match[3].str(), finding.remedy.az_cli);
    EXPECT_TRUE(first || other->second == finding.remedy.az_cli) << other->second << '\n' << finding.remedy.az_cli;
  }
}

class WholeFileCase : public testing::TestWithParam<fs::path> {};

TEST_P(WholeFileCase, IsJudgedAsExpected) {
  const auto topology = read_topology(read(GetParam()));
  ASSERT_TRUE(topology) << topology.error().front().location.line << ": " << topology.error().front().message;
  const std::string edition = topology->edition.empty() ? std::string{default_edition} : topology->edition;
  const auto assessment = assess(*topology, edition);
  ASSERT_TRUE(assessment) << assessment.error().message;
  for (const FlowAssessment& flow : assessment->flows) std::ranges::for_each(flow.trace.hops, expect_explained);
  expect_possible_together(assessment->findings);
  std::stringstream judged;
  print(judged, summary_json(*assessment));
  judged << '\n';
  fs::path expected = GetParam();
  expected.replace_extension(".expected.json");
  if (std::getenv("PGPASSAGE_UPDATE_EXPECTED")) std::ofstream{expected} << judged.str();
  EXPECT_EQ(judged.str(), read(expected));
}

INSTANTIATE_TEST_SUITE_P(Cases, WholeFileCase, testing::ValuesIn(case_files()), [](const auto& test) {
  std::string name = test.param.parent_path().filename().string() + "_" + test.param.stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace pgpassage::scenarios
