// Ready examples, broken by chance in one to three places: what fix finds makes them ready, and none of it can be left
// out. PGPASSAGE_FIX_SEEDS=first-last asks for other seeds than the few of every build.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "netcheck/topology/editing/rewrite.hpp"
#include "netcheck/topology/reader.hpp"
#include "scenarios/fix/fix.hpp"
#include "scenarios/matrix/matrix.hpp"
#include "tests/scenarios/fix/break.hpp"

namespace pgpassage::scenarios::fix {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> ready_examples() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{PGPASSAGE_SOURCE_DIR "/topology-examples"}) {
    const auto topology = entry.path().extension() == ".yaml" ? read_topology(contents(entry.path()))
                                                              : read_topology("", TopologyFormat::json);
    if (topology && assess(*topology, topology->edition)->verdict == Verdict::ready) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  // As often as all the others together: it alone has appliances and a DNS server of its own.
  files.insert(files.end(), files.size(), PGPASSAGE_SOURCE_DIR "/tests/scenarios/fix/hub-and-spoke.yaml");
  return files;
}

struct Broken {
  boost::json::value tree;
  std::string edition;
  std::string how;
};

/// Absent when chance broke nothing that matters, or made what the reader refuses.
std::optional<Broken> broken(const std::vector<fs::path>& examples, unsigned seed) {
  std::mt19937 dice{seed};
  const fs::path& example = examples[dice() % examples.size()];
  Broken result{*editing::tree_of(contents(example)), "", example.stem().string()};
  const auto times = 1 + dice() % 3;
  constexpr int most_draws = 100;
  unsigned long made = 0;
  for (int draw = 0; draw < most_draws && made < times; ++draw)
    if (const std::string what = break_something(result.tree, dice); !what.empty()) result.how += "; " + what, ++made;
  const auto topology = read_topology(boost::json::serialize(result.tree), TopologyFormat::json);
  if (!topology) return std::nullopt;
  result.edition = topology->edition.empty() ? std::string{default_edition} : topology->edition;
  if (assess(*topology, result.edition)->verdict != Verdict::not_ready) return std::nullopt;
  return result;
}

Verdict verdict_with(const Broken& start, const std::vector<Change>& changes) {
  const auto result = changed(start.tree, changes);
  if (!result) return Verdict::not_ready;  // one change stands on another
  const auto model = model_of(result->tree, start.edition);
  return model ? model->assessment.verdict : Verdict::not_ready;
}

void expect_needed(const Broken& start, const Fix& fix) {
  for (std::size_t left_out = 0; left_out < fix.changes.size(); ++left_out) {
    std::vector<Change> changes;
    for (std::size_t i = 0; i < fix.changes.size(); ++i)
      if (i != left_out) changes.push_back(fix.changes[i].change);
    EXPECT_NE(verdict_with(start, changes), Verdict::ready)
        << start.how << "\nis ready without: " << fix.changes[left_out].change.text;
  }
}

/// One address, or Azure's resolver, which rules can name by its tag only.
bool one_address(const boost::json::value& prefix) {
  return prefix.get_string().ends_with("/32") || prefix.get_string() == "AzurePlatformDNS";
}

/// A rule that fix adds lets exactly the flow through: to single addresses, on one port, from no tag and no wildcard.
void expect_narrow(const Broken& start, const Fix& fix) {
  for (const MadeChange& made : fix.changes)
    for (const editing::Edit& edit : made.change.edits) {
      if (edit.key != "securityRules" && edit.key != "firewallRules") continue;
      const boost::json::object* rule = edit.value.if_object();
      if (rule == nullptr || !rule->contains("destinationPortRange")) continue;
      const std::string port{rule->at("destinationPortRange").get_string()};
      EXPECT_TRUE(port == "5432" || port == "53") << start.how;
      for (const char* key : {"destinationAddressPrefix", "destinationAddressPrefixes"})
        if (const boost::json::value* value = rule->if_contains(key)) {
          EXPECT_TRUE(value->is_array() ? std::ranges::all_of(value->get_array(), one_address) : one_address(*value))
              << start.how << ": " << *value;
        }
      for (const char* key : {"sourceAddressPrefix", "sourceAddressPrefixes"})
        if (const boost::json::value* value = rule->if_contains(key)) {
          EXPECT_NE(boost::json::serialize(*value).find('/'), std::string::npos) << start.how << ": " << *value;
        }
    }
}

std::string describe(const Fix& fix) {
  std::string text;
  for (const MadeChange& made : fix.changes) text += "  " + made.rule + " " + made.change.text + "\n";
  for (const Finding& finding : fix.left) text += "  left: " + finding.rule->id + " " + finding.message + "\n";
  return text;
}

std::pair<unsigned, unsigned> seeds() {
  const char* asked = std::getenv("PGPASSAGE_FIX_SEEDS");
  unsigned first = 0, last = 120;
  if (asked != nullptr) std::sscanf(asked, "%u-%u", &first, &last);
  return {first, last};
}

TEST(FixOfRandomBreakage, IsReadyAndNothingCanBeLeftOut) {
  const auto examples = ready_examples();
  ASSERT_GT(examples.size(), 10u);
  const auto [first, last] = seeds();
  int tried = 0, fixed = 0;
  for (unsigned seed = first; seed < last; ++seed) {
    const auto start = broken(examples, seed);
    if (!start) continue;
    ++tried;
    const auto fix = fix_of(start->tree, start->edition);
    ASSERT_TRUE(fix) << start->how << ": " << fix.error().message;
    EXPECT_EQ(fix->outcome, Outcome::fixed) << "seed " << seed << ": " << start->how << "\n" << describe(*fix);
    if (fix->outcome != Outcome::fixed) continue;
    ++fixed;
    EXPECT_EQ(verdict_with(*start, {}), Verdict::not_ready);
    expect_needed(*start, *fix);
    expect_narrow(*start, *fix);
    if (std::getenv("PGPASSAGE_FIX_TELL") != nullptr) std::cout << seed << " " << start->how << "\n" << describe(*fix);
  }
  EXPECT_GT(fixed, static_cast<int>(last - first) / 8) << "of " << tried << " broken topologies";
  std::cout << fixed << " of " << tried << " broken topologies are ready\n";
}

}  // namespace
}  // namespace pgpassage::scenarios::fix
