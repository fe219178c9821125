#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "netcheck/topology/reader.hpp"
#include "tests/lab/raise.hpp"
#include "tests/referee/trials.hpp"

/// Every file that the project has a verdict about: the kernel's verdict must be the same.
namespace pgpassage::referee {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> topologies() {
  std::vector<fs::path> files;
  for (const char* folder : {"topology-examples", "tests/cases", "tests/referee"})
    for (const auto& entry : fs::recursive_directory_iterator{fs::path{PGPASSAGE_SOURCE_DIR} / folder})
      if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

std::string test_name(const testing::TestParamInfo<fs::path>& test) {
  std::string name = test.param.parent_path().stem().string() + "_" + test.param.stem().string();
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

class RefereedFile : public testing::TestWithParam<fs::path> {};

TEST_P(RefereedFile, LabAndAnalysisAgree) {
  if (const auto there = lab::probe_programs(lab::Servers::listeners); !there) GTEST_SKIP() << there.error().message;
  std::ostringstream text;
  text << std::ifstream{GetParam()}.rdbuf();
  const auto topology = read_topology(text.str());
  ASSERT_TRUE(topology) << topology.error().front().message;
  const Trials trials = trials_of(*topology);
  const Experiment experiment = experiment_of(trials);
  const auto running = start(experiment);
  if (!running && running.error().code == Errc::permission) GTEST_SKIP() << running.error().message;
  ASSERT_TRUE(running) << running.error().message;
  const auto observed = finish(*running, experiment);
  ASSERT_TRUE(observed) << observed.error().message;
  const Score score = compare(trials, *observed);
  for (const std::string& one : score.disagreements) ADD_FAILURE() << one;
  fmt::print("{} connected, {} dropped, {} named, {} undecided; not refereed: {}\n", score.connected, score.dropped,
             score.named, score.undecided, fmt::join(trials.not_refereed, ", "));
}

INSTANTIATE_TEST_SUITE_P(Topologies, RefereedFile, testing::ValuesIn(topologies()), test_name);

}  // namespace
}  // namespace pgpassage::referee
