#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "program.hpp"

/// The real binary, as a shell sees it: exit codes, and what goes to which stream.
namespace pgpassage::app {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Cli : public testing::Test {
 protected:
  void SetUp() override { work_.write("ready.yaml", ready_topology); }

  std::string topology_without(const std::string& line) const {
    std::string text = ready_topology;
    const std::size_t at = text.find(line);
    EXPECT_NE(at, text.npos) << line;
    return text.erase(at, line.size());
  }

  Workplace work_;
};

TEST_F(Cli, CheckOfAReadyTopologyIsZeroAndSilentOnStandardError) {
  const auto result = work_.run("pgpassage check ready.yaml --no-live");
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_THAT(result.output, StartsWith("✓ READY"));
  EXPECT_EQ(result.error, "");
}

TEST_F(Cli, CheckOfABlockedFlowIsOne) {
  work_.write("blocked.yaml",
              topology_without("      - {name: from-target, startIpAddress: 20.60.2.2, endIpAddress: 20.60.2.2}\n")
                  .replace(std::string{ready_topology}.find("    firewallRules:\n"), 19, "    firewallRules: []\n"));
  const auto result = work_.run("pgpassage check blocked.yaml --no-live");
  EXPECT_EQ(result.exit_code, 1) << result.output;
  EXPECT_THAT(result.output, StartsWith("✗ NOT READY"));
}

TEST_F(Cli, CheckOfAFlowThatTheFileLeavesOpenIsThree) {
  std::string text = ready_topology;
  const std::string rules =
      "    firewallRules:\n      - {name: from-target, startIpAddress: 20.60.2.2, endIpAddress: 20.60.2.2}\n";
  work_.write("open.yaml", text.erase(text.find(rules), rules.size()));
  const auto result = work_.run("pgpassage check open.yaml --no-live");
  EXPECT_EQ(result.exit_code, 3) << result.output;
  EXPECT_THAT(result.output, StartsWith("? INCONCLUSIVE"));
}

TEST_F(Cli, CheckThatStandsNowhereInTheFileIsInconclusiveLive) {
  const auto result = work_.run("pgpassage check ready.yaml --time-limit 2");
  EXPECT_EQ(result.exit_code, 3) << result.output;
  EXPECT_THAT(result.output, HasSubstr("not probed"));
}

TEST_F(Cli, ReportOfAMigrationTakesNoOptionsOfAFile) {
  EXPECT_EQ(work_.run("pgpassage report orders --no-live").exit_code, 2);
}

TEST_F(Cli, ProbeMarksWhatItDidNotProbeAndSaysHowToProbeIt) {
  const auto result = work_.run("pgpassage probe ready.yaml --time-limit 2");
  EXPECT_EQ(result.exit_code, 3) << result.output;
  EXPECT_THAT(result.output, HasSubstr("  ? target->source: "));
  EXPECT_THAT(result.output, testing::Not(HasSubstr("✓")));
  EXPECT_THAT(result.output, HasSubstr("To probe the rest\n  Add a machine of its network to hosts: with standsFor:"));
}

TEST_F(Cli, JsonIsOneDocumentOnStandardOutput) {
  const auto result = work_.run("pgpassage check ready.yaml --no-live --format json");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.error, "");
  const auto document = boost::json::parse(result.output);
  EXPECT_EQ(document.at("verdict"), "ready");
  EXPECT_EQ(document.at("topology").at("file"), "ready.yaml");
  EXPECT_EQ(document.at("topology").at("sha256").as_string(),
            work_.run("sha256sum ready.yaml | cut -c 1-64 | tr -d '\\n'").output);
}

TEST_F(Cli, TheTopologyMayComeFromAPipe) {
  EXPECT_EQ(work_.run("cat ready.yaml | pgpassage check - --no-live").exit_code, 0);
}

TEST_F(Cli, EveryErrorOfAFileIsNamedWithItsPlace) {
  work_.write("wrong.yaml", "apiVersion: pgpassage/v1\nmetadata:\n  nam: x\nservers: 7\n");
  const auto result = work_.run("pgpassage check wrong.yaml --no-live --format json");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.error, HasSubstr("wrong.yaml:3:3: error: "));
  EXPECT_THAT(result.error, HasSubstr("wrong.yaml:4:"));
  const auto errors = boost::json::parse(result.output).at("errors").as_array();
  EXPECT_GE(errors.size(), 2U);
  EXPECT_EQ(errors[0].at("file"), "wrong.yaml");
  EXPECT_EQ(work_.run("pgpassage check wrong.yaml --no-live").output, "");
}

TEST_F(Cli, AFileThatCannotBeReadIsNamed) {
  work_.write("secret.yaml", "x");
  EXPECT_EQ(work_.run("mkdir folder && chmod 000 secret.yaml && truncate -s 65M large.yaml").exit_code, 0);
  const std::vector<std::pair<std::string, std::string>> cases{
      {"missing.yaml", "missing.yaml: error: no such file\n"},
      {"folder", "folder: error: is a directory, not a topology file\n"},
      {"large.yaml", "large.yaml: error: the file is larger than 64 MiB\n"}};
  for (const auto& [file, message] : cases) {
    const auto result = work_.run("pgpassage check --no-live " + file);
    EXPECT_EQ(result.exit_code, 2) << file;
    EXPECT_EQ(result.error, message);
    EXPECT_EQ(result.output, "");
  }
  const auto endless = work_.run("pgpassage check --no-live /dev/zero");
  EXPECT_EQ(endless.exit_code, 2);
  EXPECT_THAT(endless.error, HasSubstr("larger than 64 MiB"));
}

TEST_F(Cli, ATopologyWithoutAMigrationSaysWhere) {
  const std::string text = ready_topology;
  work_.write("none.yaml", text.substr(0, text.find("migration:")));
  for (const char* command : {"check", "report", "probe"}) {
    const auto result = work_.run(std::string{"pgpassage "} + command + " none.yaml");
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.error, StartsWith("none.yaml:1:1: error: the file has no 'migration'"));
  }
  EXPECT_NE(work_.run("pgpassage trace none.yaml --from orders-target --to orders-source").exit_code, 2);
}

TEST_F(Cli, AnEditionThatDoesNotExistIsWrongInput) {
  for (const char* command : {"check ready.yaml --no-live", "scenarios", "rules", "report ready.yaml --no-live"}) {
    const auto result = work_.run(std::string{"pgpassage "} + command + " --edition 1999-01");
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_THAT(result.error, HasSubstr("1999-01")) << command;
  }
}

TEST_F(Cli, TheSameReportHasTheSameBytes) {
  const std::string stamp = " --no-live --report-time 2025-02-07T10:00:00Z --report-host audit";
  for (const char* format : {"text", "json", "markdown", "html", "junit", "sarif"}) {
    const std::string command = std::string{"pgpassage report ready.yaml --format "} + format + stamp;
    const auto first = work_.run(command);
    EXPECT_EQ(first.exit_code, 0) << format << first.error;
    EXPECT_THAT(first.output, HasSubstr("2025-02-07T10:00:00Z")) << format;
    EXPECT_EQ(first.output, work_.run(command).output) << format;
  }
  const auto check = work_.run("pgpassage check ready.yaml --format html" + stamp);
  EXPECT_EQ(check.output, work_.run("pgpassage report ready.yaml --format html" + stamp).output);
}

TEST_F(Cli, ReportsBearRealTimesAlone) {
  for (const char* time : {"2025-02-07", "2025-02-30T10:00:00Z", "2025-02-07T24:00:00Z", "2025-02-07 10:00:00Z"})
    EXPECT_EQ(work_.run(std::string{"pgpassage report ready.yaml --report-time '"} + time + "'").exit_code, 2) << time;
  EXPECT_EQ(work_.run("pgpassage check ready.yaml --report-host a").exit_code, 2);
  EXPECT_EQ(work_.run("pgpassage check ready.yaml --all-pairs --report-host a").exit_code, 2);
}

TEST_F(Cli, AWrongCommandLineIsOneLineAndTwo) {
  for (const char* arguments : {"chekc ready.yaml", "check", "check ready.yaml --formt json", "cutover a",
                                "check ready.yaml --format pdf", "help nothing"}) {
    const auto result = work_.run(std::string{"pgpassage "} + arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments;
    EXPECT_EQ(result.output, "");
    EXPECT_THAT(result.error, StartsWith("pgpassage: error: "));
    EXPECT_EQ(std::count(result.error.begin(), result.error.end(), '\n'), 1) << result.error;
  }
  const auto json = work_.run("pgpassage check --format json");
  EXPECT_EQ(boost::json::parse(json.output).at("errors").at(0).at("message"), "check needs FILE");
}

TEST_F(Cli, HelpAndVersionGoToStandardOutput) {
  EXPECT_THAT(work_.run("pgpassage").output, HasSubstr("Usage: pgpassage COMMAND"));
  EXPECT_EQ(work_.run("pgpassage").exit_code, 0);
  EXPECT_EQ(work_.run("pgpassage help check").output, work_.run("pgpassage check --help").output);
  EXPECT_EQ(work_.run("pgpassage --version").output, work_.run("pgpassage version").output);
  EXPECT_THAT(work_.run("pgpassage version").output,
              AllOf(StartsWith("pgpassage 0."), ContainsRegex("\\(commit (unknown: |[0-9a-f]{12})")));
  EXPECT_THAT(work_.run("pgpassage version --format json").output, HasSubstr("\"commit\": "));
}

TEST_F(Cli, OutputIsAWholeFileAndNothingElse) {
  const auto result = work_.run("pgpassage check ready.yaml --no-live --format json --output result.json");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(boost::json::parse(work_.read("result.json")).at("verdict"), "ready");
  EXPECT_EQ(work_.files(), 2U);
}

TEST_F(Cli, AResultThatCannotBeWrittenIsNoFailedCheck) {
  for (const char* place : {"--output /dev/full", ">/dev/full"}) {
    const auto result = work_.run(std::string{"pgpassage check ready.yaml --no-live "} + place);
    EXPECT_EQ(result.exit_code, 2) << place;
    EXPECT_THAT(result.error, HasSubstr("cannot write")) << place;
  }
}

TEST_F(Cli, AnOutputThatCannotBeOpenedIsWrongInputAndFoundFirst) {
  const auto result = work_.run("pgpassage check nosuch.yaml --no-live --output none/result.txt");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.error, HasSubstr("cannot write 'none/result.txt'"));
}

TEST_F(Cli, AReaderThatGoesAwayIsNoError) {
  // The reader is gone before anything is written: head exits at once, and the shell waits for it.
  const auto result = work_.run("mkfifo pipe; (exec 3<pipe) & { wait $!; pgpassage help >&4; echo $?; } 4>pipe");
  EXPECT_EQ(result.output, "0\n");
  EXPECT_EQ(result.error, "");
}

TEST_F(Cli, ColourFollowsTheOptionAndNoColor) {
  EXPECT_THAT(work_.run("pgpassage check ready.yaml --no-live --color always").output, HasSubstr("\x1b["));
  EXPECT_EQ(work_.run("pgpassage check ready.yaml --no-live").output.find('\x1b'), std::string::npos);
  EXPECT_EQ(work_.run("NO_COLOR=1 pgpassage check ready.yaml --no-live").output.find('\x1b'), std::string::npos);
  EXPECT_THAT(work_.run("LC_ALL=C pgpassage check ready.yaml --no-live").output, StartsWith("+ READY"));
}

TEST_F(Cli, QuietAndLogLevelLeaveTheResultAlone) {
  const std::string result = work_.run("pgpassage check ready.yaml --no-live").output;
  EXPECT_EQ(work_.run("pgpassage --quiet check ready.yaml --no-live").output, result);
  EXPECT_EQ(work_.run("pgpassage check ready.yaml --no-live --log-level debug --log-format json").output, result);
}

TEST_F(Cli, DiffAnswersByItsExitCode) {
  const std::string text = ready_topology;
  const std::string rules =
      "    firewallRules:\n      - {name: from-target, startIpAddress: 20.60.2.2, endIpAddress: 20.60.2.2}\n";
  const std::size_t at = text.find(rules);
  ASSERT_NE(at, text.npos);
  work_.write("closed.yaml", std::string{text}.replace(at, rules.size(), "    firewallRules: []\n"));
  work_.write("open.yaml", std::string{text}.erase(at, rules.size()));
  EXPECT_EQ(work_.run("pgpassage diff ready.yaml ready.yaml").exit_code, 0);
  EXPECT_EQ(work_.run("pgpassage diff ready.yaml closed.yaml").exit_code, 1);
  const auto undecided = work_.run("pgpassage diff ready.yaml open.yaml");
  EXPECT_EQ(undecided.exit_code, 3) << undecided.output;
  EXPECT_THAT(undecided.output, HasSubstr("? NOW UNKNOWN"));
  EXPECT_THAT(work_.run("pgpassage diff open.yaml closed.yaml").output, HasSubstr("NOW KNOWN TO BE DENIED"));
}

TEST_F(Cli, TraceAnswersByItsExitCode) {
  const auto allowed = work_.run("pgpassage trace ready.yaml --from target --to source --format json");
  EXPECT_EQ(allowed.exit_code, 0) << allowed.output;
  const auto flow = boost::json::parse(allowed.output);
  EXPECT_EQ(flow.at("predicted"), "allowed");
  EXPECT_EQ(flow.at("from"), "orders-target");
  EXPECT_EQ(flow.at("to"), "orders-source");
  EXPECT_EQ(work_.run("pgpassage trace ready.yaml --from 8.8.8.8 --to source").exit_code, 1);
  const auto name = work_.run("pgpassage trace ready.yaml --from target --name source.contoso.example --format json");
  EXPECT_EQ(boost::json::parse(name.output).at("name"), "source.contoso.example");
  const auto unknown = work_.run("pgpassage trace ready.yaml --from nobody --to source");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.error, HasSubstr("nobody"));
}

TEST_F(Cli, ProbeClaimsNothingForAPlaceWhereItIsNot) {
  const auto result = work_.run("pgpassage probe ready.yaml --from target --format json --time-limit 2");
  EXPECT_EQ(result.exit_code, 3) << result.output << result.error;
  const auto flows = boost::json::parse(result.output).at("flows").as_array();
  ASSERT_FALSE(flows.empty());
  EXPECT_EQ(flows[0].at("observed"), "notProbed");
}

TEST_F(Cli, ReportHasEveryHopAndEveryCheck) {
  const auto result = work_.run("pgpassage report ready.yaml --no-live");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.output, HasSubstr("SHA-256"));
  EXPECT_THAT(result.output, HasSubstr("there: orders-target"));
  EXPECT_THAT(result.output, HasSubstr("Passed"));
  EXPECT_EQ(work_.run("pgpassage report missing.yaml").exit_code, 2);
}

TEST_F(Cli, ScenariosAreTheMatrixOfTheContract) {
  const auto document = boost::json::parse(work_.run("pgpassage scenarios --format json").output);
  EXPECT_EQ(document.at("edition"), "2025-02");
  const auto& rows = document.at("rows").as_array();
  EXPECT_EQ(rows.size(), 12U);
  for (const auto& row : rows)
    for (const char* key : {"id", "source", "sourceAccess", "target", "targetAccess", "supported", "path", "cite"})
      EXPECT_TRUE(row.as_object().contains(key)) << key;
  EXPECT_THAT(work_.run("pgpassage scenarios --edition 2024-03").output, HasSubstr("R3"));
}

TEST_F(Cli, RulesAreListedAndExplained) {
  const auto list = boost::json::parse(work_.run("pgpassage rules --format json").output);
  EXPECT_GT(list.at("rules").as_array().size(), 30U);
  const auto one = work_.run("pgpassage rules nsg-blocks-flow");
  EXPECT_THAT(one.output, StartsWith("NET203"));
  EXPECT_EQ(one.output, work_.run("pgpassage rules NET203").output);
  EXPECT_EQ(boost::json::parse(work_.run("pgpassage rules NET203 --format json").output).at("name"), "nsg-blocks-flow");
  EXPECT_THAT(work_.run("pgpassage rules").output, AllOf(HasSubstr("SRV014"), HasSubstr("DB029")));
  EXPECT_THAT(work_.run("pgpassage rules database-collation").output, StartsWith("DB009"));
  EXPECT_EQ(boost::json::parse(work_.run("pgpassage rules srv014 --format json").output).at("name"),
            "target-createrole");
  EXPECT_THAT(one.output, HasSubstr("tests/cases/nsg-blocks-flow/"));
  const auto wrong = work_.run("pgpassage rules nsg-block-flow");
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.error, HasSubstr("did you mean 'nsg-blocks-flow'?"));
}

TEST_F(Cli, RulesTakeTheNumbersOfTheDocuments) {
  const auto number = work_.run("pgpassage rules S11-4");
  EXPECT_THAT(number.output, AllOf(StartsWith("S11-4"), HasSubstr("NET203"), HasSubstr("NET206")));
  const auto document = boost::json::parse(work_.run("pgpassage rules c13 --format json --edition 2024-01").output);
  EXPECT_EQ(document.at("number"), "C13");
  EXPECT_EQ(document.at("rows").as_array().size(), 5U);
  EXPECT_EQ(document.at("rules").at(0).at("id"), "NET203");
  EXPECT_TRUE(document.at("rules").at(0).at("examples").at("fails").as_object().contains("text"));
  EXPECT_THAT(work_.run("pgpassage rules").output, AllOf(HasSubstr("C19"), HasSubstr("S11-4"), HasSubstr("NET401")));
  EXPECT_EQ(work_.run("pgpassage rules S11-9").exit_code, 2);
}

TEST_F(Cli, TheSchemaIsJson) {
  const auto schema = boost::json::parse(work_.run("pgpassage schema").output);
  EXPECT_TRUE(schema.as_object().contains("$schema"));
}

TEST_F(Cli, CompletionPrintsTheScript) {
  EXPECT_THAT(work_.run("pgpassage completion bash").output, EndsWith("complete -F _pgpassage pgpassage\n"));
}

}  // namespace
}  // namespace pgpassage::app
