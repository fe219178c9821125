#include "app/report/check_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "sample_assessment.hpp"
#include "scenarios/verdict/evidence.hpp"

namespace pgpassage::app {
namespace {

using testing::HasSubstr;
using testing::Not;

const TextStyle unicode{.unicode = true};

/// Long names are broken; an az command may have one long word.
void expect_80_columns(const std::string& text) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 80) << line;
}

/// A command to copy stays whole: it is broken where a shell can be told so, and a long word of it not at all.
void expect_columns(const std::string& text, int width) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("            --") && !line.starts_with("    az ")) {
      EXPECT_LE(display_width(line), width) << line;
    }
}

TEST(CheckText, FoldsToTheWidthOfTheTerminal) {
  for (const int width : {40, 55, 60, 79})
    for (const Depth depth : {Depth::brief, Depth::full})
      for (const bool color : {false, true}) {
        const TextStyle style{.color = color, .unicode = true, .width = width};
        std::string text = render_text(not_ready_assessment(), sample_subject(), style, depth);
        text = std::regex_replace(text, std::regex{"\x1b\\[[0-9]*m"}, "");
        expect_columns(text, width);
      }
}

TEST(CheckText, ShowsTheAnswerFirstAndThenWhy) {
  const std::string text = render_text(not_ready_assessment(), sample_subject(), unicode);
  EXPECT_EQ(text, golden("check-not-ready.txt", text));
  EXPECT_TRUE(text.starts_with("✗ NOT READY"));
  expect_80_columns(text);
}

TEST(CheckText, IsShortWhenEverythingIsInOrder) {
  const std::string text = render_text(ready_assessment(), sample_subject(), {});
  EXPECT_EQ(text, golden("check-ready.txt", text));
  EXPECT_THAT(text, Not(HasSubstr("Findings")));
}

TEST(CheckText, InFullShowsEveryHopAndWhatPassed) {
  const std::string text = render_text(not_ready_assessment(), sample_subject(), unicode, Depth::full);
  EXPECT_EQ(text, golden("check-full.txt", text));
  EXPECT_THAT(text, HasSubstr("NET301 subnet-delegated"));
  EXPECT_THAT(text, HasSubstr("vgw-hub/to-datacenter"));
  expect_80_columns(text);
}

TEST(CheckText, NamesEveryBlockerWithItsLine) {
  const std::string text = render_text(not_ready_assessment(), sample_subject(), {});
  EXPECT_THAT(text, HasSubstr("there at snet-runtime by nsg-runtime/deny-all-out"));
  EXPECT_THAT(text, HasSubstr("(contoso.yaml:31)"));
  EXPECT_THAT(text, HasSubstr("nsg-endpoints/DenyAllInBound"));
}

TEST(CheckText, ANameThatLeadsElsewhereIsNotInOrder) {
  scenarios::Assessment assessment = ready_assessment();
  assessment.names.front().observed->addresses = {*IpAddress::parse("198.51.100.100")};
  const std::string text = render_text(assessment, sample_subject(), {});
  EXPECT_THAT(text, HasSubstr("x orders-target.postgres.database.azure.com"));
}

TEST(CheckText, TellsAStandInsFindingWithItsRoles) {
  scenarios::Assessment assessment = not_ready_assessment();
  Finding again = assessment.findings.at(2);
  assessment.findings.at(2).message = "orders-runtime cannot reach orders-target";
  again.message = "vm-crossing cannot reach orders-target";
  assessment.findings.push_back(again);
  const std::string text = render_text(assessment, sample_subject(), {});
  EXPECT_THAT(text, HasSubstr("also    the same from vm-crossing, standing for orders-runtime"));
  EXPECT_THAT(text, Not(HasSubstr("vm-crossing cannot reach")));
  EXPECT_THAT(render_text(assessment, sample_subject(), {}, Depth::full), HasSubstr("vm-crossing cannot reach"));
}

TEST(CheckText, WalksTheHopsOfAFindingInOneLine) {
  scenarios::Assessment assessment = not_ready_assessment();
  assessment.findings.at(2).evidence = scenarios::describe(assessment.flows.at(1).trace);
  EXPECT_THAT(render_text(assessment, sample_subject(), {}),
              HasSubstr("path    STOPS: nsg-runtime/deny-all-out (31) > STOPS:"));
}

TEST(CheckText, GroupsWhatWasLeftOut) {
  scenarios::Assessment assessment = not_ready_assessment();
  assessment.findings.push_back(assessment.findings.at(4));
  EXPECT_THAT(render_text(assessment, sample_subject(), {}), HasSubstr("skipped LIV110 live-login, 2 subjects: Left"));
}

TEST(CheckText, PutsErrorsBeforeWarningsAndUndecidedBehind) {
  const std::string text = render_text(not_ready_assessment(), sample_subject(), {});
  const auto at = [&](const char* words) { return text.find(words); };
  EXPECT_LT(at("error   NET203"), at("warning NET303"));
  EXPECT_LT(at("warning NET303"), at("waived  NET303"));
  EXPECT_LT(at("waived  NET303"), at("unknown DNS304"));
  EXPECT_LT(at("unknown DNS304"), at("skipped LIV110"));
}

TEST(CheckText, SaysThatPaperIsNotTheNetwork) {
  Subject subject = sample_subject();
  subject.live = false;
  const std::string text = render_text(ready_assessment(), subject, {});
  EXPECT_THAT(text, HasSubstr("on paper"));
  EXPECT_THAT(text, HasSubstr("was not asked"));
}

TEST(CheckText, NamesTheNearestRowsOfAScenarioThatIsNotListed) {
  scenarios::Assessment assessment = not_ready_assessment();
  assessment.verdict = scenarios::Verdict::unsupported;
  assessment.scenario = {};
  assessment.scenario.nearest = {"On-premises (public IP) to flexible server (public access)"};
  const std::string text = render_text(assessment, sample_subject(), {});
  EXPECT_TRUE(text.starts_with("x UNSUPPORTED"));
  EXPECT_THAT(text, HasSubstr("nearest"));
  EXPECT_THAT(text, HasSubstr("On-premises (public IP)"));
}

TEST(CheckText, SaysThatTheEditionIsNotTheFiles) {
  scenarios::Assessment assessment = ready_assessment();
  assessment.edition_overridden = true;
  EXPECT_THAT(render_text(assessment, sample_subject(), {}), HasSubstr("2025-02 (by --edition"));
}

TEST(CheckText, ColourIsNeverTheOnlyCarrier) {
  std::string colored = render_text(not_ready_assessment(), sample_subject(), {.color = true, .unicode = true});
  EXPECT_THAT(colored, HasSubstr("\x1b[31m"));
  for (std::size_t start = colored.find('\x1b'); start != colored.npos; start = colored.find('\x1b'))
    colored.erase(start, colored.find('m', start) - start + 1);
  EXPECT_EQ(colored, render_text(not_ready_assessment(), sample_subject(), unicode));
}

TEST(CheckText, LetsNoNameRuleTheTerminal) {
  Subject subject = sample_subject();
  subject.file = subject.migration = subject.source = "evil\x1b[2J\n.yaml";
  for (const Depth depth : {Depth::brief, Depth::full}) {
    const std::string text = render_text(hostile_assessment(), subject, {}, depth);
    EXPECT_EQ(text.find('\x1b'), text.npos);
    EXPECT_EQ(text.find('\r'), text.npos);
    EXPECT_EQ(text.find("\xe2\x80\xae"), text.npos);
    EXPECT_EQ(text.find("\nREADY"), text.npos);
    EXPECT_EQ(valid_utf8(text), text);
  }
}

}  // namespace
}  // namespace pgpassage::app
