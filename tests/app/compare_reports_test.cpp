#include "app/report/compare/compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/report/check_json.hpp"
#include "app/report/json_text.hpp"
#include "program.hpp"
#include "report_reader.hpp"
#include "sample_assessment.hpp"

namespace pgpassage::app {
namespace {

using scenarios::Assessment;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ReadReport read(const Assessment& assessment, const Subject& subject = sample_subject()) {
  const auto report = read_report("r.json", std::string(64, 'a'), render_json(assessment, subject));
  EXPECT_TRUE(report) << report.error().message;
  return *report;
}

ReportComparison compared(const Assessment& before, const Assessment& after) {
  return *compare_reports(read(before), read(after));
}

std::vector<std::string> changes_of(const ReportComparison& comparison) {
  std::vector<std::string> changes;
  for (const ChangedItem& item : comparison.changes)
    changes.push_back(std::string{word_of(item.change)} + " " + (item.after ? item.after : item.before)->subject);
  return changes;
}

Finding& finding_with(Assessment& assessment, Status status) {
  return *std::ranges::find(assessment.findings, status, &Finding::status);
}

TEST(CompareReports, OfTheSameNothingChanged) {
  const ReportComparison comparison = compared(not_ready_assessment(), not_ready_assessment());
  EXPECT_THAT(comparison.changes, IsEmpty());
  EXPECT_EQ(comparison.same, 11U);  // six checks, three flows, two names
  EXPECT_FALSE(comparison.got_worse() || comparison.brought_undecided());
}

TEST(CompareReports, TellWhatGotBetterAndWorse) {
  Assessment after = not_ready_assessment();
  finding_with(after, Status::failed).status = Status::passed;
  finding_with(after, Status::skipped).status = Status::failed;
  after.flows[1].trace.predicted = netcheck::Predicted::allowed;
  const ReportComparison there = compared(not_ready_assessment(), after);
  EXPECT_THAT(changes_of(there), ElementsAre("worse LIV110 live-login, orders-source",
                                             "better NET203 nsg-blocks-flow, nsg-runtime/deny-all-out",
                                             "better runtime->target from orders-runtime"));
  EXPECT_TRUE(there.got_worse());
  const ReportComparison back = compared(after, not_ready_assessment());
  EXPECT_EQ(back.changes.front().change, Change::worse);
  EXPECT_EQ(back.changes.back().change, Change::better);
}

TEST(CompareReports, TellWhatCameAndWent) {
  const Assessment all = not_ready_assessment();
  for (const Status status : {Status::failed, Status::unknown, Status::warning}) {
    Assessment fewer = all;
    std::erase_if(fewer.findings, [&](const Finding& finding) { return finding.status == status; });
    const ReportComparison came = compared(fewer, all);
    EXPECT_EQ(came.changes.front().change, Change::appeared);
    EXPECT_EQ(came.got_worse(), status == Status::failed);
    EXPECT_EQ(came.brought_undecided(), status == Status::unknown);
    const ReportComparison went = compared(all, fewer);
    EXPECT_EQ(went.changes.front().change, Change::gone);
    EXPECT_FALSE(went.got_worse() || went.brought_undecided());
  }
}

TEST(CompareReports, AWaivedFindingIsNoFailureAndNoPass) {
  Assessment after = not_ready_assessment();
  finding_with(after, Status::failed).status = Status::waived;
  EXPECT_EQ(compared(not_ready_assessment(), after).changes.front().change, Change::better);
  EXPECT_EQ(compared(after, not_ready_assessment()).changes.front().change, Change::worse);
}

TEST(CompareReports, TakesTheWorstOfWhatARuleSaysTwice) {
  Assessment after = not_ready_assessment();
  Finding again = finding_with(after, Status::passed);
  again.status = Status::failed;
  after.findings.push_back(again);
  EXPECT_EQ(compared(not_ready_assessment(), after).changes.front().change, Change::worse);
}

TEST(CompareReports, AnythingElseIsWrongInput) {
  for (const char* text : {"", "[]", "{}", "7", "{\"checks\": ", "\xff"})
    EXPECT_FALSE(read_report("f", "", text)) << text;
  for (const char* text : {R"({"checks": 7, "flows": {}, "names": [1]})", R"({"checks": [{"status": 1}]})"})
    EXPECT_TRUE(read_report("f", "", text)) << text;
  const auto migration = read_report("m", "", R"({"verification": [], "state": "Succeeded", "name": "m"})");
  EXPECT_FALSE(compare_reports(*migration, read(ready_assessment())));
}

TEST(CompareReports, ComparesMigrationsByWhatWasVerifiedLast) {
  const auto report = [](const char* identical) {
    return *read_report("m", "",
                        std::string{R"({"state": "Succeeded", "name": "m", "validation": [], "verification": [
      {"database": "d", "kind": "table", "name": "t", "compared": true, "identical": true}], "laterVerifications": [
      {"items": [{"database": "d", "kind": "table", "name": "t", "compared": true, "identical": )"} +
                            identical + "}]}]}");
  };
  const auto comparison = compare_reports(report("true"), report("false"));
  ASSERT_EQ(comparison->changes.size(), 1U);
  EXPECT_EQ(comparison->changes.front().after->state, "DIFFERS");
  EXPECT_TRUE(comparison->got_worse());
}

/// Both reports, with a name that tries to break out of every format.
ReportComparison hostile_comparison(const std::string& hostile) {
  Assessment before = not_ready_assessment(), after = before;
  after.findings.front().subject = after.findings.front().message = hostile;
  Subject subject = sample_subject();
  subject.topology = hostile;
  return *compare_reports(read(before), read(after, subject));
}

TEST(CompareReports, LetsNothingOutOfAName) {
  const std::string hostile =
      "<script>alert(1)</script>]]>--> \"'&amp; `|*_[x](y)\\ \xe2\x80\xae" + std::string(10'000, 'n') + "end";
  const ReportComparison comparison = hostile_comparison(hostile);
  const auto html = xml_of(render_html(comparison_document(comparison)));
  EXPECT_TRUE(html.select_nodes("//script").empty());
  EXPECT_THAT(html.child("html").child("head").child("title").text().get(), HasSubstr(printable(hostile)));
  EXPECT_THAT(render_markdown(comparison_document(comparison)), testing::Not(HasSubstr("<script>")));
  EXPECT_THAT(json_text(comparison_json(comparison)), HasSubstr(std::string(10'000, 'n') + "end"));
  EXPECT_THAT(render_comparison_text(comparison, {}), HasSubstr("\\u202e"));
}

TEST(CompareReports, OfTheProgramHasItsExitCodes) {
  const Workplace work;
  work.write("ready.yaml", ready_topology);
  std::string text = ready_topology;
  const std::string rules =
      "    firewallRules:\n      - {name: from-target, startIpAddress: 20.60.2.2, endIpAddress: 20.60.2.2}\n";
  work.write("open.yaml", text.erase(text.find(rules), rules.size()));
  for (const char* name : {"ready", "open"})
    work.run(std::string{"pgpassage report --no-live --format json --output "} + name + ".json " + name + ".yaml");
  EXPECT_EQ(work.run("pgpassage report --diff ready.json ready.json").exit_code, 0);
  EXPECT_EQ(work.run("pgpassage report --diff open.json ready.json").exit_code, 0);
  for (const char* format : {"text", "json", "markdown", "html"}) {
    const auto worse = work.run(std::string{"pgpassage report --diff ready.json open.json --format "} + format);
    EXPECT_EQ(worse.exit_code, 1) << format;
    EXPECT_THAT(worse.output, HasSubstr("NET2")) << format;
  }
  for (const char* wrong : {"--diff ready.json", "--diff ready.json ready.yaml", "--diff ready.json nothing.json",
                            "--diff ready.json open.json --format sarif", "ready.yaml --diff ready.json open.json",
                            "--diff ready.json open.json --edition 2025-02", ""})
    EXPECT_EQ(work.run(std::string{"pgpassage report "} + wrong).exit_code, 2) << wrong;
}

}  // namespace
}  // namespace pgpassage::app
