#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "tests/live/agent/world.hpp"

/// A migration that an agent runs, whatever happens to the operator who ordered it.
namespace pgpassage::app {
namespace {

using live::Terminal;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(MigrationThroughAnAgent, LooksLikeALocalOneAndLeavesNothingAtTheOperators) {
  PGPASSAGE_IN_AGENT_WORLD([] {
    AgentWorld world{0};
    world.start_agent();
    const auto child = world.migrate();
    EXPECT_EQ(child->exit_code(), 0);
    EXPECT_THAT(child->output(),
                AllOf(HasSubstr("orders-to-flexible Succeeded"), HasSubstr("source and target are the same"),
                      HasSubstr("handed to the agent by client"), HasSubstr("scenario S07")));
    EXPECT_FALSE(std::filesystem::exists(world.work().path("operator")));
    EXPECT_EQ(world.target().ask("SELECT count(*) FROM t", "shop"), "1000");
    EXPECT_THAT(world.operators("pgpassage list").output, HasSubstr("Succeeded"));
    const auto again = world.migrate();
    EXPECT_EQ(again->exit_code(), 2);
    EXPECT_THAT(again->output(), HasSubstr("orders-to-flexible"));
  });
}

TEST(MigrationThroughAnAgent, GoesOnWhenTheOperatorsProcessIsKilled) {
  PGPASSAGE_IN_AGENT_WORLD([] {
    AgentWorld world;
    world.start_agent();
    const auto child = world.migrate();
    world.wait_until_busy();
    child->signal(SIGKILL);
    EXPECT_EQ(child->exit_code(), 128 + SIGKILL);
    EXPECT_THAT(world.ended(), HasSubstr("\"state\": \"Succeeded\""));
  });
}

TEST(MigrationThroughAnAgent, IsFollowedAgainWhenTheLinkWasCut) {
  PGPASSAGE_IN_AGENT_WORLD([] {
    AgentWorld world;
    world.start_agent();
    const std::string cut =
        "nft 'add table ip cut; add chain ip cut in { type filter hook input priority 0; }; add rule "
        "ip cut in tcp dport " +
        std::to_string(world.agent().port()) + " reject with tcp reset'";
    if (world.work().run("nft list ruleset").exit_code != 0) GTEST_SKIP() << "nft is not installed";
    const auto child = world.migrate();
    world.wait_until_busy();
    ASSERT_EQ(world.work().run(cut).exit_code, 0);
    child->wait_for("The migration goes on there; trying again");
    ASSERT_EQ(world.work().run("nft delete table ip cut").exit_code, 0);
    EXPECT_EQ(child->exit_code(), 0);
    EXPECT_THAT(child->output(), AllOf(HasSubstr("The link to the agent is back"), HasSubstr("Succeeded"),
                                       HasSubstr("source and target are the same")));
  });
}

TEST(MigrationThroughAnAgent, InterruptsCancelAndTerminationDetaches) {
  PGPASSAGE_IN_AGENT_WORLD([] {
    AgentWorld world{60};
    world.start_agent();
    const auto left = world.migrate();
    world.wait_until_busy();
    left->signal(SIGTERM);
    EXPECT_EQ(left->exit_code(), 3);
    EXPECT_THAT(left->output(), HasSubstr("Detached. orders-to-flexible goes on at https://10.20.2.4"));
    EXPECT_THAT(world.operators("pgpassage list").output, HasSubstr("InProgress"));
    EXPECT_EQ(world.operators("pgpassage cancel orders-to-flexible").exit_code, 0);
    EXPECT_THAT(world.ended(), AllOf(HasSubstr("\"state\": \"Canceled\""), HasSubstr("cancel requested by client")));
    const auto interrupted = world.migrate(Terminal::none, {"--name", "second", "--overwrite"});
    world.wait_until_busy();
    interrupted->signal(SIGINT);
    EXPECT_EQ(interrupted->exit_code(), 4);
    EXPECT_THAT(interrupted->output(), HasSubstr("is incomplete and was left as it is"));
  });
}

TEST(MigrationThroughAnAgent, ControlCInATerminalAsks) {
  PGPASSAGE_IN_AGENT_WORLD([] {
    AgentWorld world{60};
    world.start_agent();
    const auto child = world.migrate(Terminal::pseudo);
    world.wait_until_busy();
    child->press('\x03');
    child->wait_for("d detaches, c cancels it, Enter goes on");
    child->press('c');
    child->press('\n');
    EXPECT_EQ(child->exit_code(), 4);
    EXPECT_THAT(child->output(), HasSubstr("was canceled in MigratingData"));
  });
}

TEST(MigrationThroughAnAgent, AgentThatIsStoppedLetsItFinish) {
  PGPASSAGE_IN_AGENT_WORLD([] {
    AgentWorld world;
    world.start_agent();
    const auto child = world.migrate();
    world.wait_until_busy();
    world.agent().signal(SIGTERM);
    EXPECT_EQ(world.agent().exit_code(), 0);
    child->wait_for("Succeeded");
    world.start_agent();
    EXPECT_THAT(world.ended(), HasSubstr("\"state\": \"Succeeded\""));
    child->signal(SIGTERM);
    child->exit_code();
  });
}

TEST(MigrationThroughAnAgent, AgentThatIsStoppedSaysWhatItCouldNotFinish) {
  PGPASSAGE_IN_AGENT_WORLD([] {
    AgentWorld world{60};
    world.start_agent({"--drain-time", "1"});
    const auto child = world.migrate();
    world.wait_until_busy();
    world.agent().signal(SIGTERM);
    EXPECT_EQ(world.agent().exit_code(), 0);
    world.start_agent();
    EXPECT_THAT(world.ended(), AllOf(HasSubstr("\"state\": \"Canceled\""), HasSubstr("the agent was stopped")));
    child->signal(SIGTERM);
    child->exit_code();
  });
}

TEST(MigrationThroughAnAgent, AgentThatIsKilledLeavesATrueState) {
  PGPASSAGE_IN_AGENT_WORLD([] {
    AgentWorld world{60};
    world.start_agent();
    const auto child = world.migrate();
    world.wait_until_busy();
    world.agent().signal(SIGKILL);
    world.agent().exit_code();
    world.start_agent();
    EXPECT_THAT(world.ended(), AllOf(HasSubstr("\"state\": \"Failed\""), HasSubstr("is gone")));
    child->signal(SIGTERM);
    child->exit_code();
  });
}

}  // namespace
}  // namespace pgpassage::app
