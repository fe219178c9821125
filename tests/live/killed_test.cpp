#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <random>
#include <sstream>

#include "tests/app/program.hpp"
#include "tests/live/child.hpp"
#include "tests/live/cluster.hpp"
#include "tests/live/dump.hpp"

/// A migration whose process is killed, again and again, and resumed. `./dev fuzz SECONDS killed` runs more of it.
namespace pgpassage::app {
namespace {

using live::Child;
using live::Cluster;
using Points = std::vector<std::string>;  // "restore.entry:3"

constexpr int killed = 128 + SIGKILL;

/// PGPASSAGE_KILL_SEED, or always the same.
unsigned seed() {
  const char* given = std::getenv("PGPASSAGE_KILL_SEED");
  return given == nullptr ? 1 : static_cast<unsigned>(std::stoul(given));
}

class Killed : public testing::Test {
 public:
  void SetUp() override {
    PGPASSAGE_NEEDS_SERVER();
    source_ = std::make_unique<Cluster>();
    target_ = std::make_unique<Cluster>();
    for (const Cluster* cluster : {source_.get(), target_.get()}) cluster->run("CREATE ROLE clerk");
    source_->run("CREATE DATABASE shop CONNECTION LIMIT 40");
    source_->run("CREATE DATABASE bank");
    source_->run(R"(
      CREATE SCHEMA s;
      CREATE TABLE s.goods (id serial PRIMARY KEY, name text UNIQUE, price numeric);
      INSERT INTO s.goods (name, price) SELECT 'g' || i, i / 7.0 FROM generate_series(1, 500) i;
      CREATE TABLE s.orders (id int, good int REFERENCES s.goods, made date) PARTITION BY RANGE (id);
      CREATE TABLE s.orders_1 PARTITION OF s.orders FOR VALUES FROM (0) TO (500);
      CREATE TABLE s.orders_2 PARTITION OF s.orders FOR VALUES FROM (500) TO (2000);
      INSERT INTO s.orders SELECT i, i % 500 + 1, '2025-01-01'::date + i FROM generate_series(1, 999) i;
      CREATE INDEX ON s.orders (made);
      CREATE FUNCTION s.upper_name() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.name := upper(NEW.name); RETURN NEW; END';
      CREATE TRIGGER shout BEFORE INSERT ON s.goods FOR EACH ROW EXECUTE FUNCTION s.upper_name();
      CREATE TABLE s.wide AS SELECT i, repeat(md5(i::text), 300) AS x FROM generate_series(1, 60) i;
      CREATE VIEW s.cheap AS SELECT * FROM s.goods WHERE price < 3;
      CREATE MATERIALIZED VIEW s.prices AS SELECT price, count(*) FROM s.goods GROUP BY 1;
      GRANT SELECT ON s.goods TO clerk; ALTER TABLE s.wide OWNER TO clerk; COMMENT ON TABLE s.wide IS 'w';
      SELECT lo_from_bytea(4711, '\x0102'); COMMENT ON LARGE OBJECT 4711 IS 'an object'; SELECT setval('s.goods_id_seq', 777);
    )",
                 "shop");
    source_->run("CREATE TABLE t (i int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 100)", "bank");
  }

  int run(const std::vector<std::string>& command, const std::vector<std::string>& environment) const {
    std::vector<std::string> variables{"PGPASSAGE_HOME=" + work_.path("state").string()};
    variables.insert(variables.end(), environment.begin(), environment.end());
    Child child{command, std::move(variables)};
    const std::string said = child.output();
    const int code = child.exit_code();
    if (code != 0 && code != killed) ADD_FAILURE() << said;
    return code;
  }

  std::string uri(const Cluster& cluster) const {
    return "postgresql://postgres@127.0.0.1:" + std::to_string(cluster.port()) + "/";
  }
  int migrate(const std::string& variable) const {
    return run({"migrate", "--source", uri(*source_), "--target", uri(*target_), "--databases", "shop,bank", "--name",
                "m", "--jobs", "2"},
               {variable});
  }
  int resume(const std::string& variable) const { return run({"resume", "m", "--jobs", "2"}, {variable}); }
  static std::string kill_at(const std::string& point) { return "PGPASSAGE_KILL_AT=" + point; }

  /// What a run passes: those of the log, in the order of their passing.
  Points points_of(int (Killed::*command)(const std::string&) const) const {
    std::filesystem::remove(work_.path("points"));
    EXPECT_EQ((this->*command)("PGPASSAGE_KILL_LOG=" + work_.path("points").string()), 0);
    Points points;
    std::istringstream lines{work_.read("points")};
    for (std::string line; std::getline(lines, line);)
      if (!line.starts_with("Completed.")) points.push_back(line);  // then it has succeeded
    EXPECT_GE(points.size(), 60U) << "too few places: a migration and a resume together are to be killed 100 times";
    RecordProperty("points", static_cast<int>(points.size()));
    return points;
  }

  void start_over() const {
    std::filesystem::remove_all(work_.path("state"));
    // A statement goes on although who sent it was killed.
    target_->run("DROP DATABASE IF EXISTS shop WITH (FORCE)");
    target_->run("DROP DATABASE IF EXISTS bank WITH (FORCE)");
  }

  void expect_the_same(const std::string& where) const {
    for (const char* database : {"shop", "bank"})
      EXPECT_EQ(live::dump(*target_, database), live::dump(*source_, database)) << database << " after " << where;
  }

  std::unique_ptr<Cluster> source_, target_;
  Workplace work_;
};

/// In shares, so that they can run at the same time.
constexpr unsigned shares = 12;
class KilledAtEveryStep : public Killed, public testing::WithParamInterface<unsigned> {};

TEST_P(KilledAtEveryStep, OfItsLifeAndResumedOnce) {
  const Points points = points_of(&Killed::migrate);
  expect_the_same("an undisturbed run");
  for (std::size_t i = GetParam(); i < points.size(); i += shares) {
    start_over();
    ASSERT_EQ(migrate(kill_at(points[i])), killed) << "never reached: " << points[i];
    ASSERT_EQ(resume(""), 0) << "resumed after " << points[i];
    expect_the_same(points[i]);
  }
}
/// Everything is copied, and each resume finds so before it is killed itself.
TEST_P(KilledAtEveryStep, OfAResume) {
  ASSERT_EQ(migrate(kill_at("CompletingMigration.ended:1")), killed);
  const Points points = points_of(&Killed::resume);
  start_over();
  ASSERT_EQ(migrate(kill_at("CompletingMigration.ended:1")), killed);
  for (std::size_t i = GetParam(); i < points.size(); i += shares)
    ASSERT_EQ(resume(kill_at(points[i])), killed) << "never reached: " << points[i];
  ASSERT_EQ(resume(""), 0);
  expect_the_same("a resume killed at its steps");
}

INSTANTIATE_TEST_SUITE_P(Shares, KilledAtEveryStep, testing::Range(0U, shares));

/// Ten times in a row wherever it is, while somebody writes to the source between the tries.
TEST_F(Killed, AtRandomWhileTheSourceChanges) {
  std::mt19937 dice{seed()};
  const Points points = points_of(&Killed::migrate);
  start_over();
  const std::string& first = points[dice() % points.size()];
  SCOPED_TRACE(testing::Message() << "seed " << seed() << ", first killed at " << first);
  ASSERT_EQ(migrate(kill_at(first)), killed);
  for (int again = 0; again < 10; ++again) {
    source_->run("UPDATE s.goods SET price = price + 1 WHERE id % 10 = " + std::to_string(dice() % 10), "shop");
    const std::string number = std::to_string(1 + dice() % 40);  // of all points that a resume passes, whatever is left
    ASSERT_EQ(resume(kill_at(number)), killed) << "a resume passed fewer than " << number << " points";
  }
  ASSERT_EQ(resume(""), 0);
  expect_the_same("ten kills");
}

}  // namespace
}  // namespace pgpassage::app
