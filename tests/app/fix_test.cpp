// The command as its users run it: the patch that it prints is applied by patch and git, and check says ready.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "netcheck/topology/editing/edit.hpp"
#include "program.hpp"

namespace pgpassage::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::HasSubstr;
using testing::IsEmpty;

std::string contents(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

fs::path example(const std::string& name) {
  return fs::path{PGPASSAGE_SOURCE_DIR "/topology-examples"} / (name + ".yaml");
}

/// Those that a change of the network can make ready.
std::vector<std::string> broken_examples() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{PGPASSAGE_SOURCE_DIR "/topology-examples"}) {
    const std::string name = entry.path().stem().string();
    const fs::path expected = entry.path().parent_path() / (name + ".expected.json");
    if (entry.path().extension() == ".yaml" && name != "s01-on-premises-public-private-address" &&
        json::parse(contents(expected)).at("verdict") == "notReady")
      names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

class FixedExample : public testing::TestWithParam<std::string> {};

TEST_P(FixedExample, PrintsAPatchWithWhichCheckSaysReady) {
  const Workplace place;
  const std::string before = contents(example(GetParam()));
  place.write("contoso.yaml", before);
  EXPECT_EQ(place.run("pgpassage check contoso.yaml --no-live").exit_code, 1);
  const ProgramResult fix = place.run("pgpassage fix contoso.yaml --patch | tee fix.patch | patch -s -p0");
  ASSERT_EQ(fix.exit_code, 0) << fix.output << fix.error;
  EXPECT_THAT(fix.output + fix.error, IsEmpty());
  const ProgramResult check = place.run("pgpassage check contoso.yaml --no-live");
  EXPECT_EQ(check.exit_code, 0) << check.output << check.error << contents(place.path("contoso.yaml"));
  const std::string after = place.read("contoso.yaml");
  place.write("contoso.yaml", before);
  const ProgramResult git = place.run("GIT_CEILING_DIRECTORIES=/ git apply -p0 fix.patch");
  EXPECT_EQ(git.exit_code, 0) << git.error;
  EXPECT_EQ(place.read("contoso.yaml"), after);
}

INSTANTIATE_TEST_SUITE_P(Broken, FixedExample, testing::ValuesIn(broken_examples()), [](const auto& test) {
  std::string name = test.param;
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

TEST(FixCommand, SaysThatAReadyFileNeedsNothing) {
  const Workplace place;
  place.write("ready.yaml", ready_topology);
  const ProgramResult fix = place.run("pgpassage fix ready.yaml");
  EXPECT_EQ(fix.exit_code, 0);
  EXPECT_THAT(fix.output, HasSubstr("READY  orders-to-flexible can cross this network on paper; there is nothing to"));
  EXPECT_THAT(place.run("pgpassage fix ready.yaml --patch").output, IsEmpty());
}

TEST(FixCommand, PatchAloneAndTheWholeResultAreTwoThings) {
  const Workplace place;
  place.write("ready.yaml", ready_topology);
  const ProgramResult both = place.run("pgpassage fix ready.yaml --patch --format json");
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_THAT(both.error, HasSubstr("give one of them"));
}

TEST(FixCommand, SaysWhatCouldHelpAnUnsupportedScenario) {
  const Workplace place;
  const ProgramResult fix = place.run("pgpassage fix '" + example("s12-private-to-public-unsupported").string() + "'");
  EXPECT_EQ(fix.exit_code, 1);
  EXPECT_THAT(fix.output, HasSubstr("UNSUPPORTED"));
  EXPECT_THAT(fix.output, HasSubstr("Give the target a private endpoint and use a migration runtime"));
}

TEST(FixCommand, NamesTheMissingFactsAndChangesNothing) {
  const Workplace place;
  const std::string file = example("s01-on-premises-public-firewall-unknown").string();
  const ProgramResult fix = place.run("pgpassage fix '" + file + "'");
  EXPECT_EQ(fix.exit_code, 3);
  EXPECT_THAT(fix.output, HasSubstr("Facts that are missing"));
  EXPECT_THAT(fix.output, HasSubstr("the firewall of"));
  EXPECT_THAT(fix.output, testing::Not(HasSubstr("Changes")));
  const ProgramResult patch = place.run("pgpassage fix '" + file + "' --patch");
  EXPECT_EQ(patch.exit_code, 3);
  EXPECT_THAT(patch.output, IsEmpty());
  EXPECT_THAT(patch.error, HasSubstr("inconclusive"));
}

TEST(FixCommand, TellsWhatNoChangeOfTheNetworkCures) {
  const Workplace place;
  const ProgramResult fix =
      place.run("pgpassage fix '" + example("s01-on-premises-public-private-address").string() + "'");
  EXPECT_EQ(fix.exit_code, 1);
  EXPECT_THAT(fix.output, HasSubstr("NOT FIXABLE"));
  EXPECT_THAT(fix.output, HasSubstr("Publish orders-source under a public address"));
}

TEST(FixCommand, RefusesWrongInput) {
  const Workplace place;
  place.write("wrong.yaml", "apiVersion: pgpassage/v1\nmetadata: {name: x}\n");
  EXPECT_EQ(place.run("pgpassage fix wrong.yaml").exit_code, 2);
  EXPECT_EQ(place.run("pgpassage fix none.yaml").exit_code, 2);
  EXPECT_EQ(place.run("pgpassage fix '" + example("demo-s11").string() + "' --edition 1999-01").exit_code, 2);
}

TEST(FixCommand, ShowsInJsonWhatTheTextShows) {
  const Workplace place;
  place.write("contoso.yaml", contents(example("s11-runtime-server-peering-one-sided")));
  const ProgramResult fix = place.run("pgpassage fix contoso.yaml --format json");
  ASSERT_EQ(fix.exit_code, 0) << fix.error;
  const json::value shown = json::parse(fix.output);
  EXPECT_EQ(shown.at("outcome"), "fixed");
  EXPECT_EQ(shown.at("verdict"), "notReady");
  EXPECT_EQ(shown.at("verdictAfter"), "ready");
  ASSERT_EQ(shown.at("changes").as_array().size(), 1u);
  const json::value& change = shown.at("changes").at(0);
  EXPECT_EQ(change.at("rule"), "NET206");
  EXPECT_THAT(std::string{change.at("azCli").at(0).as_string()},
              HasSubstr("az network vnet peering create --resource-group \"$RESOURCE_GROUP\" --vnet-name vnet-target"));
  EXPECT_EQ(shown.at("jsonPatch"), change.at("jsonPatch"));
  EXPECT_EQ(shown.at("patch").as_string(), place.run("pgpassage fix contoso.yaml --patch").output);
  EXPECT_TRUE(shown.at("patchError").is_null());
  EXPECT_TRUE(shown.at("left").as_array().empty());
  const json::value opened{{"from", "orders-runtime"},
                           {"to", "vnet-target/snet-endpoints"},
                           {"protocol", "tcp"},
                           {"port", 5432},
                           {"predicted", "allowed"}};
  EXPECT_THAT(shown.at("newlyAllowed").at("flows").as_array(), testing::Contains(opened));
}

TEST(FixCommand, GivesAJsonTopologyAJsonPatch) {
  const Workplace place;
  auto tree = *editing::tree_of(contents(example("s11-runtime-server-nsg-blocks-postgres")));
  place.write("contoso.json", json::serialize(tree));
  const ProgramResult fix = place.run("pgpassage fix contoso.json --patch");
  ASSERT_EQ(fix.exit_code, 0) << fix.error;
  const json::value patch = json::parse(fix.output);
  for (const json::value& operation : patch.as_array()) {
    ASSERT_EQ(operation.at("op"), "add");
    editing::apply(
        tree, {editing::Operation::Kind::add, std::string{operation.at("path").as_string()}, operation.at("value")});
  }
  place.write("contoso.json", json::serialize(tree));
  EXPECT_EQ(place.run("pgpassage check contoso.json --no-live").exit_code, 0);
}

TEST(FixCommand, SaysHonestlyThatALayoutCannotBePatched) {
  const Workplace place;
  std::string text = contents(example("s02-on-premises-vpn-nsg-blocks-postgres"));
  const std::string key = "    securityRules:";
  text.insert(text.find(key) + key.size(), " &rules");
  text.insert(text.find("\n\n", text.find("networkSecurityGroups:")) + 1,
              "  - name: nsg-spare\n    securityRules: *rules\n");
  place.write("contoso.yaml", text);
  ASSERT_EQ(place.run("pgpassage check contoso.yaml --no-live").exit_code, 1)
      << place.run("pgpassage check contoso.yaml --no-live").error;
  const ProgramResult fix = place.run("pgpassage fix contoso.yaml");
  EXPECT_EQ(fix.exit_code, 0);
  EXPECT_THAT(fix.output, HasSubstr("layout"));
  EXPECT_THAT(fix.output, HasSubstr("az network nsg rule create"));
  EXPECT_NE(place.run("pgpassage fix contoso.yaml --patch").exit_code, 0);
}

}  // namespace
}  // namespace pgpassage::app
