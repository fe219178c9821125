#include "migrate/validate/validate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include "migrate/validate/rules.hpp"
#include "tests/live/cluster.hpp"
#include "tests/live/run.hpp"

namespace pgpassage::live {
namespace {

using namespace migrate;

const ValidationRecord* find(const std::vector<ValidationRecord>& items, const std::string& rule,
                             const std::string& database = "") {
  const auto found = std::find_if(items.begin(), items.end(),
                                  [&](const auto& item) { return item.rule == rule && item.database == database; });
  return found == items.end() ? nullptr : &*found;
}

TEST(ValidationRules, IdsAndNamesAreUnique) {
  std::set<std::string_view> seen;
  for (const ValidationRule& rule : validation_rules()) {
    EXPECT_TRUE(seen.insert(rule.id).second) << rule.id;
    EXPECT_TRUE(seen.insert(rule.name).second) << rule.name;
  }
}

TEST(ValidationRules, ACodeCitesTheListOfKnownErrors) {
  for (const auto& rule : catalogue_of_validation()) {
    EXPECT_FALSE(rule.rule.title.empty()) << rule.rule.id;
    EXPECT_FALSE(rule.remedy.text.empty()) << rule.rule.id;
    if (rule.numbers.empty()) continue;
    EXPECT_EQ(rule.rule.cite.document, "Known errors in the migration service") << rule.rule.id;
    EXPECT_EQ(rule.rule.cite.section, "error code " + rule.numbers.front());
  }
}

TEST(ValidateLive, FindsWhatStandsInTheWayAndNothingElse) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source, target;
  source.run("CREATE DATABASE clean");
  source.run("CREATE DATABASE odd");
  source.run("CREATE DATABASE closed ALLOW_CONNECTIONS false");
  source.run("CREATE ROLE owner_only_here");
  source.run(
      "CREATE TABLE t (a int); ALTER TABLE t OWNER TO owner_only_here;"
      "CREATE FUNCTION c(point) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE CAST (point AS int) WITH FUNCTION "
      "c(point)",
      "odd");
  target.run("CREATE DATABASE odd");
  const ValidationRequest request{.source = source.address(),
                                  .target = target.address(),
                                  .databases = {"clean", "odd", "absent", "closed"},
                                  .connect_deadline = deadline_in(std::chrono::seconds{20})};
  const auto items = run(validate(request));
  ASSERT_TRUE(items) << items.error().message;
  for (const auto& item : *items)
    if ((item.database == "clean" || item.database.empty()) && item.rule != "SRV010") {
      EXPECT_EQ(item.state, ItemState::succeeded) << item.rule << ' ' << item.message << ' ' << item.evidence;
    }
  EXPECT_EQ(find(*items, "DB001", "absent")->state, ItemState::failed);
  EXPECT_EQ(find(*items, "DB001", "absent")->cure, "correct its name");
  EXPECT_EQ(find(*items, "DB001", "closed")->state, ItemState::failed);
  EXPECT_NE(find(*items, "DB001", "closed")->cure, "correct its name");
  EXPECT_EQ(find(*items, "DB002", "odd")->state, ItemState::failed);
  EXPECT_EQ(find(*items, "DB002", "odd")->code, "603101");
  EXPECT_EQ(find(*items, "DB005", "odd")->evidence, "owner_only_here");
  EXPECT_EQ(find(*items, "DB013", "odd")->state, ItemState::warning);  // the target's login is a superuser
  EXPECT_EQ(find(*items, "SRV010")->state, ItemState::warning);        // free space is never known
  EXPECT_NE(find(*items, "SRV010")->evidence.find("MB"), std::string::npos);
  EXPECT_FALSE(passed(*items));
}

TEST(ValidateLive, ListsWhatAnOrdinaryTargetWillNotTake) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source, target;
  source.run("CREATE DATABASE odd");
  source.run(
      "CREATE TYPE floats AS RANGE (subtype = float8); CREATE TABLE t (f floats);"
      "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere;"
      "CREATE FOREIGN TABLE away (a int) SERVER far; CREATE LANGUAGE shady HANDLER plpgsql_call_handler;"
      "CREATE FUNCTION dark() RETURNS int LANGUAGE shady AS 'BEGIN RETURN 1; END';"
      "CREATE FUNCTION inside(int) RETURNS int LANGUAGE internal AS 'int4abs';"
      "CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int); CREATE EXTENSION postgres_fdw",
      "odd");
  target.run("CREATE ROLE azure_pg_admin; CREATE ROLE mover LOGIN PASSWORD 'm' CREATEDB");
  target.run("CREATE DATABASE odd");
  setenv("PGPASSAGE_TEST_MOVER", "m", 1);
  ValidationRequest request{.source = source.address(),
                            .target = target.address("mover"),
                            .databases = {"odd"},
                            .overwrite = true,
                            .connect_deadline = deadline_in(std::chrono::seconds{20})};
  request.target.password_env = "PGPASSAGE_TEST_MOVER";
  const auto items = run(validate(request));
  ASSERT_TRUE(items) << items.error().message;
  const auto state = [&](const char* rule, const char* database = "odd") {
    return find(*items, rule, database)->state;
  };
  EXPECT_EQ(state("SRV007", ""), ItemState::succeeded);
  EXPECT_EQ(state("SRV011", ""), ItemState::succeeded);
  EXPECT_EQ(state("SRV013", ""), ItemState::failed);
  EXPECT_EQ(find(*items, "SRV014")->code, "603116");
  EXPECT_EQ(state("SRV014", ""), ItemState::failed);
  EXPECT_EQ(state("DB013"), ItemState::succeeded);  // a range's cast to its multirange is not a user's
  EXPECT_EQ(find(*items, "DB016", "odd")->evidence, "public.inside(integer)");
  EXPECT_EQ(state("DB016"), ItemState::failed);
  EXPECT_EQ(state("DB023"), ItemState::succeeded);
  EXPECT_EQ(find(*items, "DB023", "odd")->evidence, "public.t");
  EXPECT_EQ(find(*items, "DB026", "odd")->evidence, "postgres_fdw");
  EXPECT_EQ(find(*items, "DB027", "odd")->evidence, "owned by postgres");
  EXPECT_EQ(find(*items, "DB028", "odd")->evidence, "public.dark() in shady");
  EXPECT_EQ(find(*items, "DB029", "odd")->evidence, "public.away");
}

TEST(ValidateLive, ALargeObjectThatMayNotBeReadIsFound) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source, target;
  source.run("CREATE DATABASE d");
  source.run("CREATE ROLE mover LOGIN PASSWORD 'm'");
  source.run("SELECT lo_create(1), lo_create(2), lo_create(3)", "d");
  source.run("GRANT SELECT ON LARGE OBJECT 1 TO mover; ALTER LARGE OBJECT 2 OWNER TO mover", "d");
  setenv("PGPASSAGE_TEST_MOVER", "m", 1);
  ValidationRequest request{.source = source.address("mover"),
                            .target = target.address(),
                            .databases = {"d"},
                            .connect_deadline = deadline_in(std::chrono::seconds{20})};
  request.source.password_env = "PGPASSAGE_TEST_MOVER";
  const auto items = run(validate(request));
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_EQ(find(*items, "DB022", "d")->evidence, "3");
  EXPECT_EQ(find(*items, "DB022", "d")->state, ItemState::failed);
}

/// Rows that a policy hides would be missing on the target; an identity column's sequence and a table that an extension
/// calls its configuration are read like any other.
TEST(ValidateLive, WhatTheCopyMayNotReadIsFound) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source, target;
  source.run("CREATE DATABASE d");
  source.run("CREATE ROLE mover LOGIN PASSWORD 'm'");
  source.run(
      "CREATE TABLE hidden (a int); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; CREATE TABLE open (a int);"
      "CREATE TABLE numbered (a int GENERATED ALWAYS AS IDENTITY); CREATE TABLE forced (a int);"
      "GRANT SELECT ON hidden, open, numbered TO mover; ALTER TABLE forced OWNER TO mover; ALTER TABLE forced ENABLE "
      "ROW "
      "LEVEL SECURITY",
      "d");
  setenv("PGPASSAGE_TEST_MOVER", "m", 1);
  ValidationRequest request{.source = source.address("mover"),
                            .target = target.address(),
                            .databases = {"d"},
                            .connect_deadline = deadline_in(std::chrono::seconds{20})};
  request.source.password_env = "PGPASSAGE_TEST_MOVER";
  const auto items = run(validate(request));
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_EQ(find(*items, "DB004", "d")->evidence, "public.hidden (row security), public.numbered_a_seq");
  source.run("ALTER TABLE forced FORCE ROW LEVEL SECURITY; GRANT SELECT ON SEQUENCE numbered_a_seq TO mover", "d");
  const auto forced = run(validate(request));
  ASSERT_TRUE(forced) << forced.error().message;
  EXPECT_EQ(find(*forced, "DB004", "d")->evidence, "public.forced (row security), public.hidden (row security)");
  source.run("ALTER ROLE mover BYPASSRLS");
  EXPECT_EQ(find(*run(validate(request)), "DB004", "d")->state, ItemState::succeeded);
}

/// Who owns things on the source must be somebody whom the target's login may become, or the copy would end in a
/// difference.
TEST(ValidateLive, OwnersWhomTheTargetsUserMayNotBecomeAreNamedWithTheCure) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source, target;
  target.run("CREATE ROLE mover LOGIN PASSWORD 'm' CREATEDB");
  for (const Cluster* cluster : {&source, &target}) cluster->run("CREATE ROLE clerk; CREATE ROLE boss");
  source.run("CREATE ROLE gone");
  source.run("CREATE DATABASE d");
  source.run("CREATE DATABASE own OWNER boss");
  source.run(
      "CREATE SCHEMA s; CREATE TABLE s.t (a serial); ALTER SCHEMA s OWNER TO clerk; ALTER TABLE s.t OWNER TO clerk;"
      "SELECT lo_create(1); ALTER LARGE OBJECT 1 OWNER TO boss; CREATE VIEW v AS SELECT 1; ALTER VIEW v OWNER TO gone;"
      "ALTER DEFAULT PRIVILEGES FOR ROLE boss GRANT SELECT ON TABLES TO clerk; CREATE EXTENSION citext;"
      "CREATE TYPE e AS ENUM (); ALTER TYPE e OWNER TO clerk;"
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION f() OWNER TO clerk",
      "d");
  setenv("PGPASSAGE_TEST_MOVER", "m", 1);
  ValidationRequest request{.source = source.address(),
                            .target = target.address("mover"),
                            .databases = {"d", "own"},
                            .connect_deadline = deadline_in(std::chrono::seconds{20})};
  request.target.password_env = "PGPASSAGE_TEST_MOVER";
  const auto item = [&](const char* database) { return *find(*run(validate(request)), "DB030", database); };
  EXPECT_EQ(item("d").state, ItemState::failed);
  EXPECT_EQ(
      item("d").evidence,
      "boss (default acl for role boss on tables and 1 more), clerk (schema s and 4 more), postgres (database d)");
  EXPECT_EQ(
      item("d").cure,
      "on the target: GRANT \"boss\", \"clerk\", \"postgres\" TO \"mover\"; or give the objects to another owner on "
      "the source");
  EXPECT_EQ(item("own").state, ItemState::warning) << "of the database alone, which may stay the login's";
  target.run("GRANT clerk TO mover");
  EXPECT_EQ(item("d").evidence, "boss (default acl for role boss on tables and 1 more), postgres (database d)");
  target.run("ALTER ROLE mover CREATEROLE");
  EXPECT_EQ(item("d").evidence, "postgres (database d)") << "which no CREATEROLE joins";
  EXPECT_EQ(item("own").state, ItemState::succeeded);
  target.run("ALTER ROLE mover SUPERUSER");
  EXPECT_EQ(item("d").state, ItemState::succeeded);
}

TEST(ValidateLive, WhyNobodyIsLetInHasTheDocumentsOwnNumber) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source, target;
  source.run("CREATE ROLE mover LOGIN PASSWORD 'm'");
  setenv("PGPASSAGE_TEST_MOVER", "wrong", 1);
  ValidationRequest request{.source = source.address("mover"),
                            .target = target.address(),
                            .databases = {"postgres"},
                            .connect_deadline = deadline_in(std::chrono::seconds{20})};
  request.source.password_env = "PGPASSAGE_TEST_MOVER";
  request.target.ssl_mode = "require";
  const auto items = run(validate(request));
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_EQ(find(*items, "SRV001")->code, "603100");
  EXPECT_EQ(find(*items, "SRV002")->code, "603001");
}

TEST(ValidateLive, TheTargetsStorageIsJudgedWhereItsSizeIsKnown) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source, target;
  ValidationRequest request{.source = source.address(),
                            .target = target.address(),
                            .databases = {"postgres"},
                            .target_storage_gb = 32,
                            .connect_deadline = deadline_in(std::chrono::seconds{20})};
  EXPECT_EQ(find(*run(validate(request)), "SRV010")->state, ItemState::succeeded);
  request.target_storage_gb = 0;
  const auto items = run(validate(request));
  EXPECT_EQ(find(*items, "SRV010")->state, ItemState::warning);
  EXPECT_NE(find(*items, "SRV010")->evidence.find("the target has 0 GB"), std::string::npos);
}

TEST(ValidateLive, EntraRolesAndOldPasswordsAreNamed) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source, target;
  source.run(
      "CREATE ROLE azure_ad_user; CREATE ROLE \"ann@contoso.example\" LOGIN IN ROLE azure_ad_user; CREATE ROLE new "
      "LOGIN "
      "PASSWORD 'n'; SET password_encryption = md5; CREATE ROLE old LOGIN PASSWORD 'o'");
  const auto items = run(validate({.source = source.address(),
                                   .target = target.address(),
                                   .databases = {"postgres"},
                                   .connect_deadline = deadline_in(std::chrono::seconds{20})}));
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_EQ(find(*items, "SRV015")->evidence, "ann@contoso.example");
  EXPECT_EQ(find(*items, "SRV015")->code, "603103");
  EXPECT_EQ(find(*items, "SRV017")->evidence, "old");
  EXPECT_EQ(find(*items, "SRV016")->state, ItemState::succeeded);
  EXPECT_EQ(find(*items, "DB031", "postgres")->state, ItemState::succeeded);
}

TEST(ValidateLive, AStandbyIsToldFromAPrimary) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source, target;
  source.stop(SIGINT);
  std::ofstream{source.directory() / "data/standby.signal"};
  std::filesystem::permissions(source.directory() / "data/standby.signal", std::filesystem::perms::all);
  source.start();
  const auto items = run(validate({.source = source.address(),
                                   .target = target.address(),
                                   .databases = {"postgres"},
                                   .connect_deadline = deadline_in(std::chrono::seconds{20})}));
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_EQ(find(*items, "SRV016")->state, ItemState::warning);
  EXPECT_EQ(find(*items, "SRV016")->code, "603112");
}

TEST(ValidateLive, AServerThatIsNotThereIsAFailedItem) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source;
  ServerAddress nowhere = source.address();
  nowhere.port = 1;
  const auto items = run(validate({.source = source.address(),
                                   .target = nowhere,
                                   .databases = {"postgres"},
                                   .connect_deadline = deadline_in(std::chrono::seconds{20})}));
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_EQ(find(*items, "SRV001")->state, ItemState::succeeded);
  EXPECT_EQ(find(*items, "SRV002")->state, ItemState::failed);
  EXPECT_FALSE(find(*items, "SRV002")->cure.empty());
}

}  // namespace
}  // namespace pgpassage::live
