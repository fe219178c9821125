#include "app/report/rule_pages.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "scenarios/rules/shown.hpp"

/// docs/rules/ and the manual are what the rules' data says; PGPASSAGE_UPDATE_EXPECTED=1 writes them anew.
namespace pgpassage::app {
namespace {

namespace fs = std::filesystem;

const fs::path root{PGPASSAGE_SOURCE_DIR};

std::string read(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

void expect_written(const fs::path& path, const std::string& text) {
  if (std::getenv("PGPASSAGE_UPDATE_EXPECTED") != nullptr) {
    fs::create_directories(path.parent_path());
    std::ofstream{path} << text;
  }
  EXPECT_EQ(read(path), text) << path << ": PGPASSAGE_UPDATE_EXPECTED=1 rewrites it";
}

TEST(RulePages, AreWhatTheDataSays) {
  const std::vector<RulePage> pages = all_rule_pages();
  std::set<std::string> expected{"README.md"};
  for (const RulePage& page : pages) {
    expect_written(root / "docs/rules" / (page.id + ".md"), render_rule_markdown(page));
    expected.insert(page.id + ".md");
  }
  expect_written(root / "docs/rules/README.md", render_rule_index(pages));
  expect_written(root / "app/packaging/pgpassage-rules.7", render_rule_manual(pages));
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator{root / "docs/rules"}) found.insert(entry.path().filename());
  EXPECT_EQ(found, expected);
}

TEST(RulePages, SayEverythingOfEveryRule) {
  std::set<std::string> ids, of_files;
  for (const RulePage& page : all_rule_pages()) {
    EXPECT_FALSE(page.title.empty() || page.why.empty() || page.weight.empty()) << page.id;
    EXPECT_FALSE(page.sources.empty()) << page.id;
    EXPECT_FALSE(page.cures.front().second.text.empty()) << page.id;
    EXPECT_FALSE(page.fails.text.empty() || page.passes.text.empty()) << page.id;
    ids.insert(page.id);
    if (!page.fails.file.empty()) of_files.insert(page.id);
  }
  for (const std::string& id : scenarios::rules_shown_in_words())
    EXPECT_TRUE(ids.contains(id) && !of_files.contains(id)) << id << " is no rule, or has cases";
}

TEST(RulePages, HaveNoDeadLink) {
  const std::regex link{R"(\]\(([^)]+)\))"};
  int links = 0;
  for (const auto& entry : fs::directory_iterator{root / "docs/rules"}) {
    const std::string text = read(entry.path());
    for (std::sregex_iterator match{text.begin(), text.end(), link}; match != std::sregex_iterator{}; ++match, ++links)
      EXPECT_TRUE(fs::exists(entry.path().parent_path() / (*match)[1].str())) << entry.path() << ": " << (*match)[1];
  }
  EXPECT_GT(links, 200);
}

}  // namespace
}  // namespace pgpassage::app
