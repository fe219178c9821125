#include "app/report/check_json.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/version.hpp"
#include "sample_assessment.hpp"

namespace pgpassage::app {
namespace {

namespace json = boost::json;

/// Every key of contract 4 must be in the object, in its order; others may stand between them.
void expect_keys(const json::value& value, const std::vector<std::string>& required, const std::string& what) {
  ASSERT_TRUE(value.is_object()) << what;
  auto member = value.get_object().begin();
  for (const std::string& key : required) {
    while (member != value.get_object().end() && member->key() != key) ++member;
    EXPECT_NE(member, value.get_object().end()) << what << " lacks " << key << " or has it out of order";
    if (member == value.get_object().end()) return;
  }
}

json::value rendered() { return json::parse(render_json(not_ready_assessment(), sample_subject())); }

TEST(CheckJson, HasEveryKeyOfTheContract) {
  const json::value document = rendered();
  expect_keys(
      document,
      {"schemaVersion", "tool", "topology", "edition", "verdict", "scenario", "flows", "checks", "names", "summary"},
      "document");
  expect_keys(document.at("tool"), {"name", "version"}, "tool");
  expect_keys(document.at("topology"), {"file", "sha256", "name"}, "topology");
  expect_keys(document.at("scenario"), {"id", "title", "supported", "path", "cite"}, "scenario");
  expect_keys(document.at("scenario").at("cite"), {"document", "section", "edition"}, "cite");
  for (const json::value& flow : document.at("flows").as_array()) {
    expect_keys(flow, {"id", "from", "to", "protocol", "port", "predicted", "observed", "hops"}, "flow");
    for (const json::value& hop : flow.at("hops").as_array())
      expect_keys(hop, {"leg", "at", "kind", "decision", "by", "line"}, "hop");
  }
  for (const json::value& check : document.at("checks").as_array()) {
    expect_keys(check,
                {"rule", "id", "status", "severity", "subject", "message", "evidence", "remedy", "location", "cite"},
                "check");
    expect_keys(check.at("remedy"), {"text", "azCli"}, "remedy");
  }
  for (const json::value& name : document.at("names").as_array()) {
    expect_keys(name, {"name", "from", "predicted", "observed"}, "name");
    expect_keys(name.at("predicted"), {"chain", "addresses", "by"}, "predicted");
  }
  expect_keys(document.at("names").at(0).at("observed"), {"chain", "addresses", "server", "milliseconds"}, "observed");
  expect_keys(document.at("summary"), {"passed", "failed", "warning", "unknown", "skipped", "waived"}, "summary");
}

TEST(CheckJson, SpellsValuesAsTheContractDoes) {
  const json::value document = rendered();
  EXPECT_EQ(document.at("schemaVersion"), 1);
  EXPECT_EQ(document.at("tool").at("version").as_string(), version);
  EXPECT_EQ(document.at("verdict"), "notReady");
  EXPECT_EQ(document.at("scenario").at("path"), "runtimeServer");
  const json::value& stopped = document.at("flows").at(1);
  EXPECT_EQ(stopped.at("protocol"), "tcp");
  EXPECT_EQ(stopped.at("port"), 5432);
  EXPECT_EQ(stopped.at("predicted"), "denied");
  EXPECT_EQ(stopped.at("observed"), "notProbed");
  EXPECT_EQ(stopped.at("hops").at(0).at("line"), 31);
  EXPECT_EQ(stopped.at("hops").at(0).at("cause"), "nsg-deny");
  EXPECT_EQ(document.at("flows").at(2).at("standsFor"), "orders-runtime");
  EXPECT_EQ(document.at("flows").at(2).at("observed"), "timedOut");
}

TEST(CheckJson, IsNullWhereNothingIsKnown) {
  const json::value document = rendered();
  EXPECT_TRUE(document.at("flows").at(1).at("hops").at(1).at("line").is_null());  // a default rule
  EXPECT_TRUE(document.at("names").at(1).at("observed").is_null());
  EXPECT_TRUE(document.at("checks").at(0).at("location").is_null());
  EXPECT_TRUE(document.at("checks").at(0).at("remedy").at("azCli").is_null());
  scenarios::Assessment unlisted = not_ready_assessment();
  unlisted.scenario = {};
  const json::value scenario = json::parse(render_json(unlisted, sample_subject())).at("scenario");
  EXPECT_TRUE(scenario.at("id").is_null());
  EXPECT_TRUE(scenario.at("path").is_null());
  EXPECT_TRUE(scenario.at("cite").is_null());
}

TEST(CheckJson, LocatesAFindingInTheFile) {
  const json::value check = rendered().at("checks").at(2);
  EXPECT_EQ(check.at("location"), (json::value{{"file", "contoso.yaml"}, {"line", 31}, {"column", 9}}));
  EXPECT_EQ(check.at("cite").at("edition"), "2025-02");  // the rule's own, since the finding has none
}

TEST(CheckJson, IsValidWithHostileNames) {
  const std::string text = render_json(hostile_assessment(), sample_subject());
  EXPECT_EQ(text.find('\x1b'), text.npos);
  EXPECT_NO_THROW(json::parse(text));
}

TEST(ProbeJson, HasFlowsAndNamesAlone) {
  const json::value document = json::parse(render_probe_json(ready_assessment(), sample_subject()));
  expect_keys(document, {"schemaVersion", "tool", "topology", "flows", "names"}, "document");
  EXPECT_FALSE(document.as_object().contains("verdict"));
}

}  // namespace
}  // namespace pgpassage::app
