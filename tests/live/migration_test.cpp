#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <utility>

#include "tests/live/dump.hpp"
#include "tests/live/migration.hpp"

/// What a migration says and leaves behind when the world is not as it should be.
namespace pgpassage::migrate {
namespace {

using live::Cluster;
using testing::HasSubstr;

void fill(const Cluster& source, int rows = 200000) {
  source.run("CREATE DATABASE shop");
  source.run(fmt::format("CREATE TABLE t AS SELECT i, repeat('x', 100) AS x FROM generate_series(1, {}) i; "
                         "CREATE INDEX ON t (i)",
                         rows),
             "shop");
}

/// Whether the target is busy with such a statement, and will be until it is canceled.
bool sleeps(const Cluster& target, const std::string& statement) {
  return target.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE '" + statement +
                    "'") == "1";
}

TEST(LiveMigration, ExistingDatabaseIsRefusedUntouched) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  fill(source);
  target.run("CREATE DATABASE shop");
  target.run("CREATE TABLE mine (a int)", "shop");
  const auto outcome = live::migrate_now(live::request(source, target, {"shop"}));
  EXPECT_EQ(outcome.stage.state, State::failed);
  EXPECT_THAT(outcome.trouble.message, HasSubstr("\"shop\" already exists on the target"));
  EXPECT_EQ(target.ask("SELECT to_regclass('mine') IS NOT NULL", "shop"), "t");
}

TEST(LiveMigration, OverwriteReplacesTheDatabase) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  fill(source);
  target.run("CREATE DATABASE shop");
  target.run("CREATE TABLE mine (a int)", "shop");
  auto request = live::request(source, target, {"shop"});
  request.overwrite = true;
  EXPECT_EQ(live::migrate_now(request).stage.state, State::succeeded);
  EXPECT_EQ(live::dump(target, "shop"), live::dump(source, "shop"));
}

TEST(LiveMigration, DatabasesMoveTogetherAndEachHasItsOwnState) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  fill(source, 1000);
  source.run("CREATE DATABASE bank");
  source.run("CREATE TABLE a AS SELECT 1 AS i; CREATE TABLE b AS SELECT 2 AS i", "bank");
  std::map<std::string, std::string> phases;
  bool together = false;
  Observer observer;
  observer.database = [&](const DatabaseRecord& record) {
    phases[record.name] = record.phase;
    together = together || (phases.size() == 2 && phases["shop"] != "copied" && phases["bank"] != "copied");
  };
  const auto outcome =
      live::migrate_now(live::request(source, target, {"shop", "bank"}), observer, live::verification());
  EXPECT_EQ(outcome.stage.state, State::succeeded) << outcome.trouble.message;
  EXPECT_TRUE(together) << "one began after the other had ended";
  for (const char* database : {"shop", "bank"})
    EXPECT_EQ(live::dump(target, database), live::dump(source, database)) << database;
}

TEST(LiveMigration, ADatabaseThatFailsStopsNoOther) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  fill(source, 1000);
  source.run("CREATE DATABASE bank");
  // Its only row breaks its own CHECK, which was added without looking.
  source.run(
      "CREATE TABLE t AS SELECT 1 AS i; CREATE FUNCTION never() RETURNS bool LANGUAGE sql AS 'SELECT true';"
      "ALTER TABLE t ADD CHECK (never()); CREATE OR REPLACE FUNCTION never() RETURNS bool LANGUAGE sql AS 'SELECT "
      "false'",
      "bank");
  std::map<std::string, DatabaseRecord> records;
  Observer observer;
  observer.database = [&](const DatabaseRecord& record) { records[record.name] = record; };
  const auto outcome = live::migrate_now(live::request(source, target, {"shop", "bank"}), observer);
  EXPECT_EQ(outcome.stage.state, State::failed);
  EXPECT_THAT(outcome.trouble.message, HasSubstr("violates check constraint"));
  EXPECT_EQ(records["bank"].state, WorkState::failed);
  EXPECT_EQ(live::dump(target, "shop"), live::dump(source, "shop"));
}

TEST(LiveMigration, OrdinaryRolesAreEnough) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  setenv("PGPASSAGE_TEST_PASSWORD", "se:cr\\et", 1);  // what a password file writes in its own way
  setenv("PGPASSWORD", "of somebody else", 1);
  for (const auto* cluster : {&source, &target}) {
    cluster->run("CREATE ROLE mover LOGIN PASSWORD 'se:cr\\et' CREATEDB CREATEROLE REPLICATION");
    cluster->run("CREATE ROLE clerk");
  }
  source.run("CREATE DATABASE shop OWNER mover");
  source.run(
      "GRANT clerk TO mover; SET ROLE mover; CREATE SCHEMA s; CREATE TABLE s.t (id serial PRIMARY KEY, v text);"
      "INSERT INTO s.t (v) VALUES ('a'), ('b'); CREATE TABLE s.r (t int REFERENCES s.t); INSERT INTO s.r VALUES (1);"
      "SELECT lo_from_bytea(77, '\\x01'); GRANT SELECT ON s.t TO clerk; GRANT USAGE, CREATE ON SCHEMA s TO clerk;"
      "CREATE EXTENSION citext; ALTER TABLE s.r OWNER TO clerk; COMMENT ON TABLE s.t IS 'x'",
      "shop");
  source.run(
      "CREATE SCHEMA shut AUTHORIZATION mover; CREATE TABLE shut.t (a int); ALTER TABLE shut.t OWNER TO clerk;"
      "GRANT SELECT ON shut.t TO mover",
      "shop");  // what a superuser may do although clerk may create nothing there
  auto request = live::request(source, target, {"shop"});
  for (auto* server : {&request.source, &request.target}) {
    server->user = "mover";
    server->password_env = "PGPASSAGE_TEST_PASSWORD";
  }
  const auto outcome = live::migrate_now(request);
  unsetenv("PGPASSWORD");
  EXPECT_EQ(outcome.stage.state, State::succeeded) << outcome.trouble.message;
  EXPECT_EQ(live::dump(target, "shop"), live::dump(source, "shop"));
  EXPECT_EQ(
      target.ask("SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE rolname = 'clerk'"),
      "0");
}

TEST(LiveMigration, MissingRolesAreSaidAndNothingElseIsLost) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  fill(source);
  source.run("CREATE ROLE ghost; GRANT SELECT ON t TO ghost; ALTER TABLE t OWNER TO ghost", "shop");
  const auto outcome = live::migrate_now(live::request(source, target, {"shop"}));
  EXPECT_EQ(outcome.stage.state, State::succeeded) << outcome.trouble.message;
  EXPECT_THAT(outcome.remaining, testing::Contains(HasSubstr("role \"ghost\" is not on the target")));
  EXPECT_EQ(target.ask("SELECT count(*) FROM t", "shop"), "200000");
}

TEST(LiveMigration, ASettingThatIsRefusedIsNamedWithoutItsValue) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  setenv("PGPASSAGE_TEST_PASSWORD", "secret", 1);
  fill(source, 10);
  source.run("ALTER DATABASE shop SET log_min_duration_statement TO 4711");  // a superuser's, and the target has none
  target.run("CREATE ROLE mover LOGIN PASSWORD 'secret' CREATEDB CREATEROLE");
  auto request = live::request(source, target, {"shop"});
  request.target.user = "mover";
  request.target.password_env = "PGPASSAGE_TEST_PASSWORD";
  const auto outcome = live::migrate_now(request);
  EXPECT_THAT(outcome.remaining, testing::Contains(HasSubstr("SET log_min_duration_statement")));
  EXPECT_THAT(outcome.remaining, testing::Each(testing::Not(HasSubstr("4711"))));
}

TEST(LiveMigration, SameServerTwiceIsRefused) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  fill(source);
  auto request = live::request(source, source, {"shop"});
  request.overwrite = true;
  const auto outcome = live::migrate_now(request);
  EXPECT_EQ(outcome.stage.state, State::failed);
  EXPECT_THAT(outcome.trouble.message, HasSubstr("same server"));
  EXPECT_EQ(source.ask("SELECT count(*) FROM t", "shop"), "200000");
}

TEST(LiveMigration, CancelStopsBothServersAndSaysWhatRemains) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  fill(source);
  // A view that is marked as filled without having been: the target works on its REFRESH for an hour.
  source.run(
      "CREATE VIEW endless AS SELECT pg_sleep(3600)::text AS a; CREATE MATERIALIZED VIEW m AS SELECT a FROM endless "
      "WITH NO DATA;"
      "UPDATE pg_class SET relispopulated = true WHERE relname = 'm'",
      "shop");
  Observer observer;
  observer.cancel_requested = [&] { return sleeps(target, "REFRESH%"); };
  const auto outcome = live::migrate_now(live::request(source, target, {"shop"}), observer);
  EXPECT_EQ(outcome.stage.state, State::canceled) << outcome.trouble.message;
  EXPECT_THAT(outcome.remaining, testing::Contains(HasSubstr("incomplete")));
  EXPECT_EQ(
      target.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgpassage' AND state = 'active'"),
      "0");
}

/// What somebody stopped has not failed, and what was copied but not compared has not succeeded.
TEST(LiveMigration, WhatACancelStoppedIsCanceled) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  source.run("CREATE DATABASE early");
  source.run("CREATE TABLE t AS SELECT i FROM generate_series(1, 10) i", "early");
  source.run("CREATE DATABASE late");
  // A constraint that the target asks for each row, and that the source was told to believe.
  source.run(
      "CREATE DOMAIN slow AS int; CREATE TABLE endless AS SELECT 1::slow AS a; CREATE TABLE beside AS SELECT 1 AS a;"
      "CREATE FUNCTION sleep(int) RETURNS bool LANGUAGE sql AS 'SELECT pg_catalog.pg_sleep(3600) IS NOT NULL';"
      "ALTER DOMAIN slow ADD CHECK (public.sleep(VALUE)) NOT VALID; UPDATE pg_constraint SET convalidated = true",
      "late");
  std::map<std::string, WorkState> databases, tables;
  Observer observer;
  std::string phase_of_early;
  // The two begin at the same time: everything else is to be done before the one that does not end is stopped.
  observer.cancel_requested = [&] {
    return phase_of_early == "copied" && tables["public.beside"] == WorkState::succeeded &&
           sleeps(target, "%COPY public.endless%");
  };
  observer.database = [&](const DatabaseRecord& record) {
    databases[record.name] = record.state;
    if (record.name == "early") phase_of_early = record.phase;
  };
  observer.tables = [&](const std::vector<TableRecord>& records) {
    for (const auto& record : records) tables[record.table] = record.state;
  };
  auto request = live::request(source, target, {"early", "late"});
  request.jobs = 2;
  const auto outcome = live::migrate_now(request, observer);
  EXPECT_EQ(outcome.stage.state, State::canceled) << outcome.trouble.message;
  EXPECT_EQ(databases,
            (std::map<std::string, WorkState>{{"early", WorkState::canceled}, {"late", WorkState::canceled}}));
  EXPECT_EQ(tables, (std::map<std::string, WorkState>{{"public.t", WorkState::succeeded},
                                                      {"public.endless", WorkState::canceled},
                                                      {"public.beside", WorkState::succeeded}}));
  EXPECT_THAT(outcome.remaining, testing::UnorderedElementsAre(HasSubstr("\"early\" was copied, but not compared"),
                                                               HasSubstr("\"late\" on the target is incomplete")));
}

TEST(LiveMigration, OnlyWhatIsTheSameHasSucceededWithAllItsBytes) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  for (const char* name : {"other", "same"}) {
    source.run(std::string{"CREATE DATABASE "} + name);
    source.run("CREATE TABLE t AS SELECT i, repeat('x', 5000) AS x FROM generate_series(1, 1000) i", name);
  }
  Checks checks = live::verification();
  checks.verify = [&, compare = checks.verify](const Request& request, std::string database) {
    if (database == "other") target.run("DELETE FROM t WHERE i = 7", "other");
    return compare(request, std::move(database));
  };
  std::map<std::string, DatabaseRecord> databases;
  Observer observer;
  observer.database = [&](const DatabaseRecord& record) { databases[record.name] = record; };
  const auto outcome = live::migrate_now(live::request(source, target, {"other", "same"}), observer, checks);
  EXPECT_EQ(outcome.stage.state, State::failed);
  EXPECT_EQ(databases["other"].state, WorkState::failed);
  EXPECT_THAT(databases["other"].error.message, HasSubstr("differ in 1 object, first: other table public.t"));
  EXPECT_EQ(databases["same"].state, WorkState::succeeded);
  for (const auto& [name, record] : databases) {
    EXPECT_EQ(record.bytes_done, record.bytes_total) << name;
    EXPECT_GT(record.bytes_done, 5'000'000) << name;
  }
}

// The copy's snapshot is older than the row; the comparison is not.
TEST(LiveMigration, AWriterOnTheSourceMakesItFailAndIsNamed) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  fill(source, 100);
  bool written = false;
  Observer observer;
  observer.database = [&](const DatabaseRecord& record) {
    if (record.phase == "data" && !std::exchange(written, true)) source.run("INSERT INTO t VALUES (0, 'late')", "shop");
  };
  const auto outcome = live::migrate_now(live::request(source, target, {"shop"}), observer, live::verification());
  EXPECT_TRUE(written);
  EXPECT_EQ(outcome.stage.state, State::failed);
  EXPECT_THAT(outcome.trouble.message, HasSubstr("shop table public.t"));
  EXPECT_THAT(outcome.trouble.message, HasSubstr("probably the source was written to during the migration"));
}

TEST(LiveMigration, ADifferenceWithoutAWriterIsNotBlamedOnOne) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  fill(source, 100);
  Checks checks = live::verification();
  checks.verify = [&, compare = checks.verify](const Request& request, std::string database) {
    target.run("DELETE FROM t WHERE i = 7", "shop");
    return compare(request, std::move(database));
  };
  const auto outcome = live::migrate_now(live::request(source, target, {"shop"}), {}, checks);
  EXPECT_EQ(outcome.stage.state, State::failed);
  EXPECT_THAT(outcome.trouble.message, testing::EndsWith("first: shop table public.t"));
}

}  // namespace
}  // namespace pgpassage::migrate
