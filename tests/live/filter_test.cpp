#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/engine/dry_run.hpp"
#include "tests/live/dump.hpp"
#include "tests/live/migration.hpp"
#include "tests/live/run.hpp"

/// A part of a database, and what would be done without doing it.
namespace pgpassage::migrate {
namespace {

using live::Cluster;
using live::run;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

Pattern pattern(std::string_view text) { return *Pattern::of(text); }

/// Two schemas; a view and a key go from one to the other, a table has a sequence of its own.
void fill(const Cluster& source) {
  source.run("CREATE DATABASE shop");
  source.run(
      "CREATE SCHEMA sales; CREATE SCHEMA audit; CREATE TYPE sales.state AS ENUM ('open');"
      "CREATE TABLE sales.customer (id serial PRIMARY KEY, name text, state sales.state);"
      "CREATE TABLE sales.\"Order\" (id int PRIMARY KEY, customer int REFERENCES sales.customer);"
      "CREATE TABLE audit.log (at timestamptz, customer int REFERENCES sales.customer);"
      "CREATE VIEW sales.seen AS SELECT c.name, l.at FROM sales.customer c JOIN audit.log l ON l.customer = c.id;"
      "CREATE INDEX ON audit.log (at); COMMENT ON TABLE audit.log IS 'x';"
      "CREATE MATERIALIZED VIEW sales.names AS SELECT name FROM sales.customer;"
      "INSERT INTO sales.customer (name) SELECT 'c' || i FROM generate_series(1, 50) i;"
      "INSERT INTO sales.\"Order\" SELECT i, i FROM generate_series(1, 50) i;"
      "INSERT INTO audit.log SELECT now(), i FROM generate_series(1, 50) i; REFRESH MATERIALIZED VIEW sales.names;"
      "SELECT lo_from_bytea(4711, 'x')",
      "shop");
}

/// Every relation of users with rows, as "schema.name=rows".
std::string contents(const Cluster& cluster) {
  cluster.run("ANALYZE", "shop");
  return cluster.ask(
      "SELECT string_agg(oid::regclass || '=' || greatest(reltuples, 0), ' ' ORDER BY oid::regclass::text) FROM"
      " pg_class WHERE relkind IN ('r', 'v', 'm') AND relnamespace::regnamespace::text IN ('sales', 'audit')",
      "shop");
}

class LiveFilter : public testing::Test {
 protected:
  void SetUp() override {
    PGPASSAGE_NEEDS_SERVER();
    source_ = std::make_unique<Cluster>();
    target_ = std::make_unique<Cluster>();
    fill(*source_);
  }

  Outcome migrate(Filter filter) {
    auto request = live::request(*source_, *target_, {"shop"});
    request.filter = std::move(filter);
    return live::migrate_now(std::move(request), {}, live::verification());
  }

  std::unique_ptr<Cluster> source_, target_;
};

TEST_F(LiveFilter, ASchemaMovesAloneAndWhatNeedsAnotherIsNamed) {
  const auto outcome = migrate({.schemas = {pattern("sal*")}});
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  EXPECT_EQ(contents(*target_), "sales.\"Order\"=50 sales.customer=50 sales.names=50");
  EXPECT_THAT(outcome.remaining, ElementsAre(HasSubstr("VIEW sales.seen was left out")));
  EXPECT_EQ(target_->ask("SELECT nextval('sales.customer_id_seq')", "shop"), "51");
  EXPECT_EQ(target_->ask("SELECT count(*) FROM pg_largeobject_metadata", "shop"), "0");
}

TEST_F(LiveFilter, ExcludedTablesTakeTheirDependentsWithThem) {
  const auto outcome = migrate({.excluded_tables = {pattern("audit.*")}});
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  EXPECT_EQ(contents(*target_), "sales.\"Order\"=50 sales.customer=50 sales.names=50");
  EXPECT_EQ(target_->ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'audit'", "shop"), "1");
  EXPECT_EQ(target_->ask("SELECT count(*) FROM pg_largeobject_metadata", "shop"), "1");
}

TEST_F(LiveFilter, ATableMovesWithTheTypesOfItsSchema) {
  const auto outcome = migrate({.tables = {pattern("customer")}});
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  EXPECT_EQ(contents(*target_), "sales.customer=50");
}

TEST_F(LiveFilter, ExcludedRowsLeaveAnEmptyTable) {
  const auto outcome = migrate({.excluded_rows = {pattern("log")}});
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  EXPECT_THAT(contents(*target_), StartsWith("audit.log=0 sales.\"Order\"=50"));
  EXPECT_EQ(target_->ask("SELECT count(*) FROM pg_indexes WHERE schemaname = 'audit'", "shop"), "1");
}

TEST_F(LiveFilter, SchemaOnlyMovesEverythingButData) {
  const auto outcome = migrate({.schema_only = true});
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  EXPECT_EQ(contents(*target_), "audit.log=0 sales.\"Order\"=0 sales.customer=0 sales.names=0 sales.seen=0");
  EXPECT_EQ(target_->ask("SELECT nextval('sales.customer_id_seq')", "shop"), "1");
  EXPECT_EQ(target_->ask("SELECT count(*) FROM pg_constraint WHERE contype = 'f'", "shop"), "2");
}

// A comparison of a part says what differs in that part, and nothing of the rest.
TEST_F(LiveFilter, VerificationFindsADifferenceInsideAndIgnoresOneOutside) {
  ASSERT_EQ(migrate({.excluded_tables = {pattern("audit.*")}}).stage.state, State::succeeded);
  auto request = live::request(*source_, *target_, {"shop"});
  request.filter = {.excluded_tables = {pattern("audit.*")}};
  const auto differences = [&] {
    std::vector<std::string> names;
    const auto found = run(live::verification().verify(request, "shop"));
    for (const auto& item : found.value().items)
      if (!item.identical) names.push_back(item.name + item.difference);
    return names;
  };
  source_->run("DELETE FROM audit.log", "shop");
  EXPECT_THAT(differences(), IsEmpty());
  target_->run("UPDATE sales.customer SET name = 'y' WHERE id = 1", "shop");
  EXPECT_THAT(differences(), ElementsAre(HasSubstr("sales.customer")));
  target_->run("ALTER TABLE sales.\"Order\" DROP CONSTRAINT \"Order_pkey\"", "shop");
  EXPECT_THAT(differences(), Contains(HasSubstr("Order_pkey")));
}

TEST_F(LiveFilter, ADryRunSaysEverythingAndChangesNothing) {
  const auto found = run(dry_run(live::request(*source_, *target_, {"shop"})));
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->databases.size(), 1U);
  const DatabaseOutline& outline = found->databases.front();
  EXPECT_EQ(outline.tables.size(), 3U);
  EXPECT_EQ(outline.objects.size(), 5U);  // two keys, two foreign keys, an index
  EXPECT_EQ(outline.large_objects.count, 1);
  EXPECT_EQ(outline.sequences, 1U);
  std::vector<std::string> steps;
  for (const auto& step : outline.steps) steps.push_back(step.what);
  EXPECT_THAT(steps, Contains("copy sales.\"Order\""));
  EXPECT_EQ(found->lanes.copy, 3U);
  EXPECT_EQ(target_->ask("SELECT count(*) FROM pg_database WHERE datname = 'shop'"), "0");
  EXPECT_EQ(source_->ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgpassage'"), "0");
}

TEST_F(LiveFilter, ADryRunFailsAsTheMigrationWould) {
  target_->run("CREATE DATABASE shop");
  const auto found = run(dry_run(live::request(*source_, *target_, {"shop"})));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::already_exists);
}

}  // namespace
}  // namespace pgpassage::migrate
