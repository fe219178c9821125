#include "scenarios/waivers/waivers.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/rules/catalogue.hpp"
#include "scenarios/rules/rules.hpp"

namespace pgpassage::scenarios {
namespace {

using std::chrono::day;
using std::chrono::February;
using std::chrono::sys_days;
using std::chrono::year;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr sys_days today = year{2025} / February / day{7};

Finding found(std::string_view rule, Status status, std::string subject) {
  return {.rule = &find_rule(rule)->rule, .status = status, .subject = std::move(subject), .message = "m"};
}

Assessment assessed(std::vector<Finding> findings) {
  Assessment assessment;
  assessment.scenario.id = "S11";
  assessment.scenario.supported = true;
  assessment.findings = std::move(findings);
  return assessment;
}

WaiverFile read(const std::string& text) {
  const auto file = read_waivers(text);
  EXPECT_TRUE(file) << file.error().front().message;
  return file.value_or(WaiverFile{});
}

std::string waiver(std::string_view rule, std::string_view subject, std::string_view expiry = "2025-06-30") {
  return fmt::format("- {{rule: {}, subject: {}, reason: accepted, owner: network team, expiry: {}}}\n", rule, subject,
                     expiry);
}

std::vector<std::string> about_the_file(const Assessment& assessment) {
  std::vector<std::string> names;
  for (const Finding& finding : assessment.findings)
    if (about_waivers(finding)) names.push_back(finding.rule->name);
  return names;
}

TEST(Waivers, AreReadFromAListOrFromItsKey) {
  for (const char* head : {"", "waivers:\n", "apiVersion: pgpassage/v1\nwaivers:\n"}) {
    const WaiverFile file = read(head + waiver("dns307", "vnet-runtime"));
    ASSERT_EQ(file.waivers.size(), 1U) << head;
    EXPECT_EQ(file.waivers.front().rule, "DNS307");
    EXPECT_EQ(file.waivers.front().subject, "vnet-runtime");
    EXPECT_EQ(file.waivers.front().owner, "network team");
    EXPECT_EQ(to_string(file.waivers.front().expiry), "2025-06-30");
  }
}

TEST(Waivers, AreReadFromJson) {
  const WaiverFile file =
      read(R"([{"rule": "DNS307", "subject": "v", "reason": "r", "owner": "o", "expiry": "2025-06-30"}])");
  ASSERT_EQ(file.waivers.size(), 1U);
  EXPECT_EQ(file.waivers.front().location, (Location{1, 2}));
}

TEST(Waivers, ATextWithoutAListIsWrongInput) {
  for (const char* text : {"", "7", "waiver: []", "waivers: 7", "- {rule: [", "waivers: []\nother: 1\n"})
    EXPECT_FALSE(read_waivers(text)) << text;
  EXPECT_EQ(read_waivers("waivers: []\nother: 1\n").error().front().location, (Location{2, 1}));
}

struct MalformedCase {
  const char* entry;
  const char* message;
};

class MalformedEntry : public testing::TestWithParam<MalformedCase> {};

TEST_P(MalformedEntry, WaivesNothingAndSaysWhy) {
  const WaiverFile file = read(std::string{GetParam().entry} + "\n" + waiver("DNS307", "vnet-runtime"));
  ASSERT_EQ(file.malformed.size(), 1U);
  EXPECT_EQ(file.waivers.size(), 1U);
  EXPECT_THAT(file.malformed.front().errors.front().message, HasSubstr(GetParam().message));
  Assessment assessment = assessed({found(rules::default_dns_only, Status::failed, "vnet-runtime")});
  apply_waivers(assessment, file, today);
  EXPECT_THAT(about_the_file(assessment), ElementsAre("waiver-malformed"));
  EXPECT_EQ(assessment.verdict, Verdict::ready);
  EXPECT_EQ(assessment.findings.back().location, (Location{1, 3}));
}

INSTANTIATE_TEST_SUITE_P(
    Waivers, MalformedEntry,
    testing::Values(
        MalformedCase{"- {rule: DNS307, subject: a, reason: r, expiry: 2025-06-30}", "missing key 'owner'"},
        MalformedCase{"- {rule: DNS307, subject: a, reason: '', owner: o, expiry: 2025-06-30}", "expected words"},
        MalformedCase{"- {rule: DNS307, subject: a, reason: ~, owner: o, expiry: 2025-06-30}", "reason"},
        MalformedCase{"- {rule: DNS999, subject: a, reason: r, owner: o, expiry: 2025-06-30}", "no rule 'DNS999'"},
        MalformedCase{"- {rule: WAV102, subject: a, reason: r, owner: o, expiry: 2025-06-30}", "cannot be waived"},
        MalformedCase{"- {rule: DNS307, subject: a, reason: r, owner: o, expiry: 2025-02-29}", "expected a day"},
        MalformedCase{"- {rule: DNS307, subject: a, reason: r, owner: o, expiry: tomorrow}", "expected a day"},
        MalformedCase{"- {rule: DNS307, subject: a, reason: r, owner: o, expiry: 2025-06-30, untl: 1}", "'untl'"},
        MalformedCase{"- DNS307", "expected waiver"}));

TEST(Waivers, AcceptWhatIsNotNeededUntilTheirDayIsOver) {
  const Finding failure = found(rules::default_dns_only, Status::failed, "vnet-runtime");
  for (const auto& [expiry, verdict] :
       {std::pair{"2025-02-07", Verdict::ready}, std::pair{"2025-02-06", Verdict::not_ready}}) {
    Assessment assessment = assessed({failure});
    const auto accepted = apply_waivers(assessment, read(waiver("DNS307", "vnet-runtime", expiry)), today);
    EXPECT_EQ(assessment.verdict, verdict) << expiry;
    EXPECT_EQ(accepted.size(), verdict == Verdict::ready ? 1U : 0U);
    EXPECT_EQ(assessment.summary.waived, verdict == Verdict::ready ? 1 : 0);
    const std::vector<std::string> expected =
        verdict == Verdict::ready ? std::vector<std::string>{} : std::vector<std::string>{"waiver-expired"};
    EXPECT_EQ(about_the_file(assessment), expected);
  }
}

TEST(Waivers, AcceptWarningsAndWhatIsUndecidedToo) {
  Assessment assessment = assessed(
      {found(rules::region_differs, Status::warning, "a"), found(rules::default_dns_only, Status::unknown, "a")});
  const auto accepted = apply_waivers(assessment, read(waiver("NET303", "a") + waiver("default-dns-only", "a")), today);
  ASSERT_EQ(accepted.size(), 2U);
  EXPECT_EQ(accepted[0].was, Status::warning);
  EXPECT_EQ(accepted[1].was, Status::unknown);
  EXPECT_EQ(assessment.verdict, Verdict::ready);
}

class NeededRule : public testing::TestWithParam<Status> {};

TEST_P(NeededRule, IsNeverWaivedIntoReady) {
  for (const CatalogueRule& rule : all_rules()) {
    if (rule.grade != Grade::needed) continue;
    Assessment assessment = assessed({found(rule.rule.id, GetParam(), "a")});
    EXPECT_THAT(apply_waivers(assessment, read(waiver(rule.rule.id, "a")), today), IsEmpty());
    EXPECT_NE(assessment.verdict, Verdict::ready) << rule.rule.id;
    EXPECT_EQ(assessment.findings.front().status, GetParam()) << rule.rule.id;
    EXPECT_THAT(about_the_file(assessment), ElementsAre("waiver-refused")) << rule.rule.id;
  }
}

INSTANTIATE_TEST_SUITE_P(Waivers, NeededRule, testing::Values(Status::failed, Status::unknown));

TEST(Waivers, OfNothingAreFindings) {
  Assessment assessment = assessed(
      {found(rules::default_dns_only, Status::passed, "a"), found(rules::region_differs, Status::warning, "a")});
  apply_waivers(assessment, read(waiver("DNS307", "a") + waiver("NET303", "b")), today);
  EXPECT_THAT(about_the_file(assessment), ElementsAre("waiver-unused", "waiver-unused"));
  EXPECT_EQ(assessment.findings[0].status, Status::passed);
  EXPECT_EQ(assessment.findings[1].status, Status::warning);
}

TEST(Waivers, TwoOfTheSameAreBothOfUse) {
  Assessment assessment = assessed({found(rules::region_differs, Status::warning, "a")});
  EXPECT_EQ(apply_waivers(assessment, read(waiver("NET303", "a") + waiver("NET303", "a")), today).size(), 1U);
  EXPECT_THAT(about_the_file(assessment), IsEmpty());
}

TEST(Waivers, DoNotMakeAnUnsupportedScenarioReady) {
  Assessment assessment = assessed({found(rules::default_dns_only, Status::failed, "a")});
  assessment.scenario.supported = false;
  apply_waivers(assessment, read(waiver("DNS307", "a")), today);
  EXPECT_EQ(assessment.verdict, Verdict::unsupported);
}

}  // namespace
}  // namespace pgpassage::scenarios
