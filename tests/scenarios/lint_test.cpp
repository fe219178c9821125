// What the case files of the lint rules do not show: the order, and what is said of objects beside the path.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "netcheck/topology/reader.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::scenarios {
namespace {

Topology ready_topology() {
  std::ifstream file{PGPASSAGE_SOURCE_DIR "/topology-examples/s11-runtime-server-ready.yaml"};
  std::stringstream text;
  text << file.rdbuf();
  return read_topology(text.str()).value();
}

SecurityRule copy_of(const SecurityRule& rule, int priority) {
  SecurityRule copy = rule;
  copy.name = "again";
  copy.priority = priority;
  return copy;
}

std::vector<const Finding*> warnings(const Assessment& assessment) {
  std::vector<const Finding*> found;
  for (const Finding& finding : assessment.findings)
    if (finding.status == Status::warning) found.push_back(&finding);
  return found;
}

TEST(Lint, NamesObjectsOnTheWayFirst) {
  Topology topology = ready_topology();
  NetworkSecurityGroup& on_the_way = topology.network_security_groups.front();
  on_the_way.rules.push_back(copy_of(on_the_way.rules.front(), 4090));
  NetworkSecurityGroup beside = on_the_way;
  beside.name = "nsg-beside";
  topology.network_security_groups.insert(topology.network_security_groups.begin(), beside);
  const Assessment assessment = assess(topology, "2025-02").value();
  EXPECT_EQ(assessment.verdict, Verdict::ready);
  const auto found = warnings(assessment);
  ASSERT_EQ(found.size(), 3U);  // shadowed, twice, and unused
  EXPECT_EQ(found[0]->subject, topology.network_security_groups[1].name + "/again");
  EXPECT_THAT(found[0]->evidence, testing::Not(testing::Contains("not on the way of any required flow")));
  EXPECT_EQ(found[1]->subject, "nsg-beside/again");
  EXPECT_THAT(found[1]->evidence, testing::Contains("not on the way of any required flow"));
  EXPECT_EQ(found[2]->subject, "nsg-beside");
}

TEST(Lint, NeverKeepsATopologyFromBeingReady) {
  Topology topology = ready_topology();
  topology.route_tables.push_back({.name = "rt-beside", .routes = {}, .location = {1, 1}});
  topology.private_dns_zones.push_back({.name = "azure.com", .location = {2, 1}});
  const Assessment assessment = assess(topology, "2025-02").value();
  EXPECT_EQ(assessment.verdict, Verdict::ready);
  EXPECT_EQ(warnings(assessment).size(), 2U);
}

}  // namespace
}  // namespace pgpassage::scenarios
