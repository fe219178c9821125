#include "app/report/pairs_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "app/cli.hpp"
#include "app/report/diff_report.hpp"
#include "netcheck/topology/reader.hpp"

namespace pgpassage::app {
namespace {

using testing::HasSubstr;
namespace json = boost::json;

/// Spokes of one form around a hub; with `closed`, the first spoke takes nothing on 5432.
TopologyFile spokes(int count, bool closed = false) {
  std::string text =
      "apiVersion: pgpassage/v1\nmetadata: {name: spokes}\nvirtualNetworks:\n"
      "  - name: vnet-hub\n    addressPrefixes: [10.0.0.0/16]\n"
      "    subnets: [{name: snet-a, addressPrefix: 10.0.1.0/24}]\n    peerings:\n";
  for (int i = 1; i <= count; ++i)
    text += fmt::format("      - {{name: to-{0}, remoteVirtualNetwork: vnet-{0}, peeringState: Connected}}\n", i);
  for (int i = 1; i <= count; ++i)
    text += fmt::format(
        "  - name: vnet-{0}\n    addressPrefixes: [10.{1}.{2}.0/24]\n"
        "    subnets: [{{name: snet-a, addressPrefix: 10.{1}.{2}.0/25{3}}}]\n"
        "    peerings: [{{name: to-hub, remoteVirtualNetwork: vnet-hub, peeringState: Connected}}]\n",
        i, 1 + i / 200, i % 200, closed && i == 1 ? ", networkSecurityGroup: nsg" : "");
  text +=
      "networkSecurityGroups:\n  - name: nsg\n    securityRules:\n"
      "      - {name: deny, priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: '*', "
      "sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '5432'}\n";
  auto topology = read_topology(text);
  if (!topology) throw std::runtime_error(topology.error().front().message);
  return {"spokes.yaml", "00", std::move(text), *std::move(topology)};
}

struct Rendered {
  TopologyFile file;
  netcheck::ReachMatrix reach = netcheck::reach_matrix(file.topology, 5432);
  PairsReport report() const { return {file, &file.topology, &reach, 5432}; }
};

void expect_80_columns(const std::string& text) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 80) << line;
}

TEST(PairsReport, SaysTheAnswerFirstAndStaysShortWhenNodesAreAlike) {
  for (const int count : {3, 250}) {
    const Rendered rendered{spokes(count)};
    const std::string text = render_pairs_text(rendered.report(), {});
    EXPECT_THAT(text.substr(0, text.find('\n')), HasSubstr("flows on TCP port 5432 pass"));
    EXPECT_THAT(text, HasSubstr(fmt::format("{} nodes, in 3 classes", count + 2)));
    EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 30);
    expect_80_columns(text);
  }
}

TEST(PairsReport, JsonHoldsEveryNodeOnceAndTheHash) {
  const Rendered rendered{spokes(5)};
  const json::value document = json::parse(render_pairs_json(rendered.report()));
  std::size_t nodes = 0;
  for (const json::value& one : document.at("classes").as_array()) nodes += one.at("nodes").as_array().size();
  EXPECT_EQ(nodes, rendered.reach.nodes.size());
  EXPECT_EQ(document.at("matrix").at("xxh3").as_string(), netcheck::hash_of(rendered.reach.cells));
  const netcheck::Counts counts = netcheck::counts_of(rendered.reach.cells);
  EXPECT_EQ(document.at("summary").at("allowed").to_number<std::uint64_t>(), counts.allowed);
}

TEST(PairsReport, CsvHoldsEveryCell) {
  const Rendered rendered{spokes(2)};
  const std::string text = render_pairs_csv(rendered.report());
  EXPECT_THAT(text, testing::StartsWith("from,vnet-hub/snet-a,vnet-1/snet-a,vnet-2/snet-a,Internet\n"));
  EXPECT_THAT(text, HasSubstr("\nvnet-1/snet-a,allowed,allowed,denied,allowed\n"));
}

TEST(PairsReport, NeighboursAreThoseOfTheMatrix) {
  const Rendered rendered{spokes(2)};
  const json::value document = json::parse(render_neighbours_json(rendered.report(), 1, true));
  EXPECT_EQ(document.at("from").as_string(), rendered.reach.nodes.all[1].name());
  EXPECT_EQ(document.at("denied").as_array().size(), 1u);
  EXPECT_THAT(render_neighbours_text(rendered.report(), 1, false, {}), HasSubstr("of 4 nodes reach vnet-1/snet-a"));
}

TEST(DiffReport, NamesTheDeciderOnBothSides) {
  const TopologyFile before = spokes(3), after = spokes(3, true);
  const netcheck::ReachDiff diff = netcheck::reach_diff(before.topology, after.topology, 5432);
  const DiffReport report{before, after, diff, 5432};
  const std::string text = render_diff_text(report, {});
  EXPECT_THAT(text, testing::StartsWith("0 flows open and 2 close on TCP port 5432"));
  EXPECT_THAT(text, HasSubstr("denied by nsg/deny"));
  expect_80_columns(text);
  const json::value document = json::parse(render_diff_json(report));
  EXPECT_EQ(document.at("summary").at("closes").to_number<int>(), 2);
  EXPECT_EQ(document.at("changes").at(0).at("witness").at("after").at("by").as_string(), "nsg/deny");
}

TEST(DiffReport, SaysThatNothingChanged) {
  const TopologyFile file = spokes(2);
  const netcheck::ReachDiff diff = netcheck::reach_diff(file.topology, file.topology, 5432);
  EXPECT_THAT(render_diff_text({file, file, diff, 5432}, {}), HasSubstr("no flow on TCP port 5432 opens or closes"));
}

// What neither file decides may have changed all the same.
TEST(DiffReport, DoesNotSayThatNothingChangedWhereBothLeaveFlowsOpen) {
  const TopologyFile before = spokes(2);
  TopologyFile after = before;
  netcheck::ReachDiff diff = netcheck::reach_diff(before.topology, after.topology, 5432);
  diff.unknown_in_both = 3;
  EXPECT_FALSE((DiffReport{before, after, diff, 5432}.leaves_open()));
  after.topology.description = "edited";
  const DiffReport report{before, after, diff, 5432};
  EXPECT_TRUE(report.leaves_open());
  EXPECT_THAT(render_diff_text(report, {}),
              testing::StartsWith("? no flow on TCP port 5432 is known to open or close"));
}

TEST(PairsCommandLine, CsvBelongsToTheMatrix) {
  EXPECT_TRUE(parse_command_line({"check", "x.yaml", "--all-pairs", "--format", "csv"}));
  EXPECT_FALSE(parse_command_line({"check", "x.yaml", "--format", "csv"}));
  EXPECT_FALSE(parse_command_line({"check", "x.yaml", "--all-pairs", "--from", "a", "--format", "csv"}));
  EXPECT_FALSE(parse_command_line({"list", "--format", "csv"}));
}

TEST(PairsCommandLine, NodesAndPortNeedAllPairs) {
  EXPECT_FALSE(parse_command_line({"check", "x.yaml", "--from", "a"}));
  EXPECT_FALSE(parse_command_line({"check", "x.yaml", "--port", "80"}));
  EXPECT_TRUE(parse_command_line({"check", "x.yaml", "--all-pairs", "--from", "a", "--to", "b", "--port", "80"}));
}

TEST(PairsCommandLine, WhatJudgesTheMigrationIsRefused) {
  EXPECT_FALSE(parse_command_line({"check", "x.yaml", "--all-pairs", "--edition", "2024-06"}));
  EXPECT_FALSE(parse_command_line({"check", "x.yaml", "--all-pairs", "--no-live"}));
  EXPECT_FALSE(parse_command_line({"check", "x.yaml", "--all-pairs", "--time-limit", "5"}));
  EXPECT_TRUE(parse_command_line({"check", "x.yaml", "--edition", "2024-06", "--no-live"}));
}

}  // namespace
}  // namespace pgpassage::app
