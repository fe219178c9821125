#include "app/report/resolution_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "app/topology_file.hpp"
#include "sample_assessment.hpp"

namespace pgpassage::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* target = "orders-target.postgres.database.azure.com";

ResolutionReport report_of(const std::string& example, const std::string& from, const std::string& name) {
  const auto file = open_topology(PGPASSAGE_SOURCE_DIR "/topology-examples/" + example);
  const auto place = netcheck::place_of(file.value().topology, from);
  return {example, name, place.value().node, dns::resolution_of(file->topology, *place, name)};
}

TEST(ResolutionReport, IsALadderOfEveryNameOfTheChain) {
  const std::string text = render_resolution_text(report_of("s11-runtime-server-ready.yaml", "runtime", target), {});
  EXPECT_EQ(text, golden("resolution.txt", text));
}

TEST(ResolutionReport, SaysFirstThatThereIsNoAddress) {
  const auto report = report_of("s11-runtime-server-zone-not-linked.yaml", "runtime", target);
  const std::string text = render_resolution_text(report, {});
  EXPECT_THAT(text, StartsWith("x NO ADDRESS  orders-target.postgres.database.azure.com from orders-runtime\n"));
  EXPECT_THAT(text, HasSubstr("is not linked to vnet-runtime"));
}

TEST(ResolutionReport, FoldsToTheWidthOfTheTerminal) {
  const auto report = report_of("s11-runtime-server-ready.yaml", "runtime", target);
  std::istringstream lines{render_resolution_text(report, {.width = 40})};
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 40) << line;
}

TEST(ResolutionReport, OfAnAddressHasNoHops) {
  const auto report = report_of("s11-runtime-server-ready.yaml", "runtime", "10.30.2.4");
  EXPECT_EQ(render_resolution_text(report, {}),
            "+ RESOLVES  10.30.2.4 from orders-runtime\n  10.30.2.4, by an address\n");
}

TEST(ResolutionJson, IsOneElementOfNamesWithItsHops) {
  const auto report = report_of("s11-runtime-server-ready.yaml", "runtime", target);
  const auto name = boost::json::parse(render_resolution_json(report));
  EXPECT_EQ(name.at("name"), target);
  EXPECT_EQ(name.at("predicted").at("addresses").at(0), "10.30.2.4");
  EXPECT_TRUE(name.at("observed").is_null());
  const auto& last = name.at("hops").as_array().back();
  EXPECT_EQ(last.at("decision"), "answer");
  EXPECT_EQ(last.at("kind"), "zone");
  EXPECT_EQ(last.at("by"), "zone link link-runtime");
  EXPECT_EQ(last.at("line"), 114);
}

}  // namespace
}  // namespace pgpassage::app
