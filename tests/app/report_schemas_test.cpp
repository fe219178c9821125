#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "program.hpp"

/// What pipelines read, held to their schemas: every example file, live and on paper, waived and not.
namespace pgpassage::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr const char* schemas = PGPASSAGE_SOURCE_DIR "/tests/app/schemas/";

std::string read(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

const valijson::Schema& sarif_schema() {
  static const json::value text = json::parse(read(std::string{schemas} + "sarif-2.1.0-rtm.5.json"));
  static const auto schema = [] {
    auto read_schema = std::make_unique<valijson::Schema>();
    valijson::SchemaParser{valijson::SchemaParser::kDraft4}.populateSchema(valijson::adapters::BoostJsonAdapter{text},
                                                                           *read_schema);
    return read_schema;
  }();
  return *schema;
}

/// What is wrong with a SARIF log; empty: nothing.
std::string objections(const std::string& text) {
  const json::value value = json::parse(text);
  valijson::ValidationResults results;
  valijson::Validator{}.validate(sarif_schema(), valijson::adapters::BoostJsonAdapter{value}, &results);
  std::string found;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const std::string& step : error.context) found += step;
    found += ": " + error.description + "\n";
  }
  return found;
}

class ReportOf : public testing::TestWithParam<std::string> {
 protected:
  std::string written(const std::string& format) const {
    const std::string file = PGPASSAGE_SOURCE_DIR "/topology-examples/" + GetParam();
    const auto result =
        work_.run("pgpassage check --no-live --waivers waivers.yaml --output report --format " + format + " " + file);
    EXPECT_LT(result.exit_code, 4) << result.error;
    EXPECT_NE(result.exit_code, 2) << result.error;
    return work_.read("report");
  }
  void SetUp() override {
    work_.write(
        "waivers.yaml",
        "- {rule: NET303, subject: orders-runtime, reason: near enough, owner: me, expiry: 2999-12-31}\n- {}\n");
  }
  Workplace work_;
};

TEST_P(ReportOf, IsSarif) { EXPECT_EQ(objections(written("sarif")), ""); }

TEST_P(ReportOf, IsJUnit) {
  written("junit");
  const auto result = work_.run("xmllint --noout --schema " + std::string{schemas} + "junit.xsd report");
  if (result.exit_code == 127) GTEST_SKIP() << "xmllint is not installed (libxml2-utils)";
  EXPECT_EQ(result.exit_code, 0) << result.error;
}

std::vector<std::string> examples() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{PGPASSAGE_SOURCE_DIR "/topology-examples"})
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Examples, ReportOf, testing::ValuesIn(examples()), [](const auto& test) {
  std::string name = fs::path{test.param}.stem();
  std::ranges::replace_if(
      name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(SarifSchema, FindsWhatIsWrong) {
  EXPECT_NE(objections(R"({"version": "2.1.0"})"), "");
  EXPECT_NE(objections(R"({"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]})"), "");
  EXPECT_EQ(objections(R"({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": []}]})"), "");
}

TEST(JUnitSchema, FindsWhatIsWrong) {
  const Workplace work;
  work.write("report", "<testsuites name='x' tests='1' failures='0' errors='0'><testsuite name='x'/></testsuites>");
  const auto result = work.run("xmllint --noout --schema " + std::string{schemas} + "junit.xsd report");
  if (result.exit_code == 127) GTEST_SKIP() << "xmllint is not installed (libxml2-utils)";
  EXPECT_NE(result.exit_code, 0);
}

}  // namespace
}  // namespace pgpassage::app
