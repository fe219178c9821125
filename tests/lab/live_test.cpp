#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/temporary_directory.hpp"

/// The lab raised for real: as root or in a user namespace. The kernel must say what the file says.
namespace pgpassage::lab {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* program = PGPASSAGE_LAB;
constexpr const char* topology = PGPASSAGE_SOURCE_DIR "/tests/lab/hub-and-spoke.yaml";

struct Finished {
  int status = -1;
  std::string output;  ///< both streams
};

Finished shell(const std::string& command) {
  Finished result;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return result;
  char buffer[4096];
  while (const std::size_t length = fread(buffer, 1, sizeof buffer, pipe)) result.output.append(buffer, length);
  const int status = pclose(pipe);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

class LiveLab : public testing::Test {
 protected:
  void SetUp() override {
    const Finished up = lab("up", topology);
    if (up.output.find("cannot make namespaces") != std::string::npos ||
        up.output.find("the lab needs") != std::string::npos)
      GTEST_SKIP() << up.output;
    ASSERT_EQ(up.status, 0) << up.output;
    ASSERT_THAT(up.output, HasSubstr("ready\n"));
  }
  void TearDown() override { shell(std::string{program} + " down --state " + directory_ + "/lab"); }

  Finished lab(const std::string& verb, const std::string& rest = {}) {
    return shell(std::string{program} + " " + verb + " --state " + directory_ + "/lab " + rest);
  }
  std::string outcome(const std::string& attempt) {
    const std::string output = lab("probe", attempt).output;
    return output.substr(output.find(' ') + 1);
  }
  std::string resolved(const std::string& name) { return lab("exec", "vm-tools -- dig +short " + name).output; }

  /// The topology with one piece of text replaced, applied to the running lab.
  Finished apply_with(const std::string& text, const std::string& replacement) {
    std::string changed = text_of(topology);
    const auto at = changed.find(text);
    EXPECT_NE(at, std::string::npos) << text;
    changed.replace(at, text.size(), replacement);
    std::ofstream{directory_ + "/changed.yaml"} << changed;
    return lab("apply", directory_ + "/changed.yaml");
  }

  test::TemporaryDirectory temporary_{"lab-test"};
  std::string directory_ = temporary_.path();
};

TEST_F(LiveLab, EveryPairAnswersAsTheFileSays) {
  const Finished probed =
      lab("probe",
          "vm-tools:192.168.4.20:5432 vm-tools:10.30.2.4:5432 vm-tools:10.40.1.4:5432 vm-tools:52.30.1.1:5432 "
          "vm-other:10.30.2.4:5432 vm-tools:10.40.1.4:22 spoke-server:10.20.2.4:22 spoke-server:10.30.2.4:5432 "
          "spoke-server:192.168.4.20:5432 orders-source:10.10.0.10:53 orders-source:10.30.2.4:5432");
  EXPECT_EQ(probed.output,
            "vm-tools:192.168.4.20:5432 connected\n"     // peering, gateway transit, VPN
            "vm-tools:10.30.2.4:5432 connected\n"        // peering, private endpoint
            "vm-tools:10.40.1.4:5432 connected\n"        // user route, appliance, forwarded traffic
            "vm-tools:52.30.1.1:5432 connected\n"        // internet, the server's firewall
            "vm-other:10.30.2.4:5432 timedOut\n"         // nsg-endpoints
            "vm-tools:10.40.1.4:22 timedOut\n"           // nsg-tools
            "spoke-server:10.20.2.4:22 refused\n"        // arrives, nobody listens
            "spoke-server:10.30.2.4:5432 timedOut\n"     // peerings are not transitive
            "spoke-server:192.168.4.20:5432 timedOut\n"  // does not use the hub's gateway
            "orders-source:10.10.0.10:53 connected\n"
            "orders-source:10.30.2.4:5432 timedOut\n");
  const std::string hits = lab("hits").output;
  EXPECT_THAT(hits, HasSubstr("nsg-endpoints/deny-network/200"));
  EXPECT_THAT(hits, HasSubstr("nsg-tools/deny-all-out/4000"));
}

TEST_F(LiveLab, NamesResolveAsTheVirtualNetworkSeesThem) {
  EXPECT_EQ(resolved("orders-target.postgres.database.azure.com"),
            "orders-target.privatelink.postgres.database.azure.com.\n10.30.2.4\n");
  EXPECT_EQ(resolved("orders.corp.contoso.example"), "192.168.4.20\n");
  EXPECT_EQ(resolved("orders.c1.eu-west-1.rds.amazonaws.com"), "52.30.1.1\n");
  EXPECT_EQ(resolved("nobody.example"), "");
}

TEST_F(LiveLab, PostgresAnswersByNameAndOverTls) {
  const Finished asked =
      lab("exec",
          "vm-tools -- psql 'host=orders-target.postgres.database.azure.com user=migrator "
          "dbname=postgres sslmode=require sslcert= sslkey=' -Atc 'select current_user, rolsuper, ssl "
          "from pg_roles, pg_stat_ssl where rolname = current_user and pid = pg_backend_pid()'");
  EXPECT_EQ(asked.output, "migrator|f|t\n");
  EXPECT_EQ(lab("exec", "vm-tools -- sh -c 'exit 7'").status, 7);
}

TEST_F(LiveLab, BrokenRuleDropsAndNamesItselfUntilItIsMended) {
  ASSERT_EQ(outcome("vm-tools:10.30.2.4:5432"), "connected\n");
  const Finished broken = apply_with("name: allow-postgres, priority: 100, direction: Outbound, access: Allow",
                                     "name: allow-postgres, priority: 100, direction: Outbound, access: Deny");
  EXPECT_EQ(broken.output, "changed: filter of vnet.vnet-runtime\n");
  EXPECT_EQ(outcome("vm-tools:10.30.2.4:5432"), "timedOut\n");
  EXPECT_THAT(lab("hits").output, HasSubstr("vnet.vnet-runtime  nsg-tools/allow-postgres/100"));
  EXPECT_EQ(lab("apply", topology).status, 0);
  EXPECT_EQ(outcome("vm-tools:10.30.2.4:5432"), "connected\n");
}

TEST_F(LiveLab, UnlinkedZoneGivesThePublicAddressWhichIsShut) {
  const Finished unlinked =
      apply_with("{name: link-hub, virtualNetwork: vnet-hub}", "{name: link-hub, virtualNetwork: vnet-spoke}");
  EXPECT_THAT(unlinked.output, HasSubstr("changed: names"));
  EXPECT_THAT(resolved("orders-target.postgres.database.azure.com"), HasSubstr("198.51.100."));
  EXPECT_EQ(lab("apply", topology).status, 0);
  EXPECT_THAT(resolved("orders-target.postgres.database.azure.com"), HasSubstr("10.30.2.4"));
}

TEST_F(LiveLab, OneSidedPeeringAndLostTransitStopTheWay) {
  apply_with("name: target-to-runtime, remoteVirtualNetwork: vnet-runtime, peeringState: Connected",
             "name: target-to-runtime, remoteVirtualNetwork: vnet-runtime, peeringState: Initiated");
  EXPECT_EQ(outcome("vm-tools:10.30.2.4:5432"), "timedOut\n");
  EXPECT_EQ(outcome("vm-tools:192.168.4.20:5432"), "connected\n");
  apply_with(", allowGatewayTransit: true", "");
  EXPECT_EQ(outcome("vm-tools:10.30.2.4:5432"), "connected\n");
  EXPECT_EQ(outcome("vm-tools:192.168.4.20:5432"), "timedOut\n");
}

TEST_F(LiveLab, ApplianceIsLostWithForwardedTraffic) {
  apply_with(
      "{name: spoke-to-hub, remoteVirtualNetwork: vnet-hub, peeringState: Connected, allowForwardedTraffic: true}",
      "{name: spoke-to-hub, remoteVirtualNetwork: vnet-hub, peeringState: Connected}");
  EXPECT_EQ(outcome("vm-tools:10.40.1.4:5432"), "timedOut\n");
  EXPECT_THAT(lab("hits").output, HasSubstr("spoke-to-hub/allowForwardedTraffic/false"));
}

TEST_F(LiveLab, ApplyRefusesAnotherMachineAndChangesNothing) {
  const Finished refused = apply_with("{name: vm-other,", "{name: vm-renamed,");
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.output, HasSubstr("host.vm-renamed is new"));
  EXPECT_EQ(outcome("vm-other:10.20.2.4:22"), "timedOut\n");
}

TEST_F(LiveLab, DownLeavesNothing) {
  const std::string keeper = text_of(directory_ + "/lab/keeper");
  const std::string process = "/proc/" + keeper.substr(0, keeper.find(' ')) + "/ns/net";
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::symlink_status(process)));
  EXPECT_EQ(lab("down").status, 0);
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/lab"));
  EXPECT_NE(lab("probe", "vm-tools:10.30.2.4:5432").status, 0);
}

TEST_F(LiveLab, RunGivesTheCommandsExitStatusAndRemovesItsState) {
  const Finished ran = shell(std::string{program} + " run " + topology + " --state " + directory_ +
                             "/second --in vm-other -- sh -c 'ip -brief address show e0; exit 5'");
  EXPECT_EQ(ran.status, 5) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("10.20.2.5/32"));
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/second"));
}

/// Root gives the lab no right that a user namespace does not give it.
TEST_F(LiveLab, RaisesWithoutRoot) {
  if (geteuid() != 0) GTEST_SKIP() << "the other cases ran without root already";
  const std::string nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
  if (shell(nobody + "test -x " + program).status != 0 || shell(nobody + "unshare -Un true").status != 0)
    GTEST_SKIP() << "user 65534 may not run " << program << " or may not make user namespaces";
  std::filesystem::permissions(directory_, std::filesystem::perms::all);
  const std::string state = " --state " + directory_ + "/rootless ";
  const Finished ran = shell(nobody + program + " run " + topology + state + "--in vm-tools -- " + program + " probe" +
                             state + "vm-tools:10.30.2.4:5432 vm-other:10.30.2.4:5432");
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.output, HasSubstr("vm-tools:10.30.2.4:5432 connected\nvm-other:10.30.2.4:5432 timedOut\n"));
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/rootless"));
}

}  // namespace
}  // namespace pgpassage::lab
