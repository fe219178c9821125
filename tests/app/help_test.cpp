#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "app/cli.hpp"
#include "app/man_page.hpp"
#include "app/report/text_style.hpp"

namespace pgpassage::app {
namespace {

using testing::HasSubstr;

std::string help(const std::vector<std::string>& arguments) {
  const auto request = parse_command_line(arguments);
  if (!request) return "refused: " + request.error().error.message;
  return std::get<HelpRequest>(*request).text;
}

void expect_80_columns(const std::string& text) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  pgpassage")) continue;  // examples are copied whole
    EXPECT_LE(display_width(line), 80) << line;
  }
}

TEST(Help, WithoutACommandListsEveryCommand) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{}, {"help"}, {"--help"}, {"-h"}}) {
    const std::string text = help(arguments);
    for (const CommandDescription& command : command_tree().commands) EXPECT_THAT(text, HasSubstr("  " + command.name));
    EXPECT_THAT(text, HasSubstr("--format text|json"));
    expect_80_columns(text);
  }
}

TEST(Help, NamesEveryEditionAndShell) {
  for (const char* edition : {"2023-S2F", "2024-01", "2024-03", "2024-06", "2025-02", "2025-07"})
    EXPECT_THAT(help({"help", "check"}), HasSubstr(edition));
  EXPECT_THAT(help({"help", "completion"}), HasSubstr("bash, zsh or fish"));
}

TEST(Help, FoldsToTheWidthOfTheTerminal) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"help"}, {"help", "migrate"}}) {
    const auto request = parse_command_line(arguments, {.width = 40});
    std::istringstream lines{std::get<HelpRequest>(request.value()).text};
    for (std::string line; std::getline(lines, line);)
      EXPECT_TRUE(line.starts_with("  pgpassage") || display_width(line) <= 40) << line;
  }
}

TEST(Help, OfACommandNamesItsOptionsAndShowsAnExample) {
  for (const CommandDescription& command : command_tree().commands) {
    const std::string text = help({"help", command.name});
    EXPECT_THAT(text, HasSubstr("Usage: pgpassage " + command.name));
    for (const OptionDescription& option : command.options) EXPECT_THAT(text, HasSubstr(option.names.front()));
    EXPECT_FALSE(command.examples.empty()) << command.name;
    EXPECT_FALSE(command.description.empty()) << command.name;
    EXPECT_EQ(text, help({command.name, "--help"})) << command.name;
    expect_80_columns(text);
  }
}

TEST(Help, ExamplesAreValidCommandLines) {
  for (const CommandDescription& command : command_tree().commands)
    for (const std::string& example : command.examples) {
      std::istringstream words{example.substr(0, example.find(" > "))};
      std::vector<std::string> arguments{std::istream_iterator<std::string>{words}, {}};
      arguments.erase(arguments.begin());
      const auto request = parse_command_line(arguments);
      EXPECT_TRUE(request) << example << ": " << request.error().error.message;
    }
}

std::string man_page_file() { return PGPASSAGE_SOURCE_DIR "/app/packaging/pgpassage.1"; }

TEST(ManPage, OfThePackageIsTheOneOfThisCommandLine) {
  const std::string page = man_page(command_tree());
  if (std::getenv("PGPASSAGE_UPDATE_EXPECTED") != nullptr) std::ofstream{man_page_file()} << page;
  std::ostringstream packaged;
  packaged << std::ifstream{man_page_file()}.rdbuf();
  EXPECT_EQ(packaged.str(), page) << "PGPASSAGE_UPDATE_EXPECTED=1 rewrites it";
}

TEST(ManPage, HasEveryCommandAndOption) {
  const std::string page = man_page(command_tree());
  const auto written = [](std::string name) {
    for (std::size_t at = name.find('-'); at != name.npos; at = name.find('-', at + 2)) name.insert(at, 1, '\\');
    return "\\fB" + name + "\\fR";
  };
  const CommandTree tree = command_tree();
  for (const OptionDescription& option : tree.common_options)
    EXPECT_THAT(page, HasSubstr(written(option.names.front())));
  for (const CommandDescription& command : tree.commands) {
    EXPECT_THAT(page, HasSubstr(".SS " + command.name + "\n"));
    for (const OptionDescription& option : command.options) EXPECT_THAT(page, HasSubstr(written(option.names.front())));
  }
}

}  // namespace
}  // namespace pgpassage::app
