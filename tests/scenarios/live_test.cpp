// What live results make of an assessment that is ready on paper.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <sstream>

#include "netcheck/topology/reader.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::Observed;
using ::testing::HasSubstr;

Topology topology_of(const std::function<void(Topology&)>& change) {
  std::ifstream file{PGPASSAGE_SOURCE_DIR "/topology-examples/demo-s11.yaml"};
  std::stringstream text;
  text << file.rdbuf();
  Topology topology = read_topology(text.str()).value();
  if (change) change(topology);
  return topology;
}

netcheck::Observation observation(Observed observed, const char* address) {
  return {.observed = observed, .address = IpAddress::parse(address), .port = 5432};
}

/// The host's probes and lookups, all as the demonstration's network must answer.
LiveResults all_well() {
  LiveResults live;
  live.flows = {{"host->source", "vm-crossing", observation(Observed::connected, "192.168.10.20")},
                {"host->target", "vm-crossing", observation(Observed::connected, "10.30.2.4")}};
  const auto name = [&](const char* asked, const char* address) {
    dns::Lookup lookup{.name = asked, .status = dns::LookupStatus::answered, .chain = {asked}};
    lookup.addresses = {*IpAddress::parse(address)};
    live.names.push_back({asked, "vm-crossing", lookup});
  };
  name("orders.corp.contoso.example", "192.168.10.20");
  name("orders-target.postgres.database.azure.com", "10.30.2.4");
  return live;
}

Assessment judged(const LiveResults& live, const std::function<void(Topology&)>& change = {}) {
  const Topology topology = topology_of(change);
  return judge_live(topology, assess(topology, "2025-02").value(), live);
}

long count(const Assessment& assessment, std::string_view id, Status status) {
  return std::ranges::count_if(
      assessment.findings, [&](const Finding& finding) { return finding.rule->id == id && finding.status == status; });
}

const FlowAssessment& flow(const Assessment& assessment, std::string_view id) {
  return *std::ranges::find(assessment.flows, id, &FlowAssessment::id);
}

const Finding& finding(const Assessment& assessment, std::string_view id, Status status) {
  return *std::ranges::find_if(assessment.findings,
                               [&](const Finding& each) { return each.rule->id == id && each.status == status; });
}

TEST(JudgeLive, AStandInSpeaksForTheRoleAndSaysSo) {
  const Assessment assessment = judged(all_well());
  EXPECT_EQ(assessment.verdict, Verdict::ready);
  EXPECT_EQ(flow(assessment, "runtime->target").observation.from, "vm-crossing, standing for orders-runtime");
  EXPECT_EQ(count(assessment, "LIV101", Status::passed), 4);
  EXPECT_EQ(count(assessment, "LIV103", Status::passed), 4);
  EXPECT_EQ(count(assessment, "LIV101", Status::skipped), 0) << "what was skipped on paper is forgotten";
}

TEST(JudgeLive, NothingProbedIsInconclusive) {
  const Assessment assessment = judged({});
  EXPECT_EQ(assessment.verdict, Verdict::inconclusive);
  EXPECT_EQ(count(assessment, "LIV101", Status::unknown), 4);
}

TEST(JudgeLive, AllowedOnPaperAndTimedOutIsAFailure) {
  LiveResults live = all_well();
  live.flows[1].observation.observed = Observed::timed_out;
  const Assessment assessment = judged(live);
  EXPECT_EQ(assessment.verdict, Verdict::not_ready);
  EXPECT_GE(count(assessment, "LIV101", Status::failed), 1);
}

TEST(JudgeLive, DeniedOnPaperAndConnectedIsAFindingOfItsOwn) {
  const Assessment assessment =
      judged(all_well(), [](Topology& topology) { topology.sites[0].firewall_rules->clear(); });
  EXPECT_EQ(assessment.verdict, Verdict::not_ready) << "the paper's failure stays";
  EXPECT_EQ(count(assessment, "LIV102", Status::warning), 1) << "of the host's flow, not of the role's";
  EXPECT_GE(count(assessment, "NET210", Status::failed), 1);
}

TEST(JudgeLive, ConnectingToAPublicAddressIsTheWrongAddress) {
  LiveResults live = all_well();
  live.flows[1].observation.address = IpAddress::parse("198.51.100.9");
  live.names[1].lookup.addresses = {*IpAddress::parse("198.51.100.9")};
  const Assessment assessment = judged(live);
  EXPECT_EQ(flow(assessment, "host->target").observation.observed, Observed::wrong_address);
  EXPECT_GE(count(assessment, "LIV104", Status::failed), 1);
  EXPECT_GE(count(assessment, "LIV103", Status::failed), 1);
}

TEST(JudgeLive, AWrongAddressBesideTheDueOneIsAFinding) {
  LiveResults live = all_well();
  live.names[1].lookup.addresses.push_back(*IpAddress::parse("198.51.100.9"));
  const Assessment assessment = judged(live);
  EXPECT_EQ(assessment.verdict, Verdict::not_ready);
  EXPECT_EQ(flow(assessment, "host->target").observation.observed, Observed::wrong_address);
  EXPECT_GE(count(assessment, "LIV103", Status::failed), 1);
  EXPECT_GE(count(assessment, "LIV104", Status::failed), 1);
  EXPECT_THAT(finding(assessment, "LIV103", Status::failed).message,
              HasSubstr("and to 198.51.100.9 too: a connection may go to either"));
}

TEST(JudgeLive, AnAddressOfTheOtherFamilyAndTheSameScopeMayBeTheSameServer) {
  LiveResults live = all_well();
  live.names[1].lookup.addresses.push_back(*IpAddress::parse("fd00::4"));
  EXPECT_EQ(judged(live).verdict, Verdict::ready);
  live.names[1].lookup.addresses.back() = *IpAddress::parse("2603:1020::4");
  EXPECT_EQ(judged(live).verdict, Verdict::not_ready);
}

TEST(JudgeLive, WhatWasNotProbedIsCuredByProbingIt) {
  LiveResults live;
  live.flows = {{"host->source", "vm-crossing", {}}};
  live.flows[0].observation.detail = "it starts at vm-crossing, and this machine is not there";
  live.flows[0].observation.cure = "Run pgpassage on vm-crossing (10.20.2.4)";
  const Assessment assessment = judged(live);
  for (const Finding& finding : assessment.findings) {
    if (finding.rule->id != "LIV101") continue;
    EXPECT_THAT(finding.remedy.text, HasSubstr("or judge on paper alone with --no-live"));
    EXPECT_THAT(finding.remedy.text, ::testing::Not(HasSubstr("stops TCP")));
  }
  EXPECT_TRUE(std::ranges::any_of(assessment.findings, [](const Finding& finding) {
    return finding.remedy.text.starts_with("Run pgpassage on vm-crossing (10.20.2.4), or");
  }));
}

TEST(JudgeLive, SilenceNamesWhatNoConnectionReliedOn) {
  LiveResults live = all_well();
  live.flows[1].observation.observed = Observed::timed_out;
  const std::string cure = finding(judged(live), "LIV101", Status::failed).remedy.text;
  EXPECT_THAT(cure, HasSubstr("NSG rule nsg-endpoints/allow-postgres-from-runtime"));
  EXPECT_THAT(cure, HasSubstr("peering vnet-runtime/runtime-to-target"));
  live.flows[1].observation.observed = Observed::refused;
  EXPECT_THAT(finding(judged(live), "LIV101", Status::failed).remedy.text, HasSubstr("A refusal comes from"));
}

TEST(JudgeLive, AHostInAnotherNetworkIsNoEvidenceForTheRole) {
  const Assessment assessment = judged(all_well(), [](Topology& topology) {
    Host& host = topology.hosts[0];
    host.virtual_network = "vnet-target";
    host.subnet = "snet-endpoints";
    host.ip_address = *IpAddress::parse("10.30.2.9");
  });
  EXPECT_EQ(flow(assessment, "runtime->target").observation.observed, Observed::not_probed);
  EXPECT_NE(assessment.verdict, Verdict::ready);
}

TEST(JudgeLive, TheRolesOwnSubnetNsgStaysOnPaper) {
  const Assessment assessment = judged(all_well(), [](Topology& topology) {
    for (SecurityRule& rule : topology.network_security_groups[0].rules)
      if (rule.name == "allow-postgres-to-target") rule.access = Access::deny;
  });
  EXPECT_EQ(flow(assessment, "runtime->target").trace.predicted, netcheck::Predicted::denied);
  EXPECT_EQ(count(assessment, "LIV102", Status::warning), 0);
  EXPECT_EQ(assessment.verdict, Verdict::not_ready);
}

TEST(Assess, RefusesAnUnknownEditionAndATopologyWithoutMigration) {
  EXPECT_EQ(assess(topology_of({}), "2030-01").error().code, Errc::input);
  const Topology topology = topology_of([](Topology& changed) { changed.migration.reset(); });
  EXPECT_EQ(assess(topology, "2025-02").error().code, Errc::input);
}

TEST(Assess, AnUnknownHFactIsInconclusiveAndItsTraceIsUnknown) {
  const Topology topology = topology_of([](Topology& changed) { changed.sites[0].firewall_rules.reset(); });
  const Assessment assessment = assess(topology, "2025-02").value();
  EXPECT_EQ(assessment.verdict, Verdict::inconclusive);
  EXPECT_EQ(flow(assessment, "runtime->source").trace.predicted, netcheck::Predicted::unknown);
}

TEST(Assess, AnotherEditionThanTheFilesIsNoted) {
  const Assessment assessment = assess(topology_of({}), "2025-07").value();
  EXPECT_TRUE(assessment.edition_overridden);
  EXPECT_EQ(count(assessment, "SCN108", Status::passed), 1);
}

}  // namespace
}  // namespace pgpassage::scenarios
