#include "app/completion/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/cli.hpp"
#include "tests/temporary_directory.hpp"

namespace pgpassage::app {
namespace {

using testing::HasSubstr;

bool installed(const std::string& shell) {
  return std::system(("command -v " + shell + " >/dev/null 2>&1").c_str()) == 0;
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return "popen failed";
  char chunk[4096];
  while (const std::size_t count = std::fread(chunk, 1, sizeof chunk, pipe)) text.append(chunk, count);
  const int status = ::pclose(pipe);
  return status == 0 ? text : text + "\nfailed";
}

/// A file of this test's own that holds the script.
class Completion : public testing::Test {
 protected:
  std::string script_for(const std::string& shell) const {
    const std::string path = folder_ / ("pgpassage." + shell);
    std::ofstream{path} << completion_script(command_tree(), shell);
    return path;
  }

  /// What bash offers for the last of `words`, one a line.
  std::string bash_offers(const std::string& words, int count) const {
    return output_of("bash --norc -c 'set -eu; source " + script_for("bash") + "; COMP_WORDS=(" + words +
                     "); COMP_CWORD=" + std::to_string(count) +
                     "; set +e; _pgpassage; printf \"%s\\n\" \"${COMPREPLY[@]}\"'");
  }

  test::TemporaryDirectory folder_{"completion"};
};

TEST_F(Completion, EveryShellsScriptHasEveryCommandAndOption) {
  const CommandTree tree = command_tree();
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = completion_script(tree, shell);
    const std::string dashes = std::string{shell} == "fish" ? "-l " : "--";
    for (const CommandDescription& command : tree.commands) {
      EXPECT_THAT(script, HasSubstr(command.name)) << shell;
      for (const OptionDescription& option : command.options)
        EXPECT_THAT(script, HasSubstr(dashes + option.names.front().substr(2))) << shell << " " << command.name;
    }
    for (const OptionDescription& option : tree.common_options)
      EXPECT_THAT(script, HasSubstr(dashes + option.names.front().substr(2))) << shell;
  }
  EXPECT_EQ(completion_script(tree, "tcsh"), "");
}

TEST_F(Completion, BashOffersCommands) {
  EXPECT_EQ(bash_offers("pgpassage ch", 1), "check\n");
  EXPECT_THAT(bash_offers("pgpassage \"\"", 1), HasSubstr("migrate\n"));
  EXPECT_EQ(bash_offers("pgpassage help tr", 2), "trace\n");
}

TEST_F(Completion, BashOffersOptionsOfTheCommandAndCommonOnes) {
  EXPECT_EQ(bash_offers("pgpassage check --no", 2), "--no-live\n--no-waivers\n");
  EXPECT_EQ(bash_offers("pgpassage --format json check --ed", 4), "--edition\n");
  EXPECT_EQ(bash_offers("pgpassage show --q", 2), "--quiet\n");
  EXPECT_EQ(bash_offers("pgpassage show --ed", 2), "\n");
}

TEST_F(Completion, BashOffersValues) {
  EXPECT_EQ(bash_offers("pgpassage check --format \"\"", 3), "text\njson\ncsv\nmarkdown\nhtml\njunit\nsarif\n");
  EXPECT_EQ(bash_offers("pgpassage check --format = j", 4), "json\njunit\n");
  EXPECT_EQ(bash_offers("pgpassage report --format \"\"", 3), "text\njson\nmarkdown\nhtml\njunit\nsarif\n");
  EXPECT_EQ(bash_offers("pgpassage list --format \"\"", 3), "text\njson\n");
  EXPECT_EQ(bash_offers("pgpassage completion f", 2), "fish\n");
  std::ofstream{folder_ / "topology.yaml"};
  EXPECT_EQ(bash_offers("pgpassage check " + (folder_ / "topo").string(), 2),
            (folder_ / "topology.yaml").string() + "\n");
}

TEST_F(Completion, ZshAcceptsItsScript) {
  if (!installed("zsh")) GTEST_SKIP() << "zsh is not installed";
  EXPECT_EQ(output_of("zsh -fn " + script_for("zsh") + " 2>&1"), "");
}

TEST_F(Completion, FishAcceptsItsScriptAndOffersOptions) {
  if (!installed("fish")) GTEST_SKIP() << "fish is not installed";
  EXPECT_THAT(output_of("fish -N -c 'source " + script_for("fish") + "; complete -C \"pgpassage check --no\"' 2>&1"),
              HasSubstr("--no-live"));
}

}  // namespace
}  // namespace pgpassage::app
