#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/cli.hpp"
#include "app/not_yet.hpp"
#include "app/suggest.hpp"

namespace pgpassage::app {
namespace {

using testing::HasSubstr;

template <class Options>
Options parsed(const std::vector<std::string>& arguments, CommonOptions* common = nullptr) {
  const auto request = parse_command_line(arguments);
  if (!request) {
    ADD_FAILURE() << request.error().error.message;
    return {};
  }
  const auto& line = std::get<CommandLine>(*request);
  if (common != nullptr) *common = line.common;
  return std::get<Options>(line.command);
}

UsageError refused(const std::vector<std::string>& arguments) {
  const auto request = parse_command_line(arguments);
  if (request) {
    ADD_FAILURE() << "was accepted: " << testing::PrintToString(arguments);
    return {};
  }
  return request.error();
}

TEST(CommandLine, CheckTakesItsOptionsBeforeAndAfterTheCommand) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--format", "json", "--quiet", "check", "x.yaml", "--no-live"},
        std::vector<std::string>{"check", "--no-live", "x.yaml", "--quiet", "--format=json"}}) {
    CommonOptions common;
    const CheckOptions options = parsed<CheckOptions>(arguments, &common);
    EXPECT_EQ(options.file, "x.yaml");
    EXPECT_FALSE(options.live);
    EXPECT_TRUE(common.quiet);
    EXPECT_EQ(common.format, Format::json);
  }
}

TEST(CommandLine, EveryCommonOptionArrives) {
  CommonOptions common;
  parsed<VersionOptions>(
      {"version", "--output", "out.txt", "--color", "always", "--log-level", "DEBUG", "--log-format", "json", "-q"},
      &common);
  EXPECT_EQ(common.output, "out.txt");
  EXPECT_EQ(common.color, ColorMode::always);
  EXPECT_EQ(common.log_level, "debug");
  EXPECT_TRUE(common.log_json);
  EXPECT_TRUE(common.quiet);
}

TEST(CommandLine, TheVersionIsAnOptionToo) { parsed<VersionOptions>({"--version"}); }

TEST(CommandLine, CheckReadsEditionAndTimeLimit) {
  const auto options = parsed<CheckOptions>({"check", "-", "--edition", "2024-06", "--time-limit", "2.5"});
  EXPECT_EQ(options.file, "-");
  EXPECT_EQ(options.edition, "2024-06");
  EXPECT_EQ(options.time_limit, std::chrono::milliseconds{2500});
  EXPECT_TRUE(options.live);
}

TEST(CommandLine, TraceReadsNodesAndPort) {
  const auto options =
      parsed<TraceOptions>({"trace", "x.yaml", "--from", "vnet/subnet", "--to", "Internet", "--port", "6432"});
  EXPECT_EQ(options.from, "vnet/subnet");
  EXPECT_EQ(options.to, "Internet");
  EXPECT_EQ(options.port, Port{6432});
  EXPECT_FALSE(parsed<TraceOptions>({"trace", "x.yaml", "--from", "a", "--to", "b"}).port);
}

TEST(CommandLine, TraceReadsAName) {
  const auto options = parsed<TraceOptions>({"trace", "x.yaml", "--from", "vnet-hub", "--name", "orders.example"});
  EXPECT_EQ(options.name, "orders.example");
  EXPECT_EQ(options.to, "");
}

TEST(CommandLine, FixReadsEditionAndPatch) {
  const auto options = parsed<FixOptions>({"fix", "x.yaml", "--edition", "2024-06", "--patch"});
  EXPECT_EQ(options.file, "x.yaml");
  EXPECT_EQ(options.edition, "2024-06");
  EXPECT_TRUE(options.patch);
  EXPECT_FALSE(parsed<FixOptions>({"fix", "x.yaml"}).patch);
}

TEST(CommandLine, MigrateTakesAFileOrTwoServers) {
  const auto file =
      parsed<MigrateOptions>({"migrate", "x.yaml", "--mode", "online", "--option", "Validate", "--jobs", "4"});
  EXPECT_EQ(file.file, "x.yaml");
  EXPECT_EQ(file.mode, MigrationMode::online);
  EXPECT_EQ(file.option, MigrationOption::validate);
  EXPECT_EQ(file.jobs, 4U);
  const auto servers = parsed<MigrateOptions>({"migrate", "--source", "postgresql://a/", "--target", "postgresql://b/",
                                               "--databases", "orders,billing", "--name", "n", "--overwrite"});
  EXPECT_EQ(servers.source_uri, "postgresql://a/");
  EXPECT_EQ(servers.target_uri, "postgresql://b/");
  EXPECT_EQ(servers.databases, (std::vector<std::string>{"orders", "billing"}));
  EXPECT_TRUE(servers.overwrite);
}

TEST(CommandLine, MigrateReadsWhatOfADatabaseIsToMove) {
  const auto options = parsed<MigrateOptions>({"migrate", "--table", "a.*", "x.yaml", "--table", "b", "--exclude-table",
                                               "c", "--exclude-table-data", "d", "--exclude-schema", "e", "--dry-run",
                                               "--split-tables-larger-than", "500 MB", "--no-load-settings"});
  EXPECT_EQ(
      options.filter,
      (FilterOptions{
          .excluded_schemas = {"e"}, .tables = {"a.*", "b"}, .excluded_tables = {"c"}, .excluded_table_data = {"d"}}));
  EXPECT_TRUE(options.dry_run);
  EXPECT_FALSE(options.load_settings);
  EXPECT_EQ(options.split_tables_larger_than, std::int64_t{500} << 20);
  EXPECT_TRUE(parsed<VerifyOptions>({"verify", "x", "--schema-only"}).filter.schema_only);
}

TEST(CommandLine, TheOtherCommandsReadTheirArguments) {
  EXPECT_EQ(parsed<ProbeOptions>({"probe", "x.yaml", "--from", "vm"}).from, "vm");
  EXPECT_EQ(parsed<RulesOptions>({"rules", "NET203"}).id, "NET203");
  EXPECT_EQ(parsed<RulesOptions>({"rules"}).id, "");
  EXPECT_EQ(parsed<ScenariosOptions>({"scenarios", "--edition", "2024-01"}).edition, "2024-01");
  EXPECT_EQ(parsed<ShowOptions>({"show", "orders"}).name, "orders");
  EXPECT_EQ(parsed<CancelOptions>({"cancel", "target/orders"}).name, "target/orders");
  EXPECT_EQ(parsed<VerifyOptions>({"verify", "orders"}).name, "orders");
  EXPECT_EQ(parsed<VerifyOptions>({"verify", "--source", "a", "--target", "b"}).target_uri, "b");
  EXPECT_EQ(parsed<ReportOptions>({"report", "x.yaml", "--no-live"}).subject, "x.yaml");
  EXPECT_EQ(parsed<CompletionOptions>({"completion", "zsh"}).shell, "zsh");
  parsed<ListOptions>({"list"});
  parsed<SchemaOptions>({"schema"});
}

TEST(CommandLine, AnArgumentMayBeCalledLikeACommand) {
  EXPECT_EQ(parsed<ShowOptions>({"show", "list"}).name, "list");
  EXPECT_EQ(parsed<CheckOptions>({"check", "check"}).file, "check");
}

struct Refusal {
  std::vector<std::string> arguments;
  std::string message;
  std::string cure;
};

TEST(CommandLine, SaysWhatIsWrongAndWhatWasMeant) {
  const std::vector<Refusal> refusals{
      {{"chekc", "x.yaml"}, "unknown command 'chekc'", "did you mean 'check'?"},
      {{"--no-live", "check", "x.yaml"}, "option '--no-live' of check must stand after the command", "help check"},
      {{"check", "x.yaml", "--formt", "json"}, "unknown option '--formt' of check", "did you mean '--format'?"},
      {{"check", "x.yaml", "--no-lve"}, "unknown option '--no-lve' of check", "did you mean '--no-live'?"},
      {{"check", "x.yaml", "y.yaml"}, "unexpected argument 'y.yaml' after check", "see 'pgpassage help check'"},
      {{"check"}, "check needs FILE", "see 'pgpassage help check'"},
      {{"trace", "x.yaml", "--from", "a"}, "trace needs --to NODE, or --name FQDN", "see 'pgpassage help trace'"},
      {{"trace", "x.yaml", "--from", "a", "--to", "b", "--name", "c"}, "--to or --name, not both", ""},
      {{"trace", "x.yaml", "--from", "a", "--name", "c", "--port", "53"}, "--port is of --to", ""},
      {{"check", "x.yaml", "--format", "pdf"}, "'pdf' is not one of text, json, csv, markdown", ""},
      {{"check", "x.yaml", "--format", "jsn"}, "'jsn' is not one of text, json, csv", ""},
      {{"list", "--format", "csv"}, "'csv' is not one of text, json", ""},
      {{"--format", "csv", "list"}, "--format csv is for the whole matrix of check --all-pairs", ""},
      {{"report"}, "report needs a FILE or NAME, or --check-signature, or --diff", ""},
      {{"report", "x.yaml", "--sign=key"}, "--sign needs --output PATH", ""},
      {{"report", "x.yaml", "--check-signature", "r"}, "report takes one of", ""},
      {{"report", "--check-signature", "r", "--no-waivers"}, "read reports that are there", ""},
      {{"report", "--diff", "a", "b", "--format", "junit"}, "--diff answers in", ""},
      {{"check", "x.yaml", "--format"}, "--format", ""},
      {{"check", "x.yaml", "--color", "blue"}, "'blue' is not one of auto, always, never", ""},
      {{"check", "x.yaml", "--time-limit", "-1"}, "'-1' is not a number of seconds above 0", ""},
      {{"check", "x.yaml", "--time-limit", "nan"}, "'nan' is not a number of seconds above 0", ""},
      {{"check", "x.yaml", "--output", ""}, "the value is empty", ""},
      {{"trace", "x.yaml", "--from", "a", "--to", "b", "--port", "70000"},
       "'70000' is not a whole number from 1 to 65535",
       ""},
      {{"migrate"}, "migrate needs a FILE, or --source and --target", ""},
      {{"migrate", "x.yaml", "--source", "a", "--target", "b"}, "not both", ""},
      {{"migrate", "x.yaml", "--schema", "a", "--table", "b"}, "not given together", ""},
      {{"verify", "x", "--schema-only", "--exclude-table-data", "b"}, "says nothing more", ""},
      {{"migrate", "x.yaml", "--split-tables-larger-than", "1 PB"}, "'1 PB' is no size", ""},
      {{"migrate", "--source", "a"}, "migrate needs both --source and --target", ""},
      {{"migrate", "--source", "a", "--target", "b", "--no-live"}, "--edition and --no-live need a FILE", ""},
      {{"check", "x.yaml", "--no-live", "--agent-ca", "ca.crt"}, "--no-live asks no agent", ""},
      {{"report", "x.yaml", "--no-live", "--agent-token-file", "t"}, "--no-live asks no agent", ""},
      {{"check", "x.yaml", "--all-pairs", "--agent-ca", "ca.crt"}, "--all-pairs asks no agent", ""},
      {{"agent", "init", "--rate", "7"}, "for serving alone", ""},
      {{"agent", "issue", "alice", "--host", "h"}, "--host is for agent init and agent renew", ""},
      {{"agent", "--listen", "127.0.0.1:1", "--directory", "d"}, "--directory is for init", ""},
      {{"verify"}, "verify needs a NAME, or --source and --target", ""},
      {{"completion", "tcsh"}, "'tcsh' is not one of bash, zsh, fish", ""},
      {{"help", "chekc"}, "unknown command 'chekc'", "did you mean 'check'?"}};
  for (const Refusal& refusal : refusals) {
    const Error error = refused(refusal.arguments).error;
    EXPECT_EQ(error.code, Errc::input);
    EXPECT_THAT(error.message, HasSubstr(refusal.message)) << testing::PrintToString(refusal.arguments);
    EXPECT_THAT(error.cure, HasSubstr(refusal.cure)) << testing::PrintToString(refusal.arguments);
    EXPECT_EQ(error.message.find('\n'), std::string::npos);
  }
}

TEST(CommandLine, SaysWhichWordsOfTheDocumentsThisVersionDoesNotHave) {
  const auto said = [](const std::vector<std::string>& arguments) { return refused(arguments).error.message; };
  for (const char* command : {"cutover", "fallback"})
    EXPECT_EQ(said({command, "x"}), fmt::format("command '{}' is not in this version", command));
  EXPECT_EQ(said({"help", "cutover"}), "command 'cutover' is not in this version");
}

// A word that the command line knows has no business in the table.
TEST(CommandLine, KnowsNoWordThatIsSaidToBeMissing) {
  const CommandTree tree = command_tree();
  for (const CommandDescription& command : tree.commands) {
    EXPECT_FALSE(not_in_this_version(ContractWord::command, command.name)) << command.name;
    for (const OptionDescription& option : command.options) {
      EXPECT_FALSE(not_in_this_version(ContractWord::option, option.names.front())) << option.names.front();
    }
  }
}

TEST(CommandLine, SomeFormatsAreForReportsAlone) {
  for (const char* format : {"markdown", "html", "junit", "sarif"}) {
    for (const char* command : {"check", "report"})
      EXPECT_TRUE(parse_command_line({command, "x.yaml", "--format", format})) << command << format;
    EXPECT_THAT(refused({"list", "--format", format}).error.message, HasSubstr("is not one of text, json")) << format;
    EXPECT_THAT(refused({"--format", format, "list"}).error.message, HasSubstr("check")) << format;
    EXPECT_THAT(refused({"check", "x.yaml", "--all-pairs", "--format", format}).error.message, HasSubstr("check"));
  }
}

TEST(CommandLine, AnswersAWrongCommandLineInJsonWhenThatWasAskedFor) {
  EXPECT_EQ(refused({"check", "--format", "json"}).common.format, Format::json);
  EXPECT_EQ(refused({"--format=json", "chekc"}).common.format, Format::json);
  EXPECT_EQ(refused({"check"}).common.format, Format::text);
}

TEST(LikelyMeant, FindsTheNearWordAndNoFarOne) {
  const std::vector<std::string> words{"check", "trace", "probe"};
  EXPECT_EQ(likely_meant("chekc", words), "check");
  EXPECT_EQ(likely_meant("tarce", words), "trace");
  EXPECT_EQ(likely_meant("prob", words), "probe");
  EXPECT_EQ(likely_meant("migrate", words), "");
  EXPECT_EQ(likely_meant("", words), "");
  EXPECT_EQ(likely_meant(std::string(100'000, 'c'), words), "");
}

}  // namespace
}  // namespace pgpassage::app
