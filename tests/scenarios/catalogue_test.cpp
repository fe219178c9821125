#include "scenarios/rules/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "scenarios/matrix/matrix.hpp"
#include "scenarios/rules/rules.hpp"

namespace pgpassage::scenarios {
namespace {

std::set<std::string> declared_names() {
  std::ifstream file{PGPASSAGE_SOURCE_DIR "/scenarios/rules/rules.hpp"};
  std::stringstream text;
  text << file.rdbuf();
  const std::string header = text.str();
  const std::regex pattern{R"re(string_view ([a-z_0-9]+) =\s+"([a-z0-9-]+)";\s+// ([A-Z]+\d+))re"};
  std::set<std::string> names;
  for (std::sregex_iterator match{header.begin(), header.end(), pattern}; match != std::sregex_iterator{}; ++match)
    names.insert((*match)[3].str() + ' ' + (*match)[2].str());
  return names;
}

TEST(RuleCatalogue, HeaderAndDataNameTheSameRules) {
  std::set<std::string> names;
  for (const CatalogueRule& entry : all_rules()) names.insert(entry.rule.id + ' ' + entry.rule.name);
  EXPECT_EQ(names, declared_names());
  EXPECT_EQ(names.size(), all_rules().size()) << "an id or a name stands twice";
}

TEST(RuleCatalogue, IdsAndNumbersAreWellFormed) {
  const std::regex id{"(SCN|NET|DNS|LIV|WAV)[0-9]{3}"};
  const std::regex number{"C(0[1-9]|1[0-9])|S(0[1-9]|1[0-2])-[0-9]"};
  for (const CatalogueRule& entry : all_rules()) {
    EXPECT_TRUE(std::regex_match(entry.rule.id, id)) << entry.rule.id;
    for (const std::string& text : entry.numbers) EXPECT_TRUE(std::regex_match(text, number)) << entry.rule.id << text;
    EXPECT_FALSE(entry.rule.title.empty() || entry.rule.description.empty()) << entry.rule.id;
  }
}

TEST(RuleCatalogue, EveryRuleHasACureAndACitationOrIsOurOwnAdvice) {
  for (const CatalogueRule& entry : all_rules()) {
    EXPECT_FALSE(entry.remedy.text.empty()) << entry.rule.id;
    EXPECT_EQ(entry.rule.cite.document.empty(), entry.own) << entry.rule.id;
    EXPECT_EQ(entry.rule.cite.section.empty(), entry.own) << entry.rule.id;
    if (!entry.own) continue;
    EXPECT_TRUE(entry.numbers.empty()) << entry.rule.id;
    EXPECT_EQ(entry.grade, Grade::advice) << entry.rule.id;
  }
}

std::set<std::string> causes_in(const std::string& file, const std::regex& pattern) {
  std::stringstream text;
  text << std::ifstream{PGPASSAGE_SOURCE_DIR "/" + file}.rdbuf();
  const std::string source = text.str();
  std::set<std::string> causes;
  for (std::sregex_iterator match{source.begin(), source.end(), pattern}; match != std::sregex_iterator{}; ++match)
    causes.insert((*match)[1].str());
  return causes;
}

std::set<std::string> causes_of_hops() {
  return causes_in("netcheck/reach/causes.hpp", std::regex{R"re(const char\* [a-z_0-9]+ =\s+"([a-z0-9-]+)";)re"});
}

/// Every cause of a probe has a diagnosis.
std::set<std::string> causes_of_probes() {
  return causes_in("scenarios/verdict/diagnosis.cpp", std::regex{R"re(Likely\{"([a-z0-9-]+)")re"});
}

TEST(RuleCatalogue, CausesWithACureOfTheirOwnExist) {
  std::set<std::string> known = causes_of_hops();
  EXPECT_GT(known.size(), 30U);
  const auto of_probes = causes_of_probes();
  EXPECT_GT(of_probes.size(), 20U);
  known.insert(of_probes.begin(), of_probes.end());
  known.insert({"unknown", "contradicted", "spelling", "notFound", "leadsElsewhere", "tlsFailed", "notPostgres",
                "follows-from-peering"});
  for (const CatalogueRule& entry : all_rules())
    for (const auto& [cause, remedy] : entry.remedy_for) {
      EXPECT_TRUE(known.contains(cause)) << entry.rule.id << ' ' << cause;
      EXPECT_FALSE(remedy.text.empty()) << entry.rule.id << ' ' << cause;
    }
}

TEST(RuleCatalogue, EveryCauseOfAHopHasACureThatFits) {
  // For these the rule's own cure is the one that fits.
  std::set<std::string> cured{"nsg-denies",
                              "endpoint-missing",
                              "endpoint-not-approved",
                              "peering-missing",
                              "peering-half-open",
                              "appliance-does-not-forward",
                              "firewall-denies",
                              "virtual-network-rule-missing",
                              "service-endpoint-missing"};
  for (const CatalogueRule& entry : all_rules())
    for (const auto& remedy : entry.remedy_for) cured.insert(remedy.first);
  for (const std::string& cause : causes_of_hops()) EXPECT_TRUE(cured.contains(cause)) << cause;
}

TEST(RuleCatalogue, EditionsAreEditions) {
  for (const CatalogueRule& entry : all_rules()) {
    for (const std::string& edition : entry.editions) EXPECT_TRUE(find_edition(edition)) << entry.rule.id << edition;
    for (const std::string& edition : entry.mandatory_in) {
      EXPECT_TRUE(find_edition(edition)) << entry.rule.id << edition;
      EXPECT_TRUE(entry.holds_in(edition)) << entry.rule.id << edition;
      EXPECT_EQ(entry.grade, Grade::documented) << entry.rule.id;
    }
    for (const auto& cite : entry.cite_in) EXPECT_TRUE(find_edition(cite.first)) << entry.rule.id << cite.first;
  }
}

TEST(RuleCatalogue, EveryNumberIsAskedForBySomeRow) {
  std::set<std::string> asked;
  for (const std::string_view id : edition_ids())
    for (const MatrixRow& row : find_edition(id)->rows) asked.insert(row.requirements.begin(), row.requirements.end());
  for (const CatalogueRule& entry : all_rules())
    for (const std::string& number : entry.numbers) EXPECT_TRUE(asked.contains(number)) << entry.rule.id << number;
}

TEST(RuleFind, TakesIdInAnyCaseOrName) {
  ASSERT_NE(find_rule("NET203"), nullptr);
  EXPECT_EQ(find_rule("net203"), find_rule(rules::nsg_blocks_flow));
  EXPECT_EQ(find_rule("NET2"), nullptr);
  EXPECT_EQ(find_rule(""), nullptr);
}

TEST(RuleRemedy, FollowsTheCause) {
  const CatalogueRule& rule = *find_rule(rules::live_speaks_postgres);
  EXPECT_THAT(rule.remedy_of("tlsFailed").text, testing::HasSubstr("TLS settings"));
  EXPECT_EQ(rule.remedy_of("no-such-cause"), rule.remedy);
}

TEST(RuleCite, FollowsTheEdition) {
  const CatalogueRule& rule = *find_rule(rules::default_dns_only);
  EXPECT_THAT(rule.cite("2024-03").document, testing::HasSubstr("Introduction to Migration runtime server"));
  EXPECT_THAT(rule.cite("2024-06").document, testing::HasSubstr("Known issues"));
  EXPECT_EQ(rule.cite("2024-06").edition, "2024-06");
}

TEST(RemedyFill, ReplacesNamesAndShowsMissingOnes) {
  EXPECT_EQ(fill("link {zone} to {vnet}.", {{"zone", "a.example"}, {"vnet", "vnet-x"}}), "link a.example to vnet-x.");
  EXPECT_EQ(fill("to {vnet}", {}), "to <vnet>");
  EXPECT_EQ(fill("no names, one { brace", {}), "no names, one { brace");
  EXPECT_EQ(fill("{a}{a}", {{"a", "{a}"}}), "{a}{a}");
}

}  // namespace
}  // namespace pgpassage::scenarios
