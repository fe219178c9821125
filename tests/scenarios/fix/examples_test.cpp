// What fix makes of every file that is not ready, proven on the file as the patch leaves it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "netcheck/topology/editing/rewrite.hpp"
#include "netcheck/topology/reader.hpp"
#include "scenarios/fix/fix.hpp"
#include "scenarios/matrix/matrix.hpp"

namespace pgpassage::scenarios::fix {
namespace {

namespace fs = std::filesystem;

/// Files that no change of the network makes ready, and why.
const std::map<std::string, std::string> not_fixable{
    {"s01-on-premises-public-private-address", "the address that the file calls public is a private one"},
    {"host", "the host has to move to another subnet, and the file does not say where it then stands"},
    {"host-among-servers", "the same"},
    {"private-address", "the address that the file calls public is a private one"},
    {"address-of-another-servers-endpoint", "the file does not say at which address the source really is"},
    {"endpoint-of-target", "the server is VNet-integrated or has an endpoint, and only its owner knows which"},
    {"another-suffix", "the zone of a VNet-integrated server is fixed when it is made"},
    {"basic-tier", "a larger tier costs money, and is no change of the network"},
    {"public-runtime-server", "no other server of the file can be the runtime server"},
};

std::string contents(const fs::path& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> files() {
  std::vector<std::string> files;
  for (const char* folder : {"/topology-examples", "/tests/cases"})
    for (const auto& entry : fs::recursive_directory_iterator{PGPASSAGE_SOURCE_DIR + std::string{folder}})
      if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::ranges::sort(files);
  return files;
}

std::string edition_of(const Topology& topology) {
  return topology.edition.empty() ? std::string{default_edition} : topology.edition;
}

class FixOfFile : public testing::TestWithParam<std::string> {};

TEST_P(FixOfFile, MakesItReadyOrSaysWhyNot) {
  const std::string text = contents(GetParam());
  const auto topology = read_topology(text);
  if (!topology) GTEST_SKIP() << "a case of wrong input";
  if (!topology->migration) GTEST_SKIP() << "no migration";
  const std::string edition = edition_of(*topology);
  const auto before = assess(*topology, edition);
  ASSERT_TRUE(before);
  const auto fix = fix_of(*editing::tree_of(text), edition);
  ASSERT_TRUE(fix) << fix.error().message;
  ASSERT_EQ(fix->before.assessment.verdict, before->verdict) << "the tree says something else than the file";
  if (before->verdict == Verdict::ready) {
    EXPECT_EQ(fix->outcome, Outcome::nothing_to_do);
    EXPECT_TRUE(fix->operations.empty());
    return;
  }
  if (before->verdict == Verdict::unsupported) {
    EXPECT_EQ(fix->outcome, Outcome::unsupported);
    return;
  }
  if (before->verdict == Verdict::inconclusive) {
    EXPECT_EQ(fix->outcome, Outcome::inconclusive);
    EXPECT_TRUE(fix->changes.empty());
    EXPECT_FALSE(fix->left.empty());
    return;
  }
  const auto why = not_fixable.find(fs::path{GetParam()}.stem().string());
  if (why != not_fixable.end()) {
    EXPECT_EQ(fix->outcome, Outcome::not_fixable) << why->second;
    EXPECT_FALSE(fix->left.empty());
    return;
  }
  EXPECT_EQ(fix->outcome, Outcome::fixed) << (fix->left.empty() ? "" : fix->left.front().message);
  const auto patched = editing::rewrite_yaml(text, fix->operations);
  ASSERT_TRUE(patched) << patched.error().message;
  const auto now = read_topology(*patched);
  ASSERT_TRUE(now) << now.error().front().message << "\n" << *patched;
  EXPECT_EQ(assess(*now, edition)->verdict, Verdict::ready);
}

INSTANTIATE_TEST_SUITE_P(Every, FixOfFile, testing::ValuesIn(files()), [](const auto& test) {
  const fs::path path{test.param};
  std::string name = path.parent_path().filename().string() + "_" + path.stem().string();
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace pgpassage::scenarios::fix
