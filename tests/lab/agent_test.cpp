#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "tests/app/program.hpp"

/// An agent on one machine of a raised network, asked from another: results come from the place where a flow starts.
namespace pgpassage::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class AgentInTheLab : public testing::Test {
 protected:
  void SetUp() override {
    work_.run("cp '" PGPASSAGE_SOURCE_DIR "/topology-examples/demo-s11.yaml' .");
    const auto up = lab("up demo-s11.yaml");
    if (up.error.find("cannot make namespaces") != up.error.npos || up.error.find("the lab needs") != up.error.npos)
      GTEST_SKIP() << up.error;
    ASSERT_EQ(up.exit_code, 0) << up.output << up.error;
    for (const char* server : {"orders-source", "orders-target"})
      lab(std::string{"exec "} + server +
          " -- psql -X -h 127.0.0.1 -U postgres -d postgres -c 'CREATE DATABASE orders OWNER migrator'");
    ASSERT_EQ(work_.run("pgpassage agent init --directory c --host 10.20.2.4").exit_code, 0);
    work_.run("cp -r c/. config && mkdir -p home/.config/pgpassage && mv config home/.config/pgpassage/agent");
    lab("exec vm-crossing -- sh -c 'PGPASSAGE_HOME=$PWD/agent pgpassage agent --listen 10.20.2.4:7443 "
        "--tls-cert c/server.crt --tls-key c/server.key --client-ca c/ca.crt --client-crl c/revoked.pem "
        ">agent.log 2>&1 &'");
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (operators("list --agent https://10.20.2.4:7443").exit_code != 0)
      ASSERT_LT(std::chrono::steady_clock::now(), patience) << work_.read("agent.log");
  }
  void TearDown() override { lab("down"); }  // ends what runs in the network, the agent too

  ProgramResult lab(const std::string& rest) const {
    const std::string verb = rest.substr(0, rest.find(' '));
    return work_.run(std::string{PGPASSAGE_LAB} + " " + verb + " --state lab" + rest.substr(verb.size()));
  }
  /// The operator sits in the data centre, at the source.
  ProgramResult operators(const std::string& command) const {
    return lab("exec orders-source -- sh -c 'HOME=$PWD/home PGPASSAGE_HOME=$PWD/operator exec pgpassage " + command +
               "'");
  }

  Workplace work_;
};

TEST_F(AgentInTheLab, FlowsAreProbedFromWhereTheyStart) {
  const auto probed = operators("probe demo-s11.yaml --time-limit 5");
  EXPECT_EQ(probed.exit_code, 0) << probed.output << probed.error;
  EXPECT_THAT(probed.output, HasSubstr("vm-crossing, standing for orders-runtime"));
  const auto denied = work_.run(
      "sed '/name: allow-postgres-from-runtime/,/access:/ s/access: Allow/access: Deny/' demo-s11.yaml >denied.yaml");
  ASSERT_EQ(denied.exit_code, 0);
  ASSERT_EQ(lab("apply denied.yaml").exit_code, 0);
  const auto checked = operators("check demo-s11.yaml --time-limit 3");
  EXPECT_EQ(checked.exit_code, 1) << checked.output << checked.error;
  EXPECT_THAT(checked.output, AllOf(HasSubstr("timed out"), HasSubstr("from vm-crossing")));
}

TEST_F(AgentInTheLab, LogsInFromThePlaceOfTheRole) {
  work_.run("sed -i /passwordEnv/d demo-s11.yaml");
  const auto probed = operators("probe demo-s11.yaml --from runtime --login --time-limit 8");
  EXPECT_EQ(probed.exit_code, 0) << probed.output << probed.error;
  EXPECT_THAT(probed.output, AllOf(HasSubstr("runtime->source"), HasSubstr("runtime->target"),
                                   HasSubstr("vm-crossing, standing for orders-runtime"),
                                   HasSubstr("as migrator to orders"), HasSubstr("path MTU")));
}

TEST_F(AgentInTheLab, AnAgentOfAnotherPlaceGivesNoResult) {
  work_.run("sed -i 's/ipAddress: 10.20.2.4$/ipAddress: 10.20.2.5/' demo-s11.yaml");
  const auto probed = operators("probe demo-s11.yaml --time-limit 3");
  EXPECT_EQ(probed.exit_code, 3) << probed.output << probed.error;
  EXPECT_THAT(probed.output, HasSubstr("this agent is not at vm-crossing"));
}

TEST_F(AgentInTheLab, WithoutACertificateNobodyIsAsked) {
  const auto probed = operators("probe demo-s11.yaml --time-limit 3 --agent-cert nowhere --agent-key nowhere");
  EXPECT_EQ(probed.exit_code, 3) << probed.output << probed.error;
  EXPECT_THAT(probed.output, HasSubstr("the agent of vm-crossing gave no answer"));
}

}  // namespace
}  // namespace pgpassage::app
