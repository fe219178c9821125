#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/app/program.hpp"
#include "tests/live/cluster.hpp"

/// `pgpassage verify` after a migration and between two servers: what it says, keeps, and answers.
namespace pgpassage::app {
namespace {

using live::Cluster;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class VerifyCommand : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (live::server_programs().empty()) return;
    source_.emplace();
    target_.emplace();
    for (const char* name : {"shop", "stock"}) {
      source_->run(std::string{"CREATE DATABASE "} + name);
      source_->run("CREATE TABLE t AS SELECT i FROM generate_series(1, 100) i", name);
    }
    source_->run(
        "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere;"
        "CREATE FOREIGN TABLE away (a int) SERVER far",
        "stock");
  }
  static void TearDownTestSuite() {
    source_.reset();
    target_.reset();
  }

  void SetUp() override { PGPASSAGE_NEEDS_SERVER(); }

  static std::string uri(Port port, const std::string& rest = "/") {
    return "'postgresql://postgres@127.0.0.1:" + std::to_string(port) + rest + "'";
  }
  static std::string both(const std::string& rest = "/") {
    return " --source " + uri(source_->port(), rest) + " --target " + uri(target_->port()) + " ";
  }
  ProgramResult run(const std::string& command) const { return work_.run("pgpassage " + command); }
  ProgramResult migrate(const std::string& more = {}) const {
    return run("migrate --name m --overwrite" + both() + more);
  }

  static std::optional<Cluster> source_, target_;
  Workplace work_;
};

std::optional<Cluster> VerifyCommand::source_, VerifyCommand::target_;

TEST_F(VerifyCommand, WhatAMigrationDidNotCompareIsShown) {
  ASSERT_EQ(migrate().exit_code, 0);
  for (const char* command : {"show m", "report m"})
    EXPECT_THAT(run(command).output,
                AllOf(HasSubstr("m succeeded"), HasSubstr("stock: foreign table public.away: its rows are elsewhere")));
}

TEST_F(VerifyCommand, IsKeptWithItsTimeAndItsResultPerTable) {
  ASSERT_EQ(migrate().exit_code, 0);
  const auto same = run("verify m");
  EXPECT_EQ(same.exit_code, 0) << same.output << same.error;
  EXPECT_THAT(run("show m").output, AllOf(HasSubstr("Verified again at 2"), HasSubstr("verify: identical")));
  target_->run("DELETE FROM t WHERE i = 7", "shop");
  const auto other = run("verify m");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.output, HasSubstr("DIFFER"));
  for (const char* command : {"show m", "report m"})
    EXPECT_THAT(run(command).output, AllOf(HasSubstr("1 of 8 differ"), HasSubstr("1 rows are missing on the target")));
  EXPECT_THAT(run("show m --format json").output, HasSubstr("\"result\": \"differs\""));
}

TEST_F(VerifyCommand, OfASubsetIsNotTheWhole) {
  ASSERT_EQ(migrate().exit_code, 0);
  const auto part = run("verify m --databases shop");
  EXPECT_EQ(part.exit_code, 0) << part.error;
  EXPECT_THAT(part.output, HasSubstr("Only 1 of its 2 databases were compared"));
  EXPECT_THAT(run("show m").output, HasSubstr("Only 1 of its 2 databases were compared"));
  const auto other = run("verify m --databases postgres");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.error, HasSubstr("moved no database 'postgres'\n  it moved shop, stock"));
}

TEST_F(VerifyCommand, WithoutDatabasesComparesWhatMigrateMoves) {
  ASSERT_EQ(migrate().exit_code, 0);
  const auto all = run("verify" + both());
  EXPECT_EQ(all.exit_code, 0) << all.error;
  EXPECT_THAT(all.output, HasSubstr("all of the source were compared: shop, stock"));
  target_->run("DROP DATABASE stock");
  const auto less = run("verify" + both());
  EXPECT_EQ(less.exit_code, 1);
  EXPECT_THAT(less.output, AllOf(HasSubstr("stock database"), HasSubstr("is missing on the target")));
  const auto neither = run("verify" + both() + "--databases nosuch");
  EXPECT_EQ(neither.exit_code, 2);
  EXPECT_THAT(neither.error, HasSubstr("neither server has a database 'nosuch'"));
}

TEST_F(VerifyCommand, DatabaseThatAllowsNoConnectionsIsNotMissing) {
  ASSERT_EQ(migrate().exit_code, 0);
  target_->run("ALTER DATABASE stock ALLOW_CONNECTIONS false");
  const auto result = run("verify" + both() + "--databases stock");
  target_->run("ALTER DATABASE stock ALLOW_CONNECTIONS true");
  EXPECT_EQ(result.exit_code, 3) << result.output << result.error;
  EXPECT_THAT(result.output + result.error,
              AllOf(HasSubstr("not currently accepting connections"), Not(HasSubstr("is missing"))));
}

TEST_F(VerifyCommand, DatabaseThatIsNamedIsEnoughToAskFor) {
  ASSERT_EQ(migrate().exit_code, 0);
  for (const Cluster* cluster : {&*source_, &*target_})
    cluster->run("ALTER DATABASE postgres RENAME TO p; ALTER DATABASE template1 RENAME TO t1", "shop");
  const auto result = run("verify" + both() + "--databases shop");
  for (const Cluster* cluster : {&*source_, &*target_})
    cluster->run("ALTER DATABASE p RENAME TO postgres; ALTER DATABASE t1 RENAME TO template1", "shop");
  EXPECT_EQ(result.exit_code, 0) << result.output << result.error;
}

TEST_F(VerifyCommand, OfAMigrationThatFailedSaysSo) {
  target_->run("DROP DATABASE IF EXISTS shop");
  target_->run("CREATE DATABASE shop");
  ASSERT_EQ(run("migrate --name m" + both() + "--databases shop").exit_code, 1);
  const auto result = run("verify m");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, testing::StartsWith("Nothing was moved: the migration's validation failed.\n"));
}

TEST_F(VerifyCommand, ThatCannotConnectIsInconclusiveAndKept) {
  ASSERT_EQ(migrate().exit_code, 0);
  target_->stop(SIGINT);
  const auto result = run("verify m");
  target_->start();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.error, HasSubstr("target: cannot connect to 127.0.0.1"));
  EXPECT_THAT(run("show m").output,
              AllOf(HasSubstr("inconclusive: nothing could be compared"), HasSubstr("target: cannot connect")));
}

TEST_F(VerifyCommand, WhatCannotBeReadIsNeitherIdenticalNorDifferent) {
  ASSERT_EQ(migrate().exit_code, 0);
  for (const Cluster* cluster : {&*source_, &*target_}) {
    cluster->run(
        "DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'r'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    cluster->run("REVOKE ALL ON t FROM reader", "shop");
  }
  work_.write("pass", "*:*:*:reader:r\n");
  std::filesystem::permissions(work_.path("pass"), std::filesystem::perms::owner_read);
  const auto at = [](const Cluster& cluster) {
    return "postgresql://reader@127.0.0.1:" + std::to_string(cluster.port()) + "/";
  };
  const auto result = work_.run("PGPASSFILE=pass pgpassage verify --source " + at(*source_) + " --target " +
                                at(*target_) + " --databases shop");
  EXPECT_EQ(result.exit_code, 3) << result.output << result.error;
  EXPECT_THAT(result.output, AllOf(HasSubstr("INCONCLUSIVE"), HasSubstr("not compared"), Not(HasSubstr("DIFFER"))));
}

}  // namespace
}  // namespace pgpassage::app
