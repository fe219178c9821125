#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "program.hpp"

/// The real binary with a file of waivers.
namespace pgpassage::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Waivers : public testing::Test {
 protected:
  void SetUp() override {
    std::stringstream text;
    text << std::ifstream{PGPASSAGE_SOURCE_DIR "/tests/cases/default-dns-only/custom-dns-server.yaml"}.rdbuf();
    work_.write("dns.yaml", text.str());
  }

  void waive(const std::string& expiry) const {
    work_.write("waivers.yaml",
                "- rule: DNS307\n  subject: vnet-runtime\n  reason: <b>Moved</b> next year\n  owner: network team\n"
                "  expiry: " +
                    expiry + "\n");
  }

  ProgramResult on(const std::string& day, const std::string& arguments) const {
    return work_.run("pgpassage " + arguments + " --no-live --report-time " + day + "T23:59:59Z");
  }

  Workplace work_;
};

TEST_F(Waivers, HoldToTheEndOfTheirLastDay) {
  waive("2025-06-30");
  EXPECT_EQ(work_.run("pgpassage check dns.yaml --no-live").exit_code, 1);
  for (const char* command : {"check dns.yaml --waivers waivers.yaml", "report dns.yaml --waivers waivers.yaml"}) {
    EXPECT_EQ(on("2025-06-30", command).exit_code, 0) << command;
    EXPECT_EQ(on("2025-07-01", command).exit_code, 1) << command;
  }
}

TEST_F(Waivers, AreInEveryFormat) {
  waive("2025-06-30");
  for (const char* format : {"text", "json", "markdown", "html", "junit", "sarif"}) {
    const auto result = on("2025-02-07", std::string{"check dns.yaml --waivers waivers.yaml --format "} + format);
    EXPECT_EQ(result.exit_code, 0) << format << result.error;
    EXPECT_THAT(result.output, AllOf(HasSubstr("network team"), HasSubstr("2025-06-30"), HasSubstr("next year")));
  }
  const auto json = boost::json::parse(on("2025-02-07", "check dns.yaml --waivers waivers.yaml --format json").output);
  EXPECT_EQ(json.at("summary").at("waived"), 1);
  EXPECT_EQ(json.at("summary").at("failed"), 0);
  for (const auto& check : json.at("checks").as_array())
    if (check.at("status") == "waived") {
      EXPECT_EQ(check.at("waiver").at("statusWithout"), "failed");
      EXPECT_EQ(check.at("waiver").at("location").at("file"), "waivers.yaml");
    }
}

TEST_F(Waivers, CanBeNamedByTheEnvironmentAndLeftOut) {
  waive("2025-06-30");
  const std::string check = " check dns.yaml --no-live --report-time 2025-02-07T00:00:00Z --format markdown";
  EXPECT_EQ(work_.run("PGPASSAGE_WAIVERS=waivers.yaml pgpassage" + check).exit_code, 0);
  EXPECT_EQ(work_.run("PGPASSAGE_WAIVERS=waivers.yaml pgpassage" + check + " --no-waivers").exit_code, 1);
  EXPECT_EQ(work_.run("pgpassage" + check + " --waivers waivers.yaml --no-waivers").exit_code, 1);
}

TEST_F(Waivers, ThatAreMalformedAreFindingsWithTheirPlace) {
  work_.write("waivers.yaml", "- {rule: DNS307, subject: vnet-runtime, owner: network team, expiry: 2025-06-30}\n");
  const auto result = on("2025-02-07", "check dns.yaml --waivers waivers.yaml --format json");
  EXPECT_EQ(result.exit_code, 1);
  const auto json = boost::json::parse(result.output);
  const auto& checks = json.at("checks").as_array();
  EXPECT_EQ(checks.back().at("id"), "WAV101");
  EXPECT_EQ(checks.back().at("location"), (boost::json::value{{"file", "waivers.yaml"}, {"line", 1}, {"column", 3}}));
}

TEST_F(Waivers, AFileThatIsNoListIsWrongInput) {
  work_.write("waivers.yaml", "waiver: []\n");
  const auto result = work_.run("pgpassage check dns.yaml --no-live --waivers waivers.yaml");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.error, HasSubstr("waivers.yaml:1:1"));
  EXPECT_EQ(work_.run("pgpassage check dns.yaml --no-live --waivers nothing.yaml").exit_code, 2);
  EXPECT_EQ(work_.run("pgpassage report a-migration --waivers waivers.yaml").exit_code, 2);
}

}  // namespace
}  // namespace pgpassage::app
