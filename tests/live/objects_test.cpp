#include "tests/live/objects.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/live/dump.hpp"
#include "tests/live/migration.hpp"
#include "tests/live/run.hpp"

/// Whole migrations of a database that holds every kind of object.
namespace pgpassage::migrate {
namespace {

using live::Cluster;
using live::Maker;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

Outcome move_objects(const Cluster& source, const Cluster& target, Maker maker) {
  auto request = live::request(source, target, {"objects"});
  if (maker == Maker::ordinary)
    for (auto* server : {&request.source, &request.target}) {
      server->user = "mover";
      server->password_env = "PGPASSAGE_TEST_MOVER";
    }
  return live::migrate_now(std::move(request), {}, live::verification());
}

// Triggers, rules and event triggers of the database raise an exception when they fire; settings of the database and of
// the target's login would change names, literals, numbers and dates, or end every statement after 20 ms.
TEST(LiveObjects, ASuperuserMovesEveryKindOfObject) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source, target;
  for (const auto* cluster : {&source, &target}) make_object_roles(*cluster, Maker::superuser);
  make_objects(source, Maker::superuser);
  target.run(
      "ALTER ROLE postgres SET array_nulls = off; ALTER ROLE postgres SET transform_null_equals = on;"
      "ALTER ROLE postgres SET \"DateStyle\" = 'SQL, DMY'; ALTER ROLE postgres SET standard_conforming_strings = off;"
      "ALTER ROLE postgres SET xmloption = 'document'; ALTER ROLE postgres SET default_transaction_read_only = on");
  const auto outcome = move_objects(source, target, Maker::superuser);
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  EXPECT_THAT(outcome.remaining, IsEmpty());
  EXPECT_EQ(live::dump(target, "objects"), live::dump(source, "objects"));
}

TEST(LiveObjects, OrdinaryRolesMoveEverythingThatTheyMayMake) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source, target;
  for (const auto* cluster : {&source, &target}) make_object_roles(*cluster, Maker::ordinary);
  make_objects(source, Maker::ordinary);
  const auto outcome = move_objects(source, target, Maker::ordinary);
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  EXPECT_THAT(outcome.remaining, IsEmpty());
  EXPECT_EQ(live::dump(target, "objects"), live::dump(source, "objects"));
}

// CREATE TABLE puts inherited columns first: what a parent got later stood last.
TEST(LiveObjects, AnInheritedColumnMayStandElsewhereAndIsNoted) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source, target;
  source.run("CREATE DATABASE objects");
  source.run(
      "CREATE TABLE mother (a int); CREATE TABLE child (b text) INHERITS (mother); ALTER TABLE mother ADD c float8;"
      "INSERT INTO child VALUES (1, 'x', 0.1), (2, 'y', 0.2)",
      "objects");
  Verification found;
  Observer observer;
  observer.verified = [&](const Verification& all) { found = all; };
  auto request = live::request(source, target, {"objects"});
  const auto outcome = live::migrate_now(request, observer, live::verification());
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  EXPECT_THAT(found.notes, Contains(HasSubstr("(a, b, c) on the source, (a, c, b) on the target")));
  EXPECT_EQ(target.ask("SELECT c FROM child WHERE b = 'y'", "objects"), "0.2");
  target.run("UPDATE child SET c = 0.3 WHERE a = 1", "objects");
  request.option = MigrationOption::migrate;
  const auto again = live::run(live::verification().verify(request, "objects"));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_THAT(again->items, Contains(testing::AllOf(testing::Field(&VerificationRecord::name, "public.child"),
                                                    testing::Field(&VerificationRecord::identical, false))));
}

TEST(LiveObjects, RolesAreMadeOnTheTargetWhenAskedFor) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source, target;
  make_object_roles(source, Maker::superuser);
  source.run(
      "ALTER ROLE clerk LOGIN PASSWORD 'p''w' CONNECTION LIMIT 5 VALID UNTIL '2040-01-01'; ALTER ROLE \"Bo\"\"ss\" "
      "SUPERUSER;"
      "ALTER ROLE clerk SET search_path = a, \"B c\"; ALTER ROLE clerk SET \"DateStyle\" = 'German, DMY';"
      "GRANT keeper TO clerk WITH ADMIN OPTION; GRANT pg_monitor TO reader; COMMENT ON ROLE reader IS 'it''s a "
      "reader'");
  make_objects(source, Maker::superuser);
  auto request = live::request(source, target, {"objects"});
  request.roles = RoleHandling::report;
  request.option = MigrationOption::migrate;
  request.databases = {"postgres"};
  request.overwrite = true;
  const auto reported = live::migrate_now(request);
  EXPECT_THAT(reported.remaining,
              Contains(HasSubstr("\"Bo\"\"ss\" (a superuser), clerk, keeper, reader; --roles create")));
  EXPECT_EQ(target.ask("SELECT count(*) FROM pg_roles WHERE oid >= 16384"), "0");
  request.roles = RoleHandling::create;
  request.databases = {"objects"};
  const auto outcome = live::migrate_now(request, {}, live::verification());
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  EXPECT_THAT(outcome.remaining, testing::ElementsAre(HasSubstr("role \"Bo\"\"ss\" is a superuser on the source")));
  const char* roles =
      "SELECT string_agg(concat_ws(' ', r.*, s.setconfig, d.description), E'\\n' ORDER BY r.rolname) FROM"
      " (SELECT oid, rolname, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolconnlimit, rolpassword,"
      " rolvaliduntil FROM pg_authid WHERE oid >= 16384) q JOIN LATERAL (SELECT q.rolname, q.rolinherit, q.rolcanlogin,"
      " q.rolconnlimit, q.rolpassword, q.rolvaliduntil) r ON true LEFT JOIN pg_db_role_setting s ON s.setrole = q.oid "
      "AND"
      " s.setdatabase = 0 LEFT JOIN pg_shdescription d ON d.objoid = q.oid";
  EXPECT_EQ(target.ask(roles), source.ask(roles));
  const char* members =
      "SELECT string_agg(format('%s %s %s', roleid::regrole, member::regrole, admin_option), ', ' ORDER BY "
      "member::regrole::text, roleid::regrole::text) FROM "
      "pg_auth_members WHERE member >= 16384";
  EXPECT_EQ(target.ask(members), source.ask(members));
  EXPECT_EQ(target.ask("SELECT rolsuper FROM pg_roles WHERE rolname = 'Bo\"ss'"), "f");
}

}  // namespace
}  // namespace pgpassage::migrate
