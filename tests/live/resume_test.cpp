#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <future>
#include <thread>

#include "tests/live/dump.hpp"
#include "tests/live/migration.hpp"

/// A migration that goes on after it, or a server, stopped.
namespace pgpassage::migrate {
namespace {

using live::Cluster;
using testing::HasSubstr;

/// What the ledger would have when a migration has stopped.
class Kept {
 public:
  Observer observer() {
    Observer observer;
    observer.standing = [this](const Standing& standing) {
      so_far_.standings[standing.database] = standing;
      return Result<void>{};
    };
    observer.tables = [this](const std::vector<TableRecord>& tables) {
      for (const TableRecord& table : tables) {
        so_far_.tables[table.database].erase(table.table);
        if (table.state == WorkState::succeeded) so_far_.tables[table.database][table.table] = table;
      }
    };
    return observer;
  }
  const Resumption& so_far() const { return so_far_; }

 private:
  Resumption so_far_;
};

/// A server dies with the thread that started it, and those of a migration end with it: this one stays until the end.
class Hand {
 public:
  void restart(Cluster& cluster) {
    std::promise<void> done;
    thread_ = std::thread{[&cluster, &done, over = over_.get_future()] {
      cluster.stop(SIGQUIT);
      cluster.start();
      done.set_value();
      over.wait();
    }};
    done.get_future().wait();
  }
  ~Hand() {
    over_.set_value();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::promise<void> over_;
  std::thread thread_;
};

class Resumed : public testing::Test {
 public:
  void SetUp() override {
    PGPASSAGE_NEEDS_SERVER();
    source_ = std::make_unique<Cluster>();
    target_ = std::make_unique<Cluster>();
    source_->run("CREATE DATABASE shop");
    source_->run(R"(
      CREATE TABLE a (i int PRIMARY KEY, x text); INSERT INTO a SELECT i, 'a' || i FROM generate_series(1, 30) i;
      CREATE TABLE b (i int REFERENCES a, x text); INSERT INTO b SELECT i, 'b' || i FROM generate_series(1, 30) i;
      CREATE TABLE c (i int); INSERT INTO c SELECT generate_series(1, 30); CREATE INDEX ON c (i);
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER t BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION refuse();
      SELECT lo_from_bytea(4711, '\x01'))",
                 "shop");
  }

  Request wanted() const {
    Request request = live::request(*source_, *target_, {"shop"});
    request.outage_time = std::chrono::seconds{60};
    return request;
  }
  std::string file_of(const std::string& table) const {
    return target_->ask("SELECT pg_relation_filenode('" + table + "')", "shop");
  }
  /// Calls `once` when the schema is there and the first session for rows is about to be used.
  static Observer when_rows_begin(Observer observer, std::function<void()> once) {
    observer.database = [once, done = false](const DatabaseRecord& record) mutable {
      if (record.phase == "data" && !std::exchange(done, true)) once();
    };
    return observer;
  }
  void expect_the_same() const { EXPECT_EQ(live::dump(*target_, "shop"), live::dump(*source_, "shop")); }

  std::unique_ptr<Cluster> source_, target_;
};

TEST_F(Resumed, OnlyWhatTheSourceChangedIsCopiedAgain) {
  Kept kept;
  Checks broken = live::no_checks();
  broken.verify = [](const Request&, std::string) -> boost::asio::awaitable<Result<Verification>> {
    co_return fail(Errc::sql, "a comparison that failed");
  };
  ASSERT_EQ(live::migrate_now(wanted(), kept.observer(), broken).stage.state, State::failed);
  const std::string a = file_of("a"), b = file_of("b"), c = file_of("c");
  source_->run("UPDATE a SET x = 'changed' WHERE i = 7; SELECT lo_put(4711, 1, '\\x02')", "shop");
  Request request = wanted();
  request.resumption = kept.so_far();
  const Outcome outcome = live::migrate_now(request, kept.observer(), live::verification());
  EXPECT_EQ(outcome.stage.state, State::succeeded) << outcome.trouble.message;
  EXPECT_NE(file_of("a"), a);
  EXPECT_EQ(file_of("b"), b);
  EXPECT_EQ(file_of("c"), c);
  expect_the_same();
}

TEST_F(Resumed, AnotherSchemaBeginsAnew) {
  Kept kept;
  ASSERT_EQ(live::migrate_now(wanted(), kept.observer()).stage.state, State::succeeded);
  source_->run("ALTER TABLE c ADD COLUMN later int", "shop");
  Request request = wanted();
  request.resumption = kept.so_far();
  const Outcome outcome = live::migrate_now(request, kept.observer(), live::verification());
  EXPECT_EQ(outcome.stage.state, State::succeeded) << outcome.trouble.message;
  expect_the_same();
}

TEST_F(Resumed, ADatabaseOfSomebodyElseIsLeftAlone) {
  Kept kept;
  ASSERT_EQ(live::migrate_now(wanted(), kept.observer()).stage.state, State::succeeded);
  target_->run("DROP DATABASE shop");
  target_->run("CREATE DATABASE shop");
  target_->run("CREATE TABLE mine (a int)", "shop");
  Request request = wanted();
  request.resumption = kept.so_far();
  const Outcome outcome = live::migrate_now(request, kept.observer());
  EXPECT_EQ(outcome.stage.state, State::failed);
  EXPECT_THAT(outcome.trouble.message, HasSubstr("another database \"shop\""));
  EXPECT_THAT(outcome.trouble.cure, HasSubstr("then resume"));
  EXPECT_EQ(target_->ask("SELECT to_regclass('mine') IS NOT NULL", "shop"), "t");
}

TEST_F(Resumed, TerminatedSessionsAreOpenedAgain) {
  for (const Cluster* cluster : {source_.get(), target_.get()}) {
    target_->run("DROP DATABASE IF EXISTS shop");
    const auto terminate = [&] {
      cluster->run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgpassage'");
    };
    const Outcome outcome = live::migrate_now(wanted(), when_rows_begin({}, terminate), live::verification());
    EXPECT_EQ(outcome.stage.state, State::succeeded) << outcome.trouble.message;
    expect_the_same();
  }
}

TEST_F(Resumed, ServersThatRestartAreWaitedFor) {
  for (const bool of_source : {true, false}) {
    SetUp();
    Cluster* cluster = of_source ? source_.get() : target_.get();
    Hand hand;
    const auto restart = [&] { hand.restart(*cluster); };
    const Outcome outcome = live::migrate_now(wanted(), when_rows_begin({}, restart), live::verification());
    EXPECT_EQ(outcome.stage.state, State::succeeded) << outcome.trouble.message;
    expect_the_same();
  }
}

TEST_F(Resumed, AServerThatStaysAwayEndsItInAStateToResumeFrom) {
  Kept kept;
  Request request = wanted();
  request.outage_time = std::chrono::seconds{1};
  const auto stop = [&] { target_->stop(SIGQUIT); };
  const Outcome outcome = live::migrate_now(request, when_rows_begin(kept.observer(), stop));
  EXPECT_EQ(outcome.stage.state, State::failed);
  EXPECT_THAT(outcome.trouble.cure, HasSubstr("resume"));
  target_->start();
  request.resumption = kept.so_far();
  EXPECT_EQ(live::migrate_now(request, kept.observer(), live::verification()).stage.state, State::succeeded);
  expect_the_same();
}

TEST_F(Resumed, ASecondRunAgainstTheSameDatabaseIsRefused) {
  std::optional<Outcome> second;
  const auto meet = [&] {
    Request request = wanted();
    request.overwrite = true;
    second = live::migrate_now(request);
  };
  const Outcome first = live::migrate_now(wanted(), when_rows_begin({}, meet), live::verification());
  EXPECT_EQ(first.stage.state, State::succeeded) << first.trouble.message;
  ASSERT_TRUE(second);
  EXPECT_EQ(second->stage.state, State::failed);
  EXPECT_THAT(second->trouble.message, HasSubstr("another migration is writing into database \"shop\""));
}

}  // namespace
}  // namespace pgpassage::migrate
