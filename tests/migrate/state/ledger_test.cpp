#include "migrate/state/ledger.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "migrate/state/sqlite.hpp"
#include "tests/temporary_directory.hpp"

namespace pgpassage::migrate {
namespace {

namespace fs = std::filesystem;

class LedgerFile : public testing::Test {
 protected:
  Ledger open() {
    auto ledger = Ledger::open(home);
    EXPECT_TRUE(ledger) << ledger.error().message;
    return std::move(*ledger);
  }

  static NewMigration orders(std::string name, std::string target = "target.example") {
    return {.name = std::move(name),
            .source = {.host = "source.example", .port = 5433, .user = "migrator", .extra = "sslrootcert='/ca.pem'"},
            .target = {.host = std::move(target), .user = "admin"},
            .databases = {"orders", "billing"},
            .edition = "2024-06",
            .process = ProcessIdentity::self()};
  }

  test::TemporaryDirectory directory{"ledger"};
  fs::path home = directory / "state/pgpassage";
};

TEST_F(LedgerFile, IsPrivate) {
  const Ledger ledger = open();
  struct stat status {};
  ASSERT_EQ(stat(home.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  for (const auto& entry : fs::directory_iterator{home}) {
    ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << entry.path();
  }
}

TEST_F(LedgerFile, KeepsWhatWasStored) {
  {
    Ledger ledger = open();
    const auto id = ledger.create(orders("first"));
    ASSERT_TRUE(id) << id.error().message;
    ASSERT_TRUE(ledger.advance(*id, Event::prerequisites_met));
    ASSERT_TRUE(ledger.store(*id, DatabaseRecord{.name = "billing",
                                                 .state = WorkState::in_progress,
                                                 .phase = "data",
                                                 .tables_done = 3,
                                                 .bytes_done = 1LL << 41}));
    ASSERT_TRUE(ledger.store(*id, std::vector{TableRecord{.database = "billing", .table = "public.\"Ä\"", .rows = 7}}));
    ASSERT_TRUE(ledger.store(*id, std::vector{ValidationRecord{.rule = "SRV010", .state = ItemState::warning}}));
    ASSERT_TRUE(ledger.store(
        *id, Verification{{{.kind = "table", .name = "t", .source_rows = 2, .identical = true}}, {"noted"}}));
  }
  Ledger ledger = open();
  const auto detail = ledger.detail(*ledger.find("first"));
  ASSERT_TRUE(detail);
  EXPECT_EQ(detail->migration.request.source.port, 5433);
  EXPECT_EQ(detail->migration.request.databases, (std::vector<std::string>{"orders", "billing"}));
  EXPECT_EQ(detail->migration.stage.substate, Substate::validation_in_progress);
  ASSERT_EQ(detail->databases.size(), 2u);
  EXPECT_EQ(detail->databases[1].bytes_done, 1LL << 41);
  EXPECT_EQ(detail->databases[1].phase, "data");
  EXPECT_EQ(detail->tables.at(0).table, "public.\"Ä\"");
  EXPECT_EQ(detail->validations.at(0).state, ItemState::warning);
  EXPECT_TRUE(detail->verification.items.at(0).identical);
  EXPECT_EQ(detail->verification.notes, std::vector<std::string>{"noted"});
  EXPECT_EQ(detail->migration.request.edition, "2024-06");
  EXPECT_EQ(detail->migration.request.source.extra, "sslrootcert='/ca.pem'");
  EXPECT_EQ(detail->events.size(), 2u);
}

TEST_F(LedgerFile, ALaterVerificationStandsBesideTheMigrationsOwn) {
  Ledger ledger = open();
  const auto id = ledger.create(orders("first"));
  ASSERT_TRUE(id);
  const Verification differs{{{.kind = "table", .name = "t"}}, {"later"}};
  ASSERT_TRUE(ledger.store(*id, Verification{{{.kind = "schema", .identical = true}}, {"own"}}));
  ASSERT_TRUE(ledger.add_verification(*id, differs));
  ASSERT_TRUE(ledger.add_verification(*id, {{{.kind = "table", .name = "u", .compared = false}}, {}}));
  ASSERT_TRUE(ledger.store(*id, Verification{{{.kind = "schema", .identical = true}}, {"own"}}));
  const auto detail = ledger.detail(*id);
  ASSERT_TRUE(detail) << detail.error().message;
  EXPECT_EQ(detail->verification.items.size(), 1u);
  EXPECT_EQ(detail->verification.notes, std::vector<std::string>{"own"});
  ASSERT_EQ(detail->later_verifications.size(), 2u);
  EXPECT_EQ(agreement_of(detail->later_verifications[0].found.items), Agreement::differs);
  EXPECT_EQ(detail->later_verifications[0].found.notes, std::vector<std::string>{"later"});
  EXPECT_EQ(agreement_of(detail->later_verifications[1].found.items), Agreement::inconclusive);
  EXPECT_EQ(detail->events.back().text, "verify: inconclusive");
}

TEST_F(LedgerFile, ANameIsUniquePerTarget) {
  Ledger ledger = open();
  ASSERT_TRUE(ledger.create(orders("same")));
  const auto again = ledger.create(orders("same"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::already_exists);
  EXPECT_NE(again.error().cure.find("--name"), std::string::npos);
  EXPECT_TRUE(ledger.create(orders("same", "other.example")));
  EXPECT_EQ(ledger.find("same").error().code, Errc::input);
  EXPECT_TRUE(ledger.find("other.example/same"));
  EXPECT_TRUE(ledger.find("target.example:5432/same"));
  EXPECT_EQ(ledger.find("nobody").error().code, Errc::not_found);
}

TEST_F(LedgerFile, TwoRunningMigrationsDoNotShareADatabaseOfATarget) {
  Ledger ledger = open();
  const auto first = ledger.create(orders("first"));
  ASSERT_TRUE(first);
  EXPECT_EQ(ledger.create(orders("second")).error().code, Errc::already_exists);
  ASSERT_TRUE(ledger.advance(*first, Event::failed, {"no", "", ""}));
  EXPECT_TRUE(ledger.create(orders("second")));
}

TEST_F(LedgerFile, TheNewestIsFirst) {
  Ledger ledger = open();
  for (const char* name : {"a", "b", "c"}) {
    const auto id = ledger.create(orders(name));
    ASSERT_TRUE(id);
    ASSERT_TRUE(ledger.advance(*id, Event::canceled));
  }
  const auto list = ledger.list();
  ASSERT_EQ(list->size(), 3u);
  EXPECT_EQ(list->front().request.name, "c");
}

TEST_F(LedgerFile, CancelIsSeenByAnotherHandleAndRefusedAfterTheEnd) {
  Ledger one = open(), other = open();
  const auto id = one.create(orders("m"));
  ASSERT_TRUE(id);
  EXPECT_FALSE(*one.cancel_requested(*id));
  ASSERT_TRUE(other.request_cancel(*id));
  EXPECT_TRUE(*one.cancel_requested(*id));
  ASSERT_TRUE(one.advance(*id, Event::canceled));
  EXPECT_EQ(other.request_cancel(*id).error().code, Errc::input);
  EXPECT_EQ(one.advance(*id, Event::data_copied).error().code, Errc::unsupported);
  EXPECT_TRUE(other.remove(*id));
  EXPECT_EQ(one.cancel_requested(*id).error().code, Errc::not_found);
}

TEST_F(LedgerFile, AMigrationWhoseProcessWasKilledIsFailed) {
  Ledger ledger = open();
  const pid_t child = fork();
  if (child == 0) {
    auto own = Ledger::open(home);
    const auto id = own->create(orders("killed"));
    if (id) (void)own->advance(*id, Event::prerequisites_met);
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto detail = ledger.detail(*ledger.find("killed"));
  EXPECT_EQ(detail->migration.stage, (Stage{State::failed, Substate::validation_in_progress}));
  EXPECT_NE(detail->migration.error.message.find("is gone (killed?)"), std::string::npos);
  EXPECT_NE(detail->migration.error.cure.find("pgpassage resume"), std::string::npos);
  EXPECT_TRUE(detail->migration.ended);
}

TEST_F(LedgerFile, AReusedProcessIdIsNotTheSameProcess) {
  ProcessIdentity process = ProcessIdentity::self();
  EXPECT_TRUE(process.alive());
  ++process.start_ticks;
  EXPECT_FALSE(process.alive());
  process.host = "another-machine";
  EXPECT_TRUE(process.alive());
}

TEST_F(LedgerFile, AResumeFindsWhatWasFinishedAndForgetsTheEnd) {
  Ledger ledger = open();
  const auto id = ledger.create(orders("first"));
  ASSERT_TRUE(id);
  const Standing standing{.database = "orders", .made = Made::schema, .oid = 16400, .schema = "5eed"};
  ASSERT_TRUE(ledger.store(*id, Standing{.database = "orders", .made = Made::begun}));
  ASSERT_TRUE(ledger.store(*id, standing));
  ASSERT_TRUE(ledger.store(
      *id,
      std::vector<TableRecord>{{.database = "orders", .table = "public.a", .state = WorkState::succeeded, .rows = 7},
                               {.database = "orders", .table = "public.b", .state = WorkState::in_progress}}));
  ASSERT_TRUE(ledger.store_joined(*id, {"clerk"}));
  ASSERT_TRUE(ledger.store_remaining(*id, {"database orders is incomplete"}));
  ASSERT_TRUE(ledger.advance(*id, Event::failed, {"the disk is full", "53100", "make room"}));
  const auto finished = ledger.resume(*id, ProcessIdentity::self());
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(finished->standings, (std::map<std::string, Standing>{{"orders", standing}}));
  ASSERT_EQ(finished->tables.at("orders").size(), 1u);
  EXPECT_EQ(finished->tables.at("orders").at("public.a").rows, 7);
  EXPECT_EQ(finished->joined_roles, std::vector<std::string>{"clerk"});
  const auto detail = ledger.detail(*id);
  ASSERT_TRUE(detail);
  EXPECT_EQ(detail->migration.stage, first_stage);
  EXPECT_TRUE(detail->migration.error.empty());
  EXPECT_FALSE(detail->migration.ended);
  EXPECT_TRUE(detail->remaining.empty());
}

TEST_F(LedgerFile, OnlyWhatStoppedIsResumed) {
  Ledger ledger = open();
  const auto first = ledger.create(orders("first"));
  ASSERT_TRUE(first);
  EXPECT_EQ(ledger.resume(*first, ProcessIdentity::self()).error().code, Errc::input);
  ASSERT_TRUE(ledger.advance(*first, Event::canceled));
  const auto second = ledger.create(orders("second"));
  ASSERT_TRUE(second);
  const auto meets = ledger.resume(*first, ProcessIdentity::self());
  ASSERT_FALSE(meets);
  EXPECT_EQ(meets.error().code, Errc::already_exists);
  ASSERT_TRUE(ledger.advance(*second, Event::failed, {"x", "", ""}));
  EXPECT_TRUE(ledger.resume(*first, ProcessIdentity::self()));
}

/// The newest form without its last step is the one before: an older program's file is brought up, with what it holds.
TEST_F(LedgerFile, AFileOfAnOlderProgramIsBroughtUp) {
  {
    Ledger ledger = open();
    ASSERT_TRUE(ledger.create(orders("old")));
  }
  {
    const auto raw = sqlite::open(home / "ledger.sqlite");
    ASSERT_TRUE(raw);
    ASSERT_TRUE(
        sqlite::run(raw->get(),
                    "DROP TABLE standings; DROP TABLE joined_roles; ALTER TABLE migrations DROP COLUMN settings;"
                    " PRAGMA user_version = 3"));
  }
  Ledger ledger = open();
  const auto id = ledger.find("old");
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_TRUE(ledger.store(*id, Standing{.database = "orders", .made = Made::begun}));
}

TEST_F(LedgerFile, SeveralThreadsAndHandlesWriteAtOnce) {
  Ledger one = open(), other = open();
  const auto id = one.create(orders("busy"));
  ASSERT_TRUE(id);
  const auto write = [&](Ledger& ledger) {
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(ledger.note(*id, "tick"));
  };
  { std::jthread a{write, std::ref(one)}, b{write, std::ref(one)}, c{write, std::ref(other)}; }
  EXPECT_EQ(one.detail(*id)->events.size(), 151u);
}

TEST_F(LedgerFile, AFileOfANewerProgramIsLeftAlone) {
  (void)open();
  {
    auto database = sqlite::open(home / "ledger.sqlite");
    ASSERT_TRUE(sqlite::run(database->get(), "PRAGMA user_version = 999"));
  }
  const auto ledger = Ledger::open(home);
  ASSERT_FALSE(ledger);
  EXPECT_EQ(ledger.error().code, Errc::unsupported);
  EXPECT_FALSE(ledger.error().cure.empty());
}

TEST_F(LedgerFile, AFileThatIsNoDatabaseIsAnErrorWithItsName) {
  fs::create_directories(home);
  std::ofstream{home / "ledger.sqlite"} << "this is not SQLite, and long enough to be read as a header of something";
  const auto ledger = Ledger::open(home);
  ASSERT_FALSE(ledger);
  EXPECT_NE(ledger.error().message.find("ledger.sqlite"), std::string::npos);
}

}  // namespace
}  // namespace pgpassage::migrate
