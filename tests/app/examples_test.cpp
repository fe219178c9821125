#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/assess_file.hpp"
#include "app/report/check_json.hpp"
#include "app/topology_file.hpp"

/// Every file of topology-examples/ is a test: its assessment on paper is the JSON beside it. A new example needs no
/// C++; PGPASSAGE_UPDATE_EXPECTED=1 rewrites the JSON, and the difference is reviewed as code.
namespace pgpassage::app {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> examples() {
  std::vector<std::string> names;
  const fs::path folder = fs::path{PGPASSAGE_SOURCE_DIR} / "topology-examples";
  if (!fs::exists(folder)) return names;
  for (const fs::directory_entry& entry : fs::directory_iterator{folder})
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

/// The result holds the path of the file as it was given, so it is given relative to the source folder.
class Example : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    before_ = fs::current_path();
    fs::current_path(PGPASSAGE_SOURCE_DIR);
  }
  void TearDown() override { fs::current_path(before_); }

  fs::path before_;
};

std::string assessed(const std::string& path) {
  const auto file = open_migration_topology(path, "check");
  if (!file) return file.error().diagnostics.front().message;
  const auto assessment = scenarios::assess(file->topology, edition_for(file->topology, {}));
  if (!assessment) return assessment.error().message;
  return render_json(*assessment, subject_of(file->topology, path, file->sha256, false));
}

TEST_P(Example, IsAssessedAsExpected) {
  const std::string actual = assessed("topology-examples/" + GetParam() + ".yaml");
  const std::string expected = "topology-examples/" + GetParam() + ".expected.json";
  if (std::getenv("PGPASSAGE_UPDATE_EXPECTED") != nullptr) std::ofstream{expected} << actual;
  std::ostringstream text;
  text << std::ifstream{expected}.rdbuf();
  EXPECT_EQ(actual, text.str()) << "PGPASSAGE_UPDATE_EXPECTED=1 rewrites " << expected;
}

INSTANTIATE_TEST_SUITE_P(TopologyExamples, Example, testing::ValuesIn(examples()), [](const auto& test) {
  std::string name = test.param;
  std::ranges::replace_if(
      name, [](char character) { return std::isalnum(static_cast<unsigned char>(character)) == 0; }, '_');
  return name;
});

TEST(Examples, AreThere) { EXPECT_GT(examples().size(), 5U); }

}  // namespace
}  // namespace pgpassage::app
