#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <csignal>
#include <fstream>
#include <optional>
#include <sstream>

#include "migrate/state/ledger.hpp"
#include "tests/app/program.hpp"
#include "tests/live/cluster.hpp"
#include "tests/live/fake_server.hpp"

/// What `pgpassage migrate` answers to bad input and to a world that is not as it should be: message, exit code, state.
namespace pgpassage::app {
namespace {

using live::Cluster;
using live::FakeServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string uri(Port port, const std::string& rest = {}, const std::string& user = "postgres") {
  return "postgresql://" + user + "@127.0.0.1:" + std::to_string(port) + rest;
}

/// Two servers for all cases, of which none changes anything on the source; databases on the target are overwritten.
class MigrateFaults : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (live::server_programs().empty()) return;
    source_.emplace();
    target_.emplace();
    source_->run("CREATE ROLE mover LOGIN PASSWORD 'correct-horse'");
    source_->run("CREATE DATABASE shop");
    source_->run("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i", "shop");
    target_->run("CREATE ROLE mover LOGIN CREATEDB PASSWORD 'correct-horse'");
  }
  static void TearDownTestSuite() {
    source_.reset();
    target_.reset();
  }

  void SetUp() override { PGPASSAGE_NEEDS_SERVER(); }

  ProgramResult migrate(const std::string& from, const std::string& to, const std::string& more = {},
                        const std::string& environment = {}) const {
    return work_.run(environment + " pgpassage migrate --name m --source '" + from + "' --target '" + to + "' " + more);
  }
  ProgramResult show() const { return work_.run("pgpassage show m"); }
  std::string from() const { return uri(source_->port(), "/shop"); }
  std::string to() const { return uri(target_->port()); }

  /// One that began: exit 1, and `show` says Failed with cause and cure.
  void expect_failed(const ProgramResult& result, const std::string& cause, const std::string& cure) const {
    EXPECT_EQ(result.exit_code, 1) << result.error;
    const auto json = work_.run("pgpassage show m --format json");
    EXPECT_THAT(json.output, AllOf(HasSubstr("\"state\": \"Failed\""), HasSubstr(cause), HasSubstr(cure)));
    EXPECT_THAT(json.output, Not(HasSubstr("\"InProgress\"")));
  }

  /// One that never began: exit 2, one message on standard error, and no state.
  void expect_refused(const ProgramResult& result, const std::string& message) const {
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.error, HasSubstr(message));
    EXPECT_THAT(result.output, IsEmpty());
    EXPECT_THAT(work_.run("pgpassage list").output, HasSubstr("No migrations here yet"));
  }

  static std::optional<Cluster> source_, target_;
  Workplace work_;
};

std::optional<Cluster> MigrateFaults::source_, MigrateFaults::target_;

TEST_F(MigrateFaults, WrongPasswordNamesTheEndAndTheLogin) {
  work_.write("pass", "127.0.0.1:*:*:mover:wrong\n");
  ::chmod(work_.path("pass").c_str(), 0600);
  const auto result = migrate(uri(source_->port(), "/shop", "mover"), to(), "", "PGPASSFILE=pass");
  expect_refused(result, "source: cannot log in to 127.0.0.1:" + std::to_string(source_->port()) +
                             " as mover: password authentication failed");
  EXPECT_THAT(result.error, HasSubstr("PGPASSFILE"));
  EXPECT_EQ(migrate(from(), to(), "--option Validate").exit_code, 0) << "the name is free again";
}

TEST_F(MigrateFaults, MissingPasswordSaysWhereToPutIt) {
  const auto result = migrate(from(), uri(target_->port(), "", "mover"), "", "PGPASSFILE=none");
  expect_refused(result, "target: cannot log in to 127.0.0.1:" + std::to_string(target_->port()) +
                             " as mover: no password supplied");
  EXPECT_THAT(result.error, HasSubstr(".pgpass"));
}

TEST_F(MigrateFaults, PasswordFileThatLibpqIgnoresIsTheCause) {
  work_.write("pass", "*:*:*:mover:correct-horse\n");
  ::chmod(work_.path("pass").c_str(), 0644);
  const auto result = migrate(from(), uri(target_->port(), "", "mover"), "", "PGPASSFILE=pass");
  expect_refused(result, "no password supplied: libpq does not read pass, which others may read\n  chmod 600 pass\n");
}

TEST_F(MigrateFaults, LoginThatTheServerDoesNotAdmitIsNamed) {
  const std::string hba = source_->directory() / "data/pg_hba.conf";
  std::string before;
  std::getline(std::ifstream{hba}, before, '\0');
  std::ofstream{hba} << "host all postgres 127.0.0.1/32 trust\n";
  source_->stop(SIGINT);
  source_->start();
  const auto result = migrate(uri(source_->port(), "/shop", "mover"), to());
  std::ofstream{hba} << before;
  source_->stop(SIGINT);
  source_->start();
  expect_refused(result, "as mover: no pg_hba.conf entry for host \"127.0.0.1\", user \"mover\"");
}

TEST_F(MigrateFaults, ServerThatIsDownIsNamed) {
  const auto result = migrate(from(), uri(1));
  expect_refused(result, "target: cannot connect to 127.0.0.1:1 as postgres: Connection refused");
  EXPECT_THAT(result.error, HasSubstr("check host, port and firewall"));
}

TEST_F(MigrateFaults, UnknownNameIsNotAFirewall) {
  const auto result = migrate("postgresql://postgres@no-such.invalid/shop", to());
  expect_refused(result, "no-such.invalid");
  EXPECT_THAT(result.error, HasSubstr("check the name"));
}

TEST_F(MigrateFaults, SourceBefore95IsTooOld) {
  const FakeServer old{"9.4.26"};
  expect_failed(migrate(uri(old.port(), "/shop"), to()), "the source runs PostgreSQL 9.4; 9.5 is the oldest",
                "upgrade the source");
}

TEST_F(MigrateFaults, TargetOlderThanTheSourceIsRefused) {
  const FakeServer old{"11.22"};
  expect_failed(migrate(from(), uri(old.port())), "the target runs PostgreSQL 11, older than the source's",
                "choose a target");
}

TEST_F(MigrateFaults, DatabaseThatIsNotThereIsNamed) {
  const auto result = migrate(uri(source_->port()), to(), "--databases shop,nosuch");
  expect_refused(result, "the source has no database");
  EXPECT_THAT(result.error, HasSubstr("--databases"));
  EXPECT_EQ(migrate(from(), to(), "--option Validate").exit_code, 0) << "the name is free again";
}

TEST_F(MigrateFaults, TemplateThatNobodyMayOpenIsRefused) {
  const auto result = migrate(uri(source_->port()), to(), "--databases template0");
  expect_refused(result, "does not allow connections");
  EXPECT_THAT(result.error, HasSubstr("leave it out"));
}

TEST_F(MigrateFaults, ExistingDatabaseIsLeftAloneWithoutOverwrite) {
  target_->run("CREATE DATABASE mine");
  target_->run("CREATE TABLE precious (a int)", "mine");
  source_->run("CREATE DATABASE mine");
  const auto result = migrate(uri(source_->port(), "/mine"), to(), "--option Migrate");
  expect_failed(result, "already exists on the target", "--overwrite");
  EXPECT_THAT(show().output, Not(HasSubstr("Remains")));
  EXPECT_EQ(target_->ask("SELECT to_regclass('precious') IS NOT NULL", "mine"), "t");
  target_->run("DROP DATABASE mine");
  source_->run("DROP DATABASE mine");
}

TEST_F(MigrateFaults, ValidationThatFailsEndsAsValidationFailed) {
  target_->run("CREATE DATABASE shop");
  const auto result = migrate(from(), to(), "--option Validate");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(work_.run("pgpassage show m --format json").output,
              AllOf(HasSubstr("\"state\": \"ValidationFailed\""), HasSubstr("DB002")));
  target_->run("DROP DATABASE shop");
}

TEST_F(MigrateFaults, ValidateAloneMovesNothing) {
  const auto result = migrate(from(), to(), "--option Validate");
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_THAT(show().output, HasSubstr("m is validated"));
  EXPECT_EQ(target_->ask("SELECT count(*) FROM pg_database WHERE datname = 'shop'"), "0");
}

TEST_F(MigrateFaults, AllDatabasesAreValidatedByName) {
  const auto result = migrate(uri(source_->port()), to(), "--option Validate --format json");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.output, AllOf(HasSubstr("\"rule\": \"DB002\""), HasSubstr("\"database\": \"shop\"")));
  EXPECT_THAT(result.error, HasSubstr("No database is named, so all of the source are taken: shop\n"));
}

TEST_F(MigrateFaults, SameServerTwiceUsesUpNoName) {
  expect_refused(migrate(from(), uri(source_->port())), "source and target are the same server");
}

TEST_F(MigrateFaults, AnOutputThatCannotBeWrittenIsFoundBeforeAnythingIsDone) {
  const auto result = migrate(from(), to(), "--output none/result.txt");
  expect_refused(result, "cannot write 'none/result.txt': No such file or directory; nothing was done");
  EXPECT_EQ(target_->ask("SELECT count(*) FROM pg_database WHERE datname = 'shop'"), "0");
  work_.write("ready.yaml", ready_topology);
  for (const char* command : {"check ready.yaml --no-live", "report ready.yaml --no-live", "verify m"})
    EXPECT_EQ(work_.run(std::string{"pgpassage "} + command + " --output /").exit_code, 2) << command;
}

TEST_F(MigrateFaults, DatabasePostgresCanBeOverwritten) {
  const auto result = migrate(uri(source_->port(), "/postgres"), to(), "--overwrite");
  EXPECT_EQ(result.exit_code, 0) << result.output;
}

TEST_F(MigrateFaults, NameThatTheTargetHasIsRefused) {
  EXPECT_EQ(migrate(from(), to(), "--option Validate").exit_code, 0);
  const auto second = migrate(from(), to(), "--option Validate");
  EXPECT_EQ(second.exit_code, 2);
  EXPECT_THAT(second.error, AllOf(HasSubstr("already has a migration named 'm' (Succeeded)"), HasSubstr("--name")));
  EXPECT_THAT(second.output, IsEmpty());
}

TEST_F(MigrateFaults, MissingPgDumpSaysWhatToInstall) {
  expect_failed(migrate(from(), to(), "", "PGPASSAGE_PG_BINDIR=/nonexistent"), "no pg_dump and pg_restore that run",
                "install postgresql-client-");
}

TEST_F(MigrateFaults, OldPgDumpSaysWhatToInstall) {
  work_.write("pg_dump", "#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n");
  ::chmod(work_.path("pg_dump").c_str(), 0755);
  expect_failed(migrate(from(), to(), "", "PGPASSAGE_PG_BINDIR=\"$PWD\""),
                "pg_dump 9 here cannot read a source of version", "install postgresql-client-");
}

TEST_F(MigrateFaults, FailingPgDumpIsQuotedAndNothingIsCalledIncomplete) {
  work_.write("pg_dump",
              "#!/bin/sh\ncase $1 in --version) echo 'pg_dump (PostgreSQL) 99.1';; *) echo 'pg_dump: error: out of "
              "luck' >&2; exit 1;; esac\n");
  ::chmod(work_.path("pg_dump").c_str(), 0755);
  expect_failed(migrate(from(), to(), "", "PGPASSAGE_PG_BINDIR=\"$PWD\""), "source: pg_dump failed: out of luck", "");
  EXPECT_THAT(show().output, Not(HasSubstr("incomplete")));
}

TEST_F(MigrateFaults, WrongCommandLinesChangeNothing) {
  const std::string nine = "--databases a,b,c,d,e,f,g,h,i";
  expect_refused(migrate(uri(source_->port()), to(), nine), "at most 8");
  expect_refused(migrate(uri(source_->port()), to(), "--databases a,a"), "asked for twice");
  expect_refused(work_.run("pgpassage migrate --source " + from() + " --target " + to() + " --name 'a b'"),
                 "cannot be the name");
  expect_refused(migrate(from(), to(), "--mode Online"), "offline only");
}

TEST_F(MigrateFaults, UrisThatCannotBeMeantAreRefused) {
  for (const auto& [wrong, message] :
       std::vector<std::pair<std::string, std::string>>{{"postgresql://u:topsecret@h/x", "has a password in it"},
                                                        {"postgresql://h/x?password=topsecret", "has a password in it"},
                                                        {"postgresql://h/x?service=s", "names a service"},
                                                        {"service=s", "names a service"},
                                                        {"postgresql://h1,h2/x", "names several hosts"},
                                                        {"postgresql:///shop", "names no host"},
                                                        {"postgresql://h:0/x", "is not a port"},
                                                        {"postgresql://h:99999/x", "is not a port"},
                                                        {"postgresql://h/x?sslmode=bogus", "is not an sslmode"},
                                                        {"postgresql://h/x?passfile=p", "names a password file"},
                                                        {"postgresql://h/x?options=-cfoo%3Dbar", "keyword options"},
                                                        {"postgresql://h/x?client_encoding=latin1", "client_encoding"},
                                                        {"postgresql://h/x?replication=database", "replication"},
                                                        {"postgresql://h/x?connect_timeout=7", "connect_timeout"},
                                                        {"mysql://h/x", "is not a connection URI"}}) {
    const auto result = migrate(wrong, to());
    expect_refused(result, message);
    EXPECT_THAT(result.error, Not(HasSubstr("topsecret")));
  }
}

/// What a URI says of TLS is asked of the same server by a later verify.
TEST_F(MigrateFaults, KeywordsOfTheUriAreKept) {
  ASSERT_EQ(migrate(from(), to() + "?keepalives_idle=7&sslmode=prefer&application_name=x", "--overwrite").exit_code, 0);
  EXPECT_EQ(work_.run("pgpassage verify m").exit_code, 0);
  auto ledger = migrate::Ledger::open(work_.path("state"));
  ASSERT_TRUE(ledger);
  EXPECT_EQ(ledger->detail(*ledger->find("m"))->migration.request.target.extra, "keepalives_idle='7'");
  target_->run("DROP DATABASE shop");
}

TEST_F(MigrateFaults, TheLogOfAWholeMigrationIsJsonAndHoldsNoSecret) {
  source_->run("CREATE DATABASE diary OWNER mover");
  source_->run("SET ROLE mover; CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 'dear-diary'::text AS a", "diary");
  work_.write("pass", "*:*:*:mover:correct-horse\n");
  ::chmod(work_.path("pass").c_str(), 0600);
  const auto result = migrate(uri(source_->port(), "/diary", "mover"), uri(target_->port(), "", "mover"),
                              "--log-level debug --log-format json", "PGPASSFILE=pass");
  EXPECT_EQ(result.exit_code, 0) << result.output << result.error;
  for (const char* secret : {"correct-horse", "dear-diary", "postgresql://"})
    EXPECT_THAT(result.error, Not(HasSubstr(secret)));
  std::istringstream lines{result.error};
  int logged = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('{')) continue;  // the progress, which is no log
    const auto entry = boost::json::parse(line);
    for (const char* key : {"time", "level", "logger", "message"}) EXPECT_TRUE(entry.as_object().contains(key)) << line;
    ++logged;
  }
  EXPECT_GT(logged, 20);
  for (const char* message :
       {"migration accepted name=m", "schema restored database=diary", "program ended program=pg_dump",
        "table copied database=diary table=s.t rows=1", "table compared table=s.t", "database compared database=diary",
        "migration goes on event=verified state=Succeeded"})
    EXPECT_THAT(result.error, HasSubstr(message));
  source_->run("DROP DATABASE diary");
  target_->run("DROP DATABASE diary");
}

/// By file: what `check` would not call ready is refused with its findings, before any state.
TEST_F(MigrateFaults, FileThatIsNotReadyIsRefusedWithItsFindings) {
  std::string denied = ready_topology;
  denied.replace(denied.find("startIpAddress: 20.60.2.2, endIpAddress: 20.60.2.2"), 50,
                 "startIpAddress: 20.60.2.1, endIpAddress: 20.60.2.1");
  work_.write("denied.yaml", denied);
  const auto result = work_.run("pgpassage migrate denied.yaml --no-live");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.error, HasSubstr("the crossing is notReady: nothing was migrated"));
  EXPECT_THAT(result.output, HasSubstr("NOT READY"));
  EXPECT_THAT(work_.run("pgpassage list").output, HasSubstr("No migrations here yet"));
}

TEST_F(MigrateFaults, FileThatIsInconclusiveIsRefusedWithThree) {
  std::string unknown = ready_topology;
  const auto rules = unknown.find("    firewallRules:");
  unknown.erase(rules, unknown.find("  - name: orders-target") - rules);
  work_.write("unknown.yaml", unknown);
  const auto result = work_.run("pgpassage migrate unknown.yaml --no-live");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.output, HasSubstr("INCONCLUSIVE"));
}

TEST_F(MigrateFaults, AnotherPlaceAndOnlineAreWrongInput) {
  work_.write("ready.yaml", ready_topology);
  expect_refused(work_.run("pgpassage migrate ready.yaml"), "not at the place where the crossing starts");
  expect_refused(work_.run("pgpassage migrate ready.yaml --mode Online"), "offline only");
}

TEST_F(MigrateFaults, SocketsInUrisAndPasswordFilesBesideThemWork) {
  work_.write("pass", "*:*:*:mover:correct-horse\n");
  ::chmod(work_.path("pass").c_str(), 0600);
  source_->run("CREATE DATABASE own OWNER mover");
  const std::string socket = "postgresql:///own?user=postgres&host=" + source_->directory().string() +
                             "&port=" + std::to_string(source_->port());
  const auto result = migrate(socket, uri(target_->port(), "", "mover"), "--option Validate", "PGPASSFILE=pass");
  source_->run("DROP DATABASE own");
  EXPECT_EQ(result.exit_code, 0) << result.output << result.error;
}

}  // namespace
}  // namespace pgpassage::app
