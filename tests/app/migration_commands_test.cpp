#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "migrate/state/ledger.hpp"
#include "program.hpp"

/// list, show, report, verify and cancel as a shell sees them, over a ledger that the library wrote.
namespace pgpassage::app {
namespace {

using migrate::Event;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

namespace json = boost::json;

class MigrationCommands : public testing::Test {
 protected:
  void SetUp() override {
    migrate::NewMigration first = request("orders-first", "db1.example");
    first.path = migrate::NetworkPath::runtime_server;
    first.scenario = "S11";
    first.topology_file = "/srv/contoso.yaml";
    first.topology_sha256 = std::string(64, 'c');
    const auto id = ledger_->create(first);
    ASSERT_TRUE(id) << id.error().message;
    for (const Event event : {Event::prerequisites_met, Event::validation_passed, Event::data_copied})
      ASSERT_TRUE(ledger_->advance(*id, event));
    ASSERT_TRUE(ledger_->store(*id, {.name = "orders",
                                     .state = migrate::WorkState::succeeded,
                                     .tables_done = 1,
                                     .tables_total = 1,
                                     .bytes_done = 4096,
                                     .bytes_total = 8192}));
    ASSERT_TRUE(ledger_->store(
        *id, std::vector<migrate::TableRecord>{{"orders", "public.\"Order\"", migrate::WorkState::succeeded, 12, 4096,
                                                std::chrono::milliseconds{70}, ""}}));
    ASSERT_TRUE(ledger_->store(
        *id,
        std::vector<migrate::ValidationRecord>{
            {.type = "Version", .rule = "SRV002", .name = "version-supported", .subject = "source", .message = "15"}}));
    ASSERT_TRUE(ledger_->store(
        *id, migrate::Verification{{{"orders", "table", "public.\"Order\"", 12, 12, "ab12", "ab12", true, ""}},
                                   {"orders: foreign table away: its rows were not compared"}}));
    ASSERT_TRUE(ledger_->advance(*id, Event::verified));
    ASSERT_TRUE(ledger_->create(request("billing-second", "db2.example")));
  }

  static migrate::NewMigration request(const std::string& name, const std::string& target) {
    return {.name = name,
            .source = {.host = "source.example", .user = "migrator", .type = "onPremises"},
            .target = {.host = target},
            .databases = {"orders"},
            .process = migrate::ProcessIdentity::self()};
  }

  ProgramResult run(const std::string& command) const { return work_.run("PGPASSAGE_HOME=home pgpassage " + command); }
  json::value json_of(const std::string& command) const { return json::parse(run(command + " --format json").output); }

  Workplace work_;
  Result<migrate::Ledger> ledger_ = migrate::Ledger::open(work_.path("home"));
};

TEST_F(MigrationCommands, ListHasTheServicesColumnsNewestFirst) {
  const ProgramResult result = run("list");
  EXPECT_EQ(result.exit_code, 0) << result.error;
  std::size_t at = 0;
  for (const char* column : {"Name", "Status", "Migration mode", "Migration type", "Source server",
                             "Source server type", "Databases", "Duration", "Start time"}) {
    const std::size_t next = result.output.find(column, at);
    ASSERT_NE(next, std::string::npos) << column << " is missing or out of order in\n" << result.output;
    at = next + 1;
  }
  EXPECT_LT(result.output.find("billing-second"), result.output.find("orders-first"));
  EXPECT_THAT(result.output, HasSubstr("migrator@source.example:5432"));
}

TEST_F(MigrationCommands, ListInJsonNamesWhatTheColumnsShow) {
  const json::value document = json_of("list");
  EXPECT_EQ(document.at("schemaVersion"), 1);
  const json::value& newest = document.at("migrations").at(0);
  EXPECT_EQ(newest.at("name"), "billing-second");
  EXPECT_EQ(newest.at("state"), "InProgress");
  EXPECT_EQ(newest.at("substate"), "PerformingPreRequisiteSteps");
  EXPECT_EQ(newest.at("migrationMode"), "Offline");
  EXPECT_EQ(newest.at("migrationOption"), "ValidateAndMigrate");
  EXPECT_EQ(newest.at("source").at("type"), "onPremises");
  EXPECT_EQ(newest.at("networkChecked"), false);
  for (const char* key : {"databases", "durationSeconds", "startTime", "endTime"})
    EXPECT_TRUE(newest.as_object().contains(key)) << key;
}

TEST_F(MigrationCommands, AnEmptyLedgerIsNoError) {
  const ProgramResult result = work_.run("PGPASSAGE_HOME=elsewhere pgpassage list");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, "No migrations here yet.\n");
}

TEST_F(MigrationCommands, ShowBeginsWithTheAnswer) {
  const ProgramResult result = run("show orders-first");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.output, StartsWith("orders-first succeeded: source and target are the same."));
  EXPECT_EQ(json_of("show db1.example/orders-first").at("substate"), "Completed");
}

TEST_F(MigrationCommands, ShowSaysThatTheNetworkWasNotChecked) {
  EXPECT_THAT(run("show billing-second").output, HasSubstr("the network was not checked"));
  EXPECT_TRUE(json_of("show billing-second").at("path").is_null());
}

TEST_F(MigrationCommands, ReportHasWhatAnAuditorAsksFor) {
  const ProgramResult result = run("report orders-first");
  EXPECT_EQ(result.exit_code, 0);
  for (const char* words : {"orders-first succeeded", "runtimeServer, scenario S11", "/srv/contoso.yaml", "cccccccc",
                            "written by pgpassage", "SRV002", "public.\"Order\"", "ab12", "identical", "What happened"})
    EXPECT_THAT(result.output, HasSubstr(words));
}

TEST_F(MigrationCommands, ReportOfAMigrationThatHasNotEndedIsInconclusive) {
  EXPECT_EQ(run("report billing-second").exit_code, 3);
}

TEST_F(MigrationCommands, TheSameReportHasTheSameBytes) {
  for (const char* format : {"text", "json", "markdown", "html", "junit", "sarif"}) {
    const std::string command =
        std::string{"report orders-first --report-time 2031-02-07T10:00:00Z --report-host a --format "} + format;
    const ProgramResult first = run(command);
    EXPECT_EQ(first.exit_code, 0) << format << first.error;
    EXPECT_THAT(first.output, HasSubstr("2031-02-07T10:00:00Z")) << format;
    EXPECT_EQ(first.output, run(command).output) << format;
  }
}

TEST_F(MigrationCommands, ANameThatIsNotThereIsWrongInput) {
  for (const char* command : {"show", "report", "cancel", "verify"}) {
    const ProgramResult result = run(std::string{command} + " nothing");
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_THAT(result.error, HasSubstr("'nothing'")) << command;
    EXPECT_EQ(result.output, "") << command;
  }
}

TEST_F(MigrationCommands, CancelAsksTheRunningProcess) {
  EXPECT_EQ(run("cancel billing-second").exit_code, 0);
  EXPECT_EQ(json_of("show billing-second").at("cancelRequested"), true);
}

TEST_F(MigrationCommands, CancelOfAFinishedMigrationIsRefused) {
  const ProgramResult result = run("cancel orders-first");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.error,
            "pgpassage: error: migration 'orders-first' has ended (Succeeded) and cannot be canceled\n"
            "  `pgpassage show orders-first` says how\n");
}

TEST_F(MigrationCommands, AHomeThatCannotBeIsWrongInput) {
  work_.write("file", "");
  work_.write("ledger.sqlite", "no database at all, but long enough to be looked at by whoever opens it as one......");
  for (const char* home : {"/proc/pgpassage", "file", "file/below", "/dev/null", "."})
    for (const char* command : {"list", "show x", "migrate --source postgresql://h/a --target postgresql://g"}) {
      const ProgramResult result = work_.run(std::string{"PGPASSAGE_HOME="} + home + " pgpassage " + command);
      EXPECT_EQ(result.exit_code, 2) << home << ' ' << command;
      EXPECT_THAT(result.error, AllOf(StartsWith("pgpassage: error: "), HasSubstr("PGPASSAGE_HOME"))) << home;
      EXPECT_EQ(result.output, "") << home;
    }
}

TEST_F(MigrationCommands, AResultThatCannotBeWrittenIsWrongInputUnlessSomethingWasDone) {
  for (const char* command : {"list", "show orders-first", "report orders-first", "version"}) {
    const ProgramResult result = run(std::string{command} + " >/dev/full");
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_THAT(result.error, HasSubstr("cannot write 'standard output': No space left on device\n  nothing was"));
  }
  const ProgramResult canceled = run("cancel billing-second >/dev/full");
  EXPECT_EQ(canceled.exit_code, 0);
  EXPECT_THAT(canceled.error, HasSubstr("billing-second is asked to stop all the same"));
}

TEST_F(MigrationCommands, ReportOfAMigrationRefusesWhatItWouldIgnore) {
  for (const char* option : {"--time-limit 5", "--edition 2024-06", "--no-live", "--waivers w.yaml", "--no-waivers"}) {
    const ProgramResult result = run(std::string{"report orders-first "} + option);
    EXPECT_EQ(result.exit_code, 2) << option;
    EXPECT_THAT(result.error, HasSubstr("need a topology file")) << option;
  }
}

TEST_F(MigrationCommands, TheNewestVerificationIsShownInFullAndTheOthersInOneLine) {
  const auto id = ledger_->find("orders-first");
  ASSERT_TRUE(ledger_->add_verification(
      *id, {{{"orders", "table", "public.\"Order\"", 12, 11, "ab12", "cd34", false, "1 rows are missing"}}, {}}));
  for (const char* command : {"show", "report"}) {
    const std::string text = run(std::string{command} + " orders-first").output;
    EXPECT_THAT(text, AllOf(HasSubstr("Verification: 1 of 1 differ"), HasSubstr("the migration itself: identical"),
                            HasSubstr("verify: 1 of 1 differ"), HasSubstr("1 rows are missing")));
    EXPECT_EQ(text.find("Compared"), text.rfind("Compared")) << "one table to sign, in\n" << text;
  }
}

TEST_F(MigrationCommands, VerifyOfNoDatabaseIsNotIdentical) {
  migrate::NewMigration all = request("all-of-it", "db3.example");
  all.databases.clear();
  const auto id = ledger_->create(all);
  ASSERT_TRUE(id) << id.error().message;
  ASSERT_TRUE(ledger_->advance(*id, Event::failed));
  const ProgramResult result = run("verify all-of-it");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.error, HasSubstr("reached no database"));
}

TEST_F(MigrationCommands, VerifyAsksTheServersOfTheMigrationNotThoseOfAFileThatChanged) {
  work_.write("moved.yaml",
              "apiVersion: pgpassage/v1\nmetadata: {name: moved}\nservers:\n"
              "  - {name: orders-source, kind: onPremises, access: public, ipAddress: 127.0.0.2, port: 2}\n");
  migrate::NewMigration moved = request("moved", "127.0.0.1");
  moved.source.server = "orders-source";
  moved.source.host = "127.0.0.1";
  moved.source.port = 1;
  moved.topology_file = work_.path("moved.yaml");
  const auto id = ledger_->create(moved);
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_THAT(run("verify moved").error, HasSubstr("127.0.0.1:1 "));
}

TEST_F(MigrationCommands, VerifyRefusesAPasswordInAUri) {
  const ProgramResult result =
      run("verify --source postgresql://m:geheim@127.0.0.1/a --target postgresql://m@127.0.0.1/a");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.error.find("geheim"), std::string::npos);
}

}  // namespace
}  // namespace pgpassage::app
