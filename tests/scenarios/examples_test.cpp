// Every file of topology-examples ends as its name says.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>

#include "netcheck/topology/reader.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::scenarios {
namespace {

namespace fs = std::filesystem;

struct Expected {
  const char* file;
  const char* scenario;
  Verdict verdict;
  std::vector<std::string> rules;  ///< ids that failed, warned or are unknown, each once, in order
};

std::ostream& operator<<(std::ostream& out, const Expected& expected) { return out << expected.file; }

Result<Assessment> assess_example(const fs::path& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  const auto topology = read_topology(text.str());
  if (!topology)
    return fail(Errc::input, "{}:{}: {}", path.string(), topology.error().front().location.line,
                topology.error().front().message);
  return assess(*topology, topology->edition);
}

fs::path example(std::string_view name) {
  return fs::path{PGPASSAGE_SOURCE_DIR "/topology-examples"} / (std::string{name} + ".yaml");
}

std::vector<std::string> notable(const Assessment& assessment) {
  std::vector<std::string> ids;
  for (const Finding& finding : assessment.findings)
    if (finding.status != Status::passed && finding.status != Status::skipped) ids.push_back(finding.rule->id);
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

const std::vector<Expected> expectations{
    {"demo-s11", "S11", Verdict::ready, {}},
    {"not-listed-public-to-endpoint", "", Verdict::unsupported, {"SCN102"}},
    {"r3-private-to-public-2024-03-ready", "R3", Verdict::ready, {}},
    {"s01-on-premises-public-firewall-closed", "S01", Verdict::not_ready, {"NET210"}},
    {"s01-on-premises-public-firewall-unknown", "S01", Verdict::inconclusive, {"NET205", "NET210"}},
    {"s01-on-premises-public-private-address", "S01", Verdict::not_ready, {"NET311"}},
    {"s01-on-premises-public-ready", "S01", Verdict::ready, {}},
    {"s02-on-premises-vpn-inbound-closed", "S02", Verdict::ready, {"NET314"}},
    {"s02-on-premises-vpn-no-return-route", "S02", Verdict::not_ready, {"NET204"}},
    {"s02-on-premises-vpn-not-connected", "S02", Verdict::not_ready, {"NET207"}},
    {"s02-on-premises-vpn-nsg-blocks-postgres", "S02", Verdict::not_ready, {"NET203"}},
    {"s02-on-premises-vpn-ready", "S02", Verdict::ready, {}},
    {"s02-on-premises-vpn-runtime-server", "S02", Verdict::ready, {}},
    {"s03-amazon-rds-public-ready", "S03", Verdict::ready, {}},
    {"s03-amazon-rds-public-security-group-closed", "S03", Verdict::not_ready, {"NET210"}},
    {"s04-amazon-aurora-private-prefix-missing", "S04", Verdict::not_ready, {"NET207"}},
    {"s04-amazon-aurora-private-network-acl-ready", "S04", Verdict::ready, {}},
    {"s04-amazon-aurora-private-ready", "S04", Verdict::ready, {}},
    {"s05-cloud-sql-public-not-authorized", "S05", Verdict::not_ready, {"NET210"}},
    {"s05-cloud-sql-public-ready", "S05", Verdict::ready, {}},
    {"s06-cloud-sql-private-authorized-network-ready", "S06", Verdict::ready, {}},
    {"s06-cloud-sql-private-ready", "S06", Verdict::ready, {}},
    {"s07-azure-vm-dual-stack-ready", "S07", Verdict::ready, {}},
    {"s07-azure-vm-other-vnet-peering-one-sided", "S07", Verdict::not_ready, {"NET206"}},
    {"s07-azure-vm-other-vnet-ready", "S07", Verdict::ready, {}},
    {"s07-azure-vm-same-vnet-ready", "S07", Verdict::ready, {}},
    {"s08-single-server-public-ready", "S08", Verdict::ready, {}},
    {"s08-single-server-public-retired", "", Verdict::unsupported, {"SCN102", "SCN107"}},
    {"s08-single-server-public-rule-missing", "S08", Verdict::not_ready, {"NET308"}},
    {"s09-single-server-endpoint-ready", "S09", Verdict::ready, {}},
    {"s09-single-server-endpoint-record-missing", "S09", Verdict::not_ready, {"DNS204", "DNS303"}},
    {"s09-single-server-endpoint-stale-record", "S09", Verdict::not_ready, {"DNS205"}},
    {"s10-single-server-runtime-endpoint-pending", "S10", Verdict::not_ready, {"NET305"}},
    {"s10-single-server-runtime-ready", "S10", Verdict::ready, {}},
    {"s11-runtime-server-company-rules-ready", "S11", Verdict::ready, {}},
    {"s11-runtime-server-custom-host", "S11", Verdict::ready, {}},
    {"s11-runtime-server-custom-host-2024-06", "S11", Verdict::not_ready, {"DNS307"}},
    {"s11-runtime-server-missing", "S11", Verdict::not_ready, {"SCN103"}},
    {"s11-runtime-server-nsg-blocks-postgres", "S11", Verdict::not_ready, {"NET203"}},
    {"s11-runtime-server-own-zone-not-linked", "S11", Verdict::ready, {"DNS302"}},
    {"s11-runtime-server-peering-one-sided", "S11", Verdict::not_ready, {"NET203", "NET206"}},
    {"s11-runtime-server-ready", "S11", Verdict::ready, {}},
    {"s11-runtime-server-route-drops", "S11", Verdict::not_ready, {"NET204"}},
    {"s11-runtime-server-zone-not-linked", "S11", Verdict::not_ready, {"DNS203"}},
    {"s12-private-to-public-unsupported", "S12", Verdict::unsupported, {"SCN101"}}};

class Example : public testing::TestWithParam<Expected> {};

TEST_P(Example, EndsAsItsNameSays) {
  const Expected& expected = GetParam();
  const auto assessment = assess_example(example(expected.file));
  ASSERT_TRUE(assessment) << assessment.error().message;
  EXPECT_EQ(assessment->scenario.id, expected.scenario);
  EXPECT_STREQ(to_string(assessment->verdict), to_string(expected.verdict));
  EXPECT_EQ(notable(*assessment), expected.rules);
  for (const Finding& finding : assessment->findings) {
    EXPECT_EQ(finding.remedy.az_cli.find('<'), std::string::npos) << finding.rule->id << ' ' << finding.remedy.az_cli;
    if (finding.status != Status::failed && finding.status != Status::unknown) continue;
    EXPECT_FALSE(finding.subject.empty() || finding.message.empty() || finding.remedy.text.empty()) << finding.rule->id;
    EXPECT_TRUE(finding.location.known()) << finding.rule->id << ' ' << finding.subject;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Example, testing::ValuesIn(expectations), [](const auto& test) {
  std::string name = test.param.file;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(Examples, EachFileIsExpectedAbove) {
  for (const auto& entry : fs::directory_iterator{PGPASSAGE_SOURCE_DIR "/topology-examples"}) {
    if (entry.path().extension() != ".yaml") continue;
    const auto same = [&](const Expected& one) { return one.file == entry.path().stem(); };
    EXPECT_EQ(std::ranges::count_if(expectations, same), 1) << entry.path();
  }
}

}  // namespace
}  // namespace pgpassage::scenarios
