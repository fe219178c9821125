// Every plug-in of every version says the same of the same workload, except what it cannot carry.
// PGPASSAGE_UPDATE_EXPECTED=1 rewrites expected.txt, from test_decoding of 18.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "tests/migrate/cdc/rendered.hpp"

namespace pgpassage::migrate::cdc {
namespace {

struct Recording {
  const char* name;
  PluginOnServer of;
  bool two_phase;  ///< recorded from a slot with two-phase decoding
};

constexpr auto expected_file = PGPASSAGE_SOURCE_DIR "/tests/migrate/cdc/expected.txt";

void PrintTo(const Recording& recording, std::ostream* out) { *out << recording.name; }

std::vector<std::string> expected_lines() {
  std::ifstream file{expected_file};
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

/// Without the transactions that hold such lines.
void drop_transactions(std::vector<std::string>& lines, std::string_view with) {
  for (;;) {
    const auto found = std::ranges::find_if(lines, [&](const auto& line) { return line.starts_with(with); });
    if (found == lines.end()) return;
    auto begin = found;
    while (!begin->starts_with("begin")) --begin;
    lines.erase(begin, std::find(found, lines.end(), "commit") + 1);
  }
}

void drop(std::vector<std::string>& lines, std::string_view with) {
  std::erase_if(lines, [&](const auto& line) { return line.find(with) != line.npos; });
}

void replace(std::vector<std::string>& lines, std::string_view text, std::string_view by) {
  for (std::string& line : lines)
    for (auto at = line.find(text); at != line.npos; at = line.find(text, at + by.size()))
      line.replace(at, text.size(), by);
}

/// wal2json without numbers as text.
void lose_special_numbers(std::vector<std::string>& lines) {
  for (const std::string column : {"exact", "wide", "narrow"})
    for (const std::string value : {"(null)", "NaN", "-Infinity"})
      replace(lines, " " + column + "=" + value, " " + column + "=(unreadable)");
}

std::vector<std::string> expected(const Recording& recording) {
  auto lines = expected_lines();
  const std::vector<Gap> gaps = gaps_of(recording.of);
  const auto has = [&](Gap gap) { return std::ranges::find(gaps, gap) != gaps.end(); };
  if (has(Gap::truncate)) {
    drop_transactions(lines, "truncate");
    drop_transactions(lines, "insert public.parent");
  }
  if (has(Gap::messages)) {
    drop_transactions(lines, "message transactional");
    drop(lines, "message at once");
  }
  if (!recording.two_phase) {
    const auto first = std::ranges::find(lines, "insert public.wide id=7 stored=(null) small=(null)");
    lines.erase(first - 1, lines.end());
  }
  if (recording.of.server_version < 120000)  // since then floats have their shortest form
    replace(lines, "wide=1e-300", "wide=1.00000000000000003e-300");
  if (has(Gap::restart_identity)) {
    replace(lines, " cascade", "");
    replace(lines, " restart", "");
  }
  if (has(Gap::special_numbers)) lose_special_numbers(lines);
  return lines;
}

class Recordings : public testing::TestWithParam<Recording> {};

TEST_P(Recordings, SayTheSame) {
  const Recording& recording = GetParam();
  if (std::getenv("PGPASSAGE_UPDATE_EXPECTED") != nullptr) {
    std::ofstream file{expected_file};
    for (const auto& line : rendered(recorded("test_decoding-18"), Decoder{{Plugin::test_decoding, 180004}}))
      file << line << '\n';
  }
  EXPECT_EQ(fmt::format("{}", fmt::join(rendered(recorded(recording.name), Decoder{recording.of}), "\n")),
            fmt::format("{}", fmt::join(expected(recording), "\n")));
}

constexpr auto pgoutput = Plugin::pgoutput;
constexpr auto test_decoding = Plugin::test_decoding;

INSTANTIATE_TEST_SUITE_P(OfRealServers, Recordings,
                         testing::Values(Recording{"pgoutput-10", {pgoutput, 100023}, false},
                                         Recording{"pgoutput-12", {pgoutput, 120022}, false},
                                         Recording{"pgoutput-14", {pgoutput, 140023}, false},
                                         Recording{"pgoutput-15", {pgoutput, 150020}, true},
                                         Recording{"pgoutput-16", {pgoutput, 160014}, true},
                                         Recording{"pgoutput-16-streamed", {pgoutput, 160014}, true},
                                         Recording{"pgoutput-18", {pgoutput, 180004}, true},
                                         Recording{"pgoutput-18-parallel", {pgoutput, 180004}, true},
                                         Recording{"test_decoding-10", {test_decoding, 100023}, false},
                                         Recording{"test_decoding-12", {test_decoding, 120022}, false},
                                         Recording{"test_decoding-14", {test_decoding, 140023}, false},
                                         Recording{"test_decoding-15", {test_decoding, 150020}, true},
                                         Recording{"test_decoding-16", {test_decoding, 160014}, true},
                                         Recording{"test_decoding-18", {test_decoding, 180004}, true},
                                         Recording{"wal2json-15", {Plugin::wal2json, 150020}, false}),
                         [](const auto& test) {
                           std::string name = test.param.name;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(RecordedTransactions, EndWhereTheServerSays) {
  Decoder decoder{{Plugin::pgoutput, 180004}};
  int commits = 0;
  for (const RecordedMessage& message : recorded("pgoutput-18")) {
    const auto change = decoder.read({message.lsn, message.payload});
    ASSERT_TRUE(change);
    const auto* commit = std::get_if<Commit>(&(*change)->what);
    if (commit == nullptr) continue;
    ++commits;
    EXPECT_LT(commit->commit, commit->end);
    EXPECT_EQ(commit->end, message.lsn);  // what the plug-ins of text have nothing but
    EXPECT_EQ(std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(*commit->time)}.year(),
              std::chrono::year{2026});
  }
  EXPECT_GT(commits, 10);
}

}  // namespace
}  // namespace pgpassage::migrate::cdc
