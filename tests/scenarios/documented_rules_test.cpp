// Holds together the documents' list, the catalogue, the matrix and the case files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "netcheck/topology/reader.hpp"
#include "scenarios/matrix/matrix.hpp"
#include "scenarios/rules/catalogue.hpp"
#include "scenarios/rules/rules.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::scenarios {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Topology topology_of(const std::string& file) {
  const auto topology = read_topology(read(fs::path{PGPASSAGE_SOURCE_DIR} / file));
  EXPECT_TRUE(topology) << file << ':' << topology.error().front().location.line << ": "
                        << topology.error().front().message;
  return topology ? *topology : Topology{};
}

/// The rules of the whole way have no failing finding of their own: what stops the flow is told by the rules of the
/// hops. They fail when a flow to that server is not allowed.
bool whole_way_broken(const Assessment& assessment, const Topology& topology, std::string_view rule) {
  const std::string& to = rule == rules::source_reachable ? topology.migration->source : topology.migration->target;
  return std::ranges::any_of(assessment.flows, [&](const FlowAssessment& flow) {
    return flow.to == to && flow.trace.predicted != netcheck::Predicted::allowed;
  });
}

bool broken(const Assessment& assessment, const Topology& topology, std::string_view rule) {
  if (rule == rules::source_reachable || rule == rules::target_reachable)
    return whole_way_broken(assessment, topology, rule);
  return std::ranges::any_of(assessment.findings, [&](const Finding& finding) {
    return finding.rule->name == rule && (finding.status == Status::failed || finding.status == Status::warning);
  });
}

/// The rule holds in the edition, and the row that the topology is in asks for it.
bool asked(const Topology& topology, const CatalogueRule& rule, std::string_view edition) {
  if (!rule.holds_in(edition)) return false;
  if (rule.numbers.empty()) return true;
  const MatrixRow* row =
      match(*find_edition(edition), classify(topology, *find_server(topology, topology.migration->source),
                                             *find_server(topology, topology.migration->target)));
  return row && std::ranges::any_of(rule.numbers, [&](const std::string& number) {
           return std::ranges::find(row->requirements, number) != row->requirements.end();
         });
}

class RuleOfAFile : public testing::TestWithParam<const CatalogueRule*> {};

TEST_P(RuleOfAFile, HasACaseThatFailsAndOneThatPasses) {
  const CatalogueRule& rule = *GetParam();
  ASSERT_FALSE(rule.fails.file.empty() || rule.passes.file.empty()) << "no cases: in the rule's data";
  for (const RuleExample* example : {&rule.fails, &rule.passes}) {
    EXPECT_THAT(example->file, testing::StartsWith("tests/cases/" + rule.rule.name + "/"));
    EXPECT_THAT(example->text, testing::HasSubstr("\n")) << "the two cases do not differ";
  }
}

TEST_P(RuleOfAFile, FailsAndPassesInEveryEditionThatHasIt) {
  const CatalogueRule& rule = *GetParam();
  const Topology fails = topology_of(rule.fails.file), passes = topology_of(rule.passes.file);
  ASSERT_TRUE(fails.migration && passes.migration);
  int editions = 0;
  for (const std::string_view edition : edition_ids()) {
    const auto failing = assess(fails, edition), passing = assess(passes, edition);
    ASSERT_TRUE(failing && passing);
    // Where the file's own row is missing in an edition, the facts of that row are not judged there.
    const bool judged = failing->scenario.supported || edition == fails.edition;
    if (judged && asked(fails, rule, edition)) {
      EXPECT_TRUE(broken(*failing, fails, rule.rule.name)) << edition;
      ++editions;
    }
    if (!rule.holds_in(edition)) {
      EXPECT_FALSE(broken(*failing, fails, rule.rule.name)) << edition;
    }
    if (passing->scenario.supported || edition == passes.edition) {
      EXPECT_FALSE(broken(*passing, passes, rule.rule.name)) << edition;
    }
  }
  EXPECT_GT(editions, 0) << "no edition asks for it in its failing case";
  EXPECT_EQ(fails.edition, passes.edition);
}

std::vector<const CatalogueRule*> rules_of_files() {
  std::vector<const CatalogueRule*> rules;
  for (const CatalogueRule& rule : all_rules())
    if (rule.decided == Decided::by_file) rules.push_back(&rule);
  return rules;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, RuleOfAFile, testing::ValuesIn(rules_of_files()), [](const auto& test) {
  std::string name = test.param->rule.id + "_" + test.param->rule.name;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(RuleCatalogue, OnlyWhatAFileDecidesHasCases) {
  for (const CatalogueRule& rule : all_rules())
    EXPECT_TRUE(rule.decided == Decided::by_file || rule.fails.file.empty()) << rule.rule.id;
}

TEST(RuleCatalogue, EveryCaseFolderIsNamedForARule) {
  for (const auto& entry : fs::directory_iterator{PGPASSAGE_SOURCE_DIR "/tests/cases"})
    EXPECT_NE(find_rule(entry.path().filename().string()), nullptr) << entry.path();
}

/// The list of the documents: C01 to C19, and so many numbers for each row.
std::set<std::string> documented_list() {
  std::set<std::string> numbers;
  for (int number = 1; number <= 19; ++number)
    numbers.insert(std::string{number < 10 ? "C0" : "C"} + std::to_string(number));
  const int of_row[] = {4, 4, 2, 5, 2, 5, 5, 4, 7, 9, 8, 1};
  for (int row = 1; row <= 12; ++row)
    for (int number = 1; number <= of_row[row - 1]; ++number)
      numbers.insert(std::string{row < 10 ? "S0" : "S"} + std::to_string(row) + '-' + std::to_string(number));
  return numbers;
}

TEST(Requirements, AreTheDocumentsList) {
  std::set<std::string> numbers;
  for (const Requirement& requirement : all_requirements()) numbers.insert(requirement.number);
  EXPECT_EQ(numbers, documented_list());
  EXPECT_EQ(numbers.size(), all_requirements().size());
}

TEST(Requirements, AreCheckedByRulesOfTheirGrades) {
  for (const Requirement& requirement : all_requirements()) {
    std::set<Grade> grades;
    for (const CatalogueRule* rule : rules_of(requirement.number)) grades.insert(rule->grade);
    const bool needed = requirement.grade == "H" || requirement.grade == "D/H";
    const bool documented = requirement.grade == "D" || requirement.grade == "D/H";
    EXPECT_TRUE(!needed || grades.contains(Grade::needed)) << requirement.number;
    EXPECT_TRUE(!documented || grades.contains(Grade::documented)) << requirement.number;
    EXPECT_TRUE(requirement.grade != "A" || grades == std::set{Grade::advice}) << requirement.number;
    EXPECT_THAT(requirement.grade, testing::AnyOf("H", "D", "A", "D/H")) << requirement.number;
  }
}

TEST(Requirements, AreAskedForBySomeRowAndNothingElseIs) {
  std::set<std::string> asked;
  for (const std::string_view id : edition_ids())
    for (const MatrixRow& row : find_edition(id)->rows) asked.insert(row.requirements.begin(), row.requirements.end());
  EXPECT_EQ(asked, documented_list());
}

TEST(Requirements, AreFoundInAnyCase) {
  ASSERT_NE(find_requirement("C13"), nullptr);
  EXPECT_EQ(find_requirement("s11-4"), find_requirement("S11-4"));
  EXPECT_EQ(find_requirement("S11"), nullptr);
}

/// A ready example of each row, judged by each edition that supports it: every rule that a number asks for is answered,
/// and what a file decides passes.
class ReadyExample : public testing::TestWithParam<const char*> {};

TEST_P(ReadyExample, PassesEveryRuleThatItsRowAsksFor) {
  const Topology topology = topology_of(std::string{"topology-examples/"} + GetParam() + ".yaml");
  int editions = 0;
  for (const std::string_view edition : edition_ids()) {
    const auto assessment = assess(topology, edition);
    ASSERT_TRUE(assessment);
    if (assessment->verdict != Verdict::ready) continue;
    ++editions;
    const Edition& matrix = *find_edition(edition);
    const auto row = std::ranges::find(matrix.rows, assessment->scenario.id, &MatrixRow::id);
    ASSERT_NE(row, matrix.rows.end());
    for (const std::string& number : row->requirements) {
      const std::vector<const CatalogueRule*> rules = rules_of(number);
      const auto said = [&](const CatalogueRule* rule) {
        return std::ranges::any_of(assessment->findings,
                                   [&](const Finding& finding) { return finding.rule == &rule->rule; });
      };
      EXPECT_TRUE(std::ranges::any_of(rules, said)) << edition << ": nothing was said about " << number;
      for (const CatalogueRule* rule : rules) EXPECT_FALSE(broken(*assessment, topology, rule->rule.name)) << number;
    }
  }
  EXPECT_GT(editions, 0);
}

INSTANTIATE_TEST_SUITE_P(Rows, ReadyExample,
                         testing::Values("s01-on-premises-public-ready", "s02-on-premises-vpn-ready",
                                         "s03-amazon-rds-public-ready", "s04-amazon-aurora-private-ready",
                                         "s05-cloud-sql-public-ready", "s06-cloud-sql-private-ready",
                                         "s07-azure-vm-other-vnet-ready", "s07-azure-vm-same-vnet-ready",
                                         "s08-single-server-public-ready", "s09-single-server-endpoint-ready",
                                         "s10-single-server-runtime-ready", "s11-runtime-server-ready", "demo-s11"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace pgpassage::scenarios
