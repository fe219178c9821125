// Changes in the text of a topology: what is written beside the user's own lines, and that nothing else changes.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "netcheck/topology/editing/rewrite.hpp"

namespace pgpassage::editing {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using Kind = Operation::Kind;

const json::value route = json::object{{"name", "to-data"}, {"addressPrefix", "10.1.0.0/16"}, {"nextHopType", "None"}};
const json::value rule = json::object{{"name", "a"},
                                      {"priority", 100},
                                      {"destinationPortRange", "5432"},
                                      {"destinationAddressPrefixes", json::array{"*", "10.1.0.0/16"}},
                                      {"protocol", "Tcp"}};

struct Rewriting {
  const char* name;
  const char* before;
  Operation operation;
  const char* after;
};

class Rewrite : public testing::TestWithParam<Rewriting> {};

TEST_P(Rewrite, ChangesThisAndKeepsTheRest) {
  const auto text = rewrite_yaml(GetParam().before, {GetParam().operation});
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_EQ(*text, GetParam().after);
}

INSTANTIATE_TEST_SUITE_P(
    Styles, Rewrite,
    testing::Values(
        Rewriting{"KeyOfABlockMapping",
                  "a:\n  - name: x  # first\n    p: 1   # one\n\n  # below\n  - name: y\n",
                  {Kind::add, "/a/0/q", "z"},
                  "a:\n  - name: x  # first\n    p: 1   # one\n    q: z\n\n  # below\n  - name: y\n"},
        Rewriting{"KeyOfAFlowMapping",
                  "a:\n  - {name: x, p: 1}  # x\n",
                  {Kind::add, "/a/0/q", true},
                  "a:\n  - {name: x, p: 1, q: true}  # x\n"},
        Rewriting{"ElementBesideBlockMappings",
                  "a:\n  - name: x\n    p: 1\nb: 2\n",
                  {Kind::add, "/a/-", rule},
                  "a:\n  - name: x\n    p: 1\n  - name: a\n    priority: 100\n    destinationPortRange: \"5432\"\n"
                  "    destinationAddressPrefixes: [\"*\", 10.1.0.0/16]\n    protocol: Tcp\nb: 2\n"},
        Rewriting{"ElementBesideFlowMappings",
                  "a:\n  - {name: x}\nb: 2\n",
                  {Kind::add, "/a/-", route},
                  "a:\n  - {name: x}\n  - {name: to-data, addressPrefix: 10.1.0.0/16, nextHopType: None}\nb: 2\n"},
        Rewriting{"ElementOfAListAtTheMargin",
                  "a:\n- name: x\nb: 2\n",
                  {Kind::add, "/a/-", json::object{{"name", "w"}}},
                  "a:\n- name: x\n- name: w\nb: 2\n"},
        Rewriting{"ElementAfterABlankLine",
                  "a:\n  - name: x\n\n  - name: y\n",
                  {Kind::add, "/a/-", json::object{{"name", "z"}}},
                  "a:\n  - name: x\n\n  - name: y\n\n  - name: z\n"},
        Rewriting{"ElementOfAFlowList", "a: [x, y] # z\n", {Kind::add, "/a/-", "5"}, "a: [x, y, \"5\"] # z\n"},
        Rewriting{"ElementOfAnEmptyList",
                  "a: []\n",
                  {Kind::add, "/a/-", route},
                  "a: [{name: to-data, addressPrefix: 10.1.0.0/16, nextHopType: None}]\n"},
        Rewriting{"ElementOnItsOwnLineInAFlowList",
                  "a: [\n  x, # one\n  y  # two\n]\n",
                  {Kind::add, "/a/-", "z"},
                  "a: [\n  x, # one\n  y,  # two\n  z\n]\n"},
        Rewriting{"ElementBeforeAnother",
                  "a:\n  - name: x\n  # the last word\n  - name: deny\n",
                  {Kind::add, "/a/1", json::object{{"name", "w"}}},
                  "a:\n  - name: x\n  - name: w\n  # the last word\n  - name: deny\n"},
        Rewriting{"ListThatWasAbsent",
                  "t:\n  name: x\nz: 1",
                  {Kind::add, "/t/routes", json::array{route}},
                  "t:\n  name: x\n  routes:\n    - {name: to-data, addressPrefix: 10.1.0.0/16, nextHopType: None}\n"
                  "z: 1"},
        Rewriting{"KeyBehindTheLastLineWithoutItsEnd", "a: 1", {Kind::add, "/b", "x"}, "a: 1\nb: x"},
        Rewriting{
            "ScalarReplaced", "a: Pending # not yet\n", {Kind::replace, "/a", "Approved"}, "a: Approved # not yet\n"},
        Rewriting{"NothingReplaced", "a:\nb: 1\n", {Kind::replace, "/a", "x"}, "a: x\nb: 1\n"},
        Rewriting{"BlockListReplaced",
                  "a:\n  - 1.2.3.4\n  - 2.3.4.5\nb: 1\n",
                  {Kind::replace, "/a", json::array{}},
                  "a: []\nb: 1\n"},
        Rewriting{
            "ElementRemoved", "a:\n  - name: x\n    p: 1\n  - name: y\n", {Kind::remove, "/a/0"}, "a:\n  - name: y\n"},
        Rewriting{"OnlyElementRemoved", "a:\n  - name: x\n    p: 1\nb: 1\n", {Kind::remove, "/a/0"}, "a: []\nb: 1\n"},
        Rewriting{"ElementOfAFlowListRemoved", "a: [x, y, z]\n", {Kind::remove, "/a/1"}, "a: [x, z]\n"},
        Rewriting{"LastElementOfAFlowListRemoved", "a: [x, y, z]\n", {Kind::remove, "/a/2"}, "a: [x, y]\n"},
        Rewriting{"OtherLineEnds",
                  "a:\r\n  - name: x\r\nb: 1\r\n",
                  {Kind::add, "/a/-", json::object{{"name", "w"}}},
                  "a:\r\n  - name: x\r\n  - name: w\r\nb: 1\r\n"},
        Rewriting{"LettersOfMoreThanOneByte",
                  "n: Zürich → 東京\na: [x]\n",
                  {Kind::add, "/a/-", "w"},
                  "n: Zürich → 東京\na: [x, w]\n"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(RewriteRefuses, AValueThatAnAliasRepeats) {
  const auto text = rewrite_yaml("a: &list [x]\nb: *list\n", {{Kind::add, "/a/-", "y"}});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().message, "the file's layout at /a/- does not let the change be written as a patch");
  EXPECT_FALSE(rewrite_yaml("a: &list [x]\nb: *list\n", {{Kind::add, "/b/-", "y"}}));
}

TEST(RewriteRefuses, NothingThatAnAliasDoesNotTouch) {
  const auto text = rewrite_yaml("a: &list [x]\nb: *list\nc: [z]\n", {{Kind::add, "/c/-", "w"}});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "a: &list [x]\nb: *list\nc: [z, w]\n");
}

json::value topology() {
  return json::parse(R"({"sites": [{"name": "DC", "routes": null}], "zones": [{"name": "a.b", "links": ["v/1"]}]})");
}

TEST(OperationFor, NamesLeadToPlaces) {
  const auto tree = topology();
  const Operation added{Kind::add, "/zones/0/links/-", "w"};
  EXPECT_EQ(operation_for(tree, {Edit::Action::append, {"zones", "A.B."}, "links", "", "w"}), added);
  const Operation made{Kind::replace, "/sites/0/routes", json::array{"w"}};
  EXPECT_EQ(operation_for(tree, {Edit::Action::append, {"sites", "DC"}, "routes", "", "w"}), made);
  const Operation removed{Kind::remove, "/zones/0/links/0"};
  EXPECT_EQ(operation_for(tree, {Edit::Action::erase, {"zones", "a.b"}, "links", "v/1"}), removed);
  EXPECT_EQ(operation_for(tree, {Edit::Action::set, {"sites", "none"}, "kind"}).error().code, Errc::not_found);
}

TEST(OperationFor, PointersAreEscaped) {
  const Operation set{Kind::add, "/a~1b~0c", 1};
  EXPECT_EQ(operation_for(json::object{}, {Edit::Action::set, {}, "a/b~c", "", 1}), set);
  EXPECT_EQ(parts_of(set.path), std::vector<std::string>{"a/b~c"});
}

TEST(UnifiedDiff, ShowsThreeLinesAroundAChange) {
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nx\n5\n6\n7\n8\n", "f.yaml"),
            "--- f.yaml\n+++ f.yaml\n@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n");
  EXPECT_EQ(unified_diff("a", "b\n", "f"), "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n");
  EXPECT_EQ(unified_diff("a\n", "a\n", "f"), "");
}

std::string contents(const fs::path& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// An operation at a place of the tree that chance chooses.
Operation random_operation(const json::value& tree, std::mt19937& dice) {
  std::string path;
  const json::value* here = &tree;
  while (true) {
    if (const json::array* list = here->if_array()) {
      const std::size_t i = dice() % (list->size() + 2);
      if (list->empty() || i == list->size()) return {Kind::add, path + "/-", list->empty() ? rule : list->back()};
      if (i > list->size()) return {Kind::remove, path + "/" + std::to_string(dice() % list->size())};
      path += "/" + std::to_string(i);
      here = &(*list)[i];
    } else if (const json::object* object = here->if_object()) {
      const std::size_t i = dice() % (object->size() + 1);
      if (i == object->size()) return {Kind::add, path + "/added", dice() % 2 ? json::array{rule} : json::value("x")};
      const auto member = object->begin() + static_cast<std::ptrdiff_t>(i);
      path += "/" + std::string{member->key()};
      here = &member->value();
    } else {
      return {Kind::replace, path, "new: value"};
    }
  }
}

/// `patch` makes the new text of the old one.
std::string patched(const std::string& before, const std::string& difference) {
  const fs::path folder = fs::path{testing::TempDir()} / ("pgpassage-patch-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream{folder / "f.yaml"} << before;
  std::ofstream{folder / "f.patch"} << difference;
  const std::string command = "cd '" + folder.string() + "' && patch -s -p0 < f.patch > patch.log 2>&1";
  const bool applied = std::system(command.c_str()) == 0;
  std::string text = applied ? contents(folder / "f.yaml") : "not applied: " + contents(folder / "patch.log");
  fs::remove_all(folder);
  return text;
}

TEST(RewriteOfEveryExample, HoldsWhatTheOperationsMakeOfItAndPatches) {
  if (std::system("command -v patch > /dev/null") != 0) GTEST_SKIP() << "patch is not installed";
  std::mt19937 dice{7};
  for (const auto& entry : fs::directory_iterator{PGPASSAGE_SOURCE_DIR "/topology-examples"}) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string before = contents(entry.path());
    auto tree = tree_of(before);
    ASSERT_TRUE(tree);
    std::vector<Operation> operations;
    for (int i = 0; i < 12; ++i) {
      operations.push_back(random_operation(*tree, dice));
      apply(*tree, operations.back());
    }
    const auto after = rewrite_yaml(before, operations);
    ASSERT_TRUE(after) << entry.path() << ": " << after.error().message << "\n" << patch_of(operations);
    EXPECT_EQ(*tree_of(*after), *tree);
    EXPECT_EQ(patched(before, unified_diff(before, *after, "f.yaml")), *after) << entry.path();
  }
}

}  // namespace
}  // namespace pgpassage::editing
