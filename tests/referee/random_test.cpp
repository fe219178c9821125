#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <deque>

#include "netcheck/topology/reader.hpp"
#include "tests/lab/raise.hpp"
#include "tests/referee/random_topology.hpp"
#include "tests/referee/trials.hpp"

/// Networks that nobody thought of. PGPASSAGE_REFEREE_SEEDS=FIRST,COUNT tries others than the test's own.
namespace pgpassage::referee {
namespace {

constexpr std::size_t at_once = 4;  // labs: most of their time is spent waiting for drops

struct Match {
  std::uint32_t seed = 0;
  Topology topology;  ///< the trials refer into it
  Trials trials;
  Experiment experiment;
  Running running;
};

struct Total {
  int topologies = 0, unreadable = 0, connected = 0, dropped = 0, undecided = 0;
};

void end(const Match& match, Total& total) {
  const auto observed = finish(match.running, match.experiment);
  if (!observed) {
    ADD_FAILURE() << "seed " << match.seed << ": " << observed.error().message;
    return;
  }
  const Score score = compare(match.trials, *observed);
  ++total.topologies;
  total.connected += score.connected;
  total.dropped += score.dropped;
  total.undecided += score.undecided;
  for (const std::string& one : score.disagreements) ADD_FAILURE() << "seed " << match.seed << ": " << one;
}

/// False when this machine cannot raise labs.
bool begin(std::uint32_t seed, std::deque<Match>& running, Total& total) {
  auto topology = read_topology(random_topology(seed));
  if (!topology) return static_cast<void>(++total.unreadable), true;
  Match& match = running.emplace_back();
  match.seed = seed;
  match.topology = std::move(*topology);
  match.trials = trials_of(match.topology);
  match.trials.plan.name_servers.clear();  // no name is asked
  match.experiment = experiment_of(match.trials);
  const auto started = start(match.experiment);
  if (started) match.running = *started;
  if (!started) running.pop_back();
  return started.has_value();
}

std::pair<std::uint32_t, std::uint32_t> seeds() {
  const char* given = std::getenv("PGPASSAGE_REFEREE_SEEDS");
  unsigned first = 1, count = 60;
  if (given != nullptr) std::sscanf(given, "%u,%u", &first, &count);
  return {first, first + count};
}

TEST(RefereedChance, LabAndAnalysisAgree) {
  if (const auto there = lab::probe_programs(lab::Servers::listeners); !there) GTEST_SKIP() << there.error().message;
  const auto [first, last] = seeds();
  std::deque<Match> running;
  Total total;
  for (std::uint32_t seed = first; seed < last; ++seed) {
    if (!begin(seed, running, total)) GTEST_SKIP() << "namespaces cannot be made here";
    if (running.size() == at_once) {
      end(running.front(), total);
      running.pop_front();
    }
  }
  for (const Match& match : running) end(match, total);
  fmt::print("{} topologies ({} unreadable), {} connected, {} dropped, {} undecided\n", total.topologies,
             total.unreadable, total.connected, total.dropped, total.undecided);
  EXPECT_GT(total.connected, 0);
  EXPECT_GT(total.dropped, 0);
}

}  // namespace
}  // namespace pgpassage::referee
