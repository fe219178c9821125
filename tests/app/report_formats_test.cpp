#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/report/formats.hpp"
#include "app/report/pipeline_report.hpp"
#include "app/report/readiness_report.hpp"
#include "app/report/text_style.hpp"
#include "app/version.hpp"
#include "report_reader.hpp"
#include "sample_assessment.hpp"

namespace pgpassage::app {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

Provenance sample_provenance() {
  return {"2025-02-07T10:00:00Z",
          "audit-host",
          "auditor",
          {{"topology", "contoso.yaml", std::string(64, 'a')}, {"waivers", "waivers.yaml", std::string(64, 'b')}},
          "2025-02",
          {"--edition 2025-02", "--time-limit 10"},
          probes_of(not_ready_assessment())};
}

Report sample_report() {
  return readiness_report(not_ready_assessment(), sample_subject(), sample_topology(), sample_provenance());
}

std::vector<std::string> facts_of(const scenarios::Assessment& assessment) {
  std::vector<std::string> facts{assessment.edition, assessment.scenario.title, assessment.scenario.cite.document};
  for (const scenarios::FlowAssessment& flow : assessment.flows) {
    facts.insert(facts.end(), {flow.id, flow.from, flow.to, to_string(flow.trace.predicted)});
    facts.push_back(flow.observation.detail);
    for (const netcheck::Hop& hop : flow.trace.hops)
      facts.insert(facts.end(), {hop.at, hop.by, hop.detail, to_string(hop.kind), to_string(hop.decision)});
  }
  for (const scenarios::NameAssessment& name : assessment.names) {
    facts.insert(facts.end(), {name.name, name.from, name.predicted.by, name.predicted.detail});
    for (const IpAddress& address : name.predicted.addresses) facts.push_back(address.to_string());
    if (name.observed) facts.push_back(name.observed->server);
  }
  for (const Finding& finding : assessment.findings) {
    facts.insert(facts.end(), {finding.rule->id, finding.rule->name, finding.subject, finding.message});
    facts.insert(facts.end(), {finding.remedy.text, finding.remedy.az_cli});
    facts.insert(facts.end(), finding.evidence.begin(), finding.evidence.end());
    if (finding.location.known()) facts.push_back(std::to_string(finding.location.line));
    facts.push_back(finding.cite == Cite{} ? finding.rule->cite.document : finding.cite.document);
  }
  return facts;
}

std::vector<std::string> facts_of(const WaiversUsed& waivers) {
  std::vector<std::string> facts{waivers.file, waivers.sha256};
  for (const auto& [waiver, was] : waivers.accepted)
    facts.insert(facts.end(), {waiver.owner, waiver.reason, scenarios::to_string(waiver.expiry), to_string(was)});
  return facts;
}

std::vector<std::string> facts_of(const Provenance& provenance) {
  std::vector<std::string> facts{provenance.time,      provenance.host,     provenance.account,
                                 std::string{version}, std::string{commit}, std::string{build}};
  for (const Input& input : provenance.inputs) facts.insert(facts.end(), {input.file, input.sha256});
  facts.insert(facts.end(), provenance.options.begin(), provenance.options.end());
  for (const Fact& probe : provenance.probes) facts.insert(facts.end(), {probe.label, probe.text});
  return facts;
}

class ReportFormat : public testing::TestWithParam<Format> {};

TEST_P(ReportFormat, HasEveryFactOfTheAssessment) {
  const scenarios::Assessment assessment = not_ready_assessment();
  const std::string seen = seen_by_reader(
      readiness_report(assessment, sample_subject(), sample_topology(), sample_provenance()), GetParam());
  for (const std::string& fact : facts_of(assessment)) EXPECT_THAT(seen, HasSubstr(fact));
  for (const std::string& fact : facts_of(sample_provenance())) EXPECT_THAT(seen, HasSubstr(fact));
  for (const std::string& fact : facts_of(sample_subject().waivers)) EXPECT_THAT(seen, HasSubstr(fact));
  EXPECT_THAT(seen, HasSubstr(sample_subject().sha256));
  if (GetParam() != Format::json) {
    EXPECT_THAT(seen, HasSubstr("orders-to-flexible cannot cross this network as it stands."));
  }
}

/// A text that could end or begin markup in any format, in every place where a file or a server can put one.
std::string hostile_text() {
  return "<script>alert(1)</script>]]>--> \"'&amp; `|*_[x](y)\\ \x01\x1b[31m\n# \xe2\x80\xae " +
         std::string(10'000, 'n') + "end";
}

Report hostile_report() {
  scenarios::Assessment assessment = hostile_assessment();
  const std::string hostile = hostile_text();
  for (Finding& finding : assessment.findings) finding.subject = finding.message = finding.remedy.az_cli = hostile;
  for (scenarios::FlowAssessment& flow : assessment.flows) flow.id = flow.from = hostile;
  for (scenarios::NameAssessment& name : assessment.names) name.name = hostile;
  Subject subject = sample_subject();
  subject.file = subject.topology = subject.migration = subject.source = hostile;
  subject.waivers.file = hostile;
  for (auto& acceptance : subject.waivers.accepted) {
    scenarios::Waiver& waiver = acceptance.waiver;
    waiver.subject = waiver.owner = waiver.reason = hostile;
  }
  return readiness_report(assessment, subject, sample_topology(), sample_provenance());
}

TEST_P(ReportFormat, LosesNothingOfAHostileName) {
  // SARIF is JSON, which has a way to write every character; the others show the ones that a terminal obeys.
  const std::string expected =
      GetParam() == Format::sarif || GetParam() == Format::json ? hostile_text() : printable(hostile_text());
  const std::string seen = seen_by_reader(hostile_report(), GetParam());
  EXPECT_THAT(seen, HasSubstr(expected));
}

TEST_P(ReportFormat, IsTheSameForTheSameInput) {
  EXPECT_EQ(render_report(sample_report(), GetParam()), render_report(sample_report(), GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, ReportFormat,
                         testing::Values(Format::json, Format::markdown, Format::html, Format::junit, Format::sarif),
                         [](const auto& test) {
                           return test.param == Format::markdown ? "Markdown"
                                  : test.param == Format::json   ? "Json"
                                  : test.param == Format::html   ? "Html"
                                  : test.param == Format::junit  ? "JUnit"
                                                                 : "Sarif";
                         });

TEST(MarkdownReport, IsTheGoldenFile) {
  std::string text = render_report(sample_report(), Format::markdown);
  text = replaced(std::move(text), replaced(std::string{build}, "_", "\\_"),
                  "how it was built");  // differs from preset to preset
  text = replaced(std::move(text), "**Commit:** " + std::string{built_from()}, "**Commit:** what it was built from");
  EXPECT_EQ(text, golden("report-not-ready.md", text));
}

TEST(MarkdownReport, LetsNoMarkupOutOfAName) {
  const std::string text = render_report(hostile_report(), Format::markdown);
  EXPECT_THAT(text, Not(HasSubstr("<script>\n")));
  std::size_t fences = 0;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = text.find('\n', start);
    const std::string line = text.substr(start, end - start);
    if (line.starts_with("  ```")) ++fences;
    // Between fences a name may stand as it is; elsewhere no tag begins and no heading but ours.
    if (fences % 2 == 0) {
      EXPECT_THAT(line, Not(HasSubstr("<")));
      EXPECT_THAT(line, Not(testing::MatchesRegex("# \\\\\\\\u202e.*")));
    }
    start = end + 1;
  }
  EXPECT_GT(fences, 0U);
  EXPECT_EQ(fences % 2, 0U);
}

std::vector<std::string> element_names(const pugi::xml_document& html) {
  std::vector<std::string> names;
  for (const pugi::xpath_node node : html.select_nodes("//*")) names.emplace_back(node.node().name());
  return names;
}

TEST(HtmlReport, HasTheSameElementsWhateverTheNames) {
  scenarios::Assessment plain = hostile_assessment();
  scenarios::Assessment hostile = plain;
  for (Finding& finding : plain.findings) finding.subject = finding.message = "x";
  for (Finding& finding : hostile.findings) finding.subject = finding.message = hostile_text();
  const std::string expected =
      render_report(readiness_report(plain, sample_subject(), sample_topology(), sample_provenance()), Format::html);
  const std::string actual =
      render_report(readiness_report(hostile, sample_subject(), sample_topology(), sample_provenance()), Format::html);
  EXPECT_EQ(element_names(xml_of(actual)), element_names(xml_of(expected)));
}

TEST(HtmlReport, NeedsNothingElse) {
  const pugi::xml_document html = xml_of(render_report(sample_report(), Format::html));
  EXPECT_TRUE(html.select_nodes("//script | //link | //img | //iframe | //object | //form").empty());
  EXPECT_TRUE(html.select_nodes("//@src | //@*[starts-with(name(), 'on')]").empty());
  const std::string css = html.select_node("//style").node().text().get();
  EXPECT_THAT(css, Not(HasSubstr("url(")));
  EXPECT_THAT(css, Not(HasSubstr("@import")));
}

TEST(HtmlReport, CanBeReadWithoutSeeingIt) {
  const pugi::xml_document html = xml_of(render_report(sample_report(), Format::html));
  EXPECT_STREQ(html.child("html").attribute("lang").value(), "en");
  for (const char* landmark : {"//header", "//nav[@aria-label]", "//main"})
    EXPECT_EQ(html.select_nodes(landmark).size(), 1U) << landmark;
  EXPECT_TRUE(html.select_nodes("//table[not(caption)] | //thead//th[not(@scope)]").empty());
  for (const pugi::xpath_node link : html.select_nodes("//a[@href]")) {
    const std::string id = link.node().attribute("href").value() + 1;
    EXPECT_EQ(html.select_nodes(("//*[@id='" + id + "']").c_str()).size(), 1U) << id;
  }
}

TEST(JUnitReport, CountsWhatStopsAPipeline) {
  const pugi::xml_document xml = xml_of(render_junit(sample_report()));
  const pugi::xml_node root = xml.child("testsuites");
  EXPECT_EQ(root.attribute("tests").as_int(), 6);
  EXPECT_EQ(root.attribute("failures").as_int(), 1);
  EXPECT_EQ(root.attribute("errors").as_int(), 1);
  EXPECT_EQ(xml.select_nodes("//testcase").size(), 6U);
  EXPECT_EQ(xml.select_nodes("//failure").size(), 1U);
  EXPECT_EQ(xml.select_nodes("//error").size(), 1U);
  EXPECT_EQ(xml.select_nodes("//skipped").size(), 2U);  // one skipped, one waived
  const pugi::xml_node failed = xml.select_node("//testcase[failure]").node();
  EXPECT_STREQ(failed.attribute("classname").value(), "NET203.nsg-blocks-flow");
  EXPECT_STREQ(failed.attribute("name").value(), "nsg-runtime/deny-all-out");
  EXPECT_THAT(failed.child("failure").text().get(), HasSubstr("at: contoso.yaml:31:9"));
  for (const pugi::xpath_node suite : xml.select_nodes("//testsuite"))
    EXPECT_EQ(static_cast<std::size_t>(suite.node().attribute("tests").as_int()),
              suite.node().select_nodes("testcase").size());
}

TEST(JUnitReport, HasItsFactsWithoutAnyFinding) {
  scenarios::Assessment assessment = ready_assessment();
  assessment.findings.clear();
  const pugi::xml_document xml =
      xml_of(render_junit(readiness_report(assessment, sample_subject(), sample_topology(), sample_provenance())));
  EXPECT_STREQ(xml.select_node("//property[@name='verdict']").node().attribute("value").value(), "READY");
  EXPECT_THAT(xml.select_node("//system-out").node().text().get(), HasSubstr("runtime-&gt;source"));
}

json::value sarif_run(const Report& report) { return json::parse(render_sarif(report)).at("runs").at(0); }

TEST(SarifReport, PlacesAndGradesEachFinding) {
  const json::value run = sarif_run(sample_report());
  const json::array& results = run.at("results").as_array();
  ASSERT_EQ(results.size(), 6U);
  const json::value& blocked = results.at(2);
  EXPECT_EQ(blocked.at("ruleId"), "NET203");
  EXPECT_EQ(blocked.at("level"), "error");
  EXPECT_EQ(blocked.at("kind"), "fail");
  const json::value& place = blocked.at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(place.at("artifactLocation").at("uri"), "contoso.yaml");
  EXPECT_EQ(place.at("region"), (json::value{{"startLine", 31}, {"startColumn", 9}}));
  EXPECT_EQ(results.at(0).at("kind"), "pass");
  EXPECT_EQ(results.at(0).at("level"), "none");
  EXPECT_EQ(results.at(1).at("level"), "warning");
  EXPECT_EQ(results.at(3).at("kind"), "open");
  EXPECT_EQ(results.at(4).at("kind"), "notApplicable");
  const json::value& suppression = results.at(5).at("suppressions").at(0);
  EXPECT_EQ(suppression.at("status"), "accepted");
  EXPECT_EQ(suppression.at("justification"),
            "Waived by network team until 2025-06-30: Moved together next year (waivers.yaml:3:5); without the waiver: "
            "warning");
  const json::array& rules = run.at("tool").at("driver").at("rules").as_array();
  for (const json::value& result : results)
    EXPECT_EQ(rules.at(result.at("ruleIndex").to_number<std::size_t>()).at("id"), result.at("ruleId"));
}

std::string uri_for(const std::string& file) {
  Subject subject = sample_subject();
  subject.file = file;
  const json::value run =
      sarif_run(readiness_report(not_ready_assessment(), subject, sample_topology(), sample_provenance()));
  const json::object& artifact = run.at("artifacts").at(0).at("location").as_object();
  return artifact.contains("uri") ? std::string{artifact.at("uri").as_string()} : "";
}

TEST(SarifReport, WritesPathsAsReferences) {
  EXPECT_EQ(uri_for("networks/contoso.yaml"), "networks/contoso.yaml");
  EXPECT_EQ(uri_for("/srv/contoso.yaml"), "file:///srv/contoso.yaml");
  EXPECT_EQ(uri_for("a b/ü.yaml"), "a%20b/%C3%BC.yaml");
  EXPECT_EQ(uri_for("c:x.yaml"), "./c:x.yaml");
  EXPECT_EQ(uri_for("-"), "");
}

}  // namespace
}  // namespace pgpassage::app
