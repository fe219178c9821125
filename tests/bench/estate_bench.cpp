// A large estate: `estate [--dense] [--networks PER-GROUP] [--rules PER-SUBNET] [--write FILE]`. Prints how long it
// takes to be read beside what simdjson needs to parse it, then every pair on 5432, and one explained flow; checks
// sampled pairs against the explained trace.
#include <fmt/format.h>
#include <simdjson.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <random>
#include <vector>

#include "netcheck/reach/pairs/reach_matrix.hpp"
#include "netcheck/reach/states.hpp"
#include "netcheck/topology/reader.hpp"
#include "tests/bench/estate.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace pgpassage;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Of this thread: what one short step takes is drowned on the clock by other programs.
double processor_milliseconds() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return 1e3 * static_cast<double>(used.tv_sec) + 1e-6 * static_cast<double>(used.tv_nsec);
}

long peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

/// Medians of a few runs, in milliseconds: on the clock, and of processors together, which other programs disturb less.
struct Times {
  double wall = 0;
  double processor = 0;
};

double median_of(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

template <class Run>
Times times_of(Run run) {
  std::vector<double> wall, processor;
  for (int i = 0; i < 3; ++i) {
    const auto start = Clock::now();
    const std::clock_t used = std::clock();
    run();
    wall.push_back(milliseconds_since(start));
    processor.push_back(1e3 * static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC);
  }
  return {median_of(wall), median_of(processor)};
}

void fail(const std::string& message) {
  fmt::print(stderr, "estate: {}\n", message);
  std::exit(1);
}

void parse(const simdjson::padded_string& text) {
  simdjson::dom::parser parser;
  if (parser.parse(text).error() != simdjson::SUCCESS) fail("simdjson cannot parse the estate");
}

Topology read(const std::string& text) {
  auto topology = read_topology(text);
  if (!topology)
    fail(fmt::format("line {}: {}", topology.error().front().location.line, topology.error().front().message));
  return *std::move(topology);
}

Topology compare_reading(const std::string& text) {
  auto padded = std::make_unique<simdjson::padded_string>(text);
  const Times parser = times_of([&] { parse(*padded); });
  padded.reset();
  Topology topology;
  const Times reader = times_of([&] { topology = {}, topology = read(text); });
  fmt::print(
      "reading: {:.0f} MB; simdjson {:.0f} ms (processor {:.0f}), read {:.0f} ms (processor {:.0f}): {:.2f} times\n",
      static_cast<double>(text.size()) / 1e6, parser.wall, parser.processor, reader.wall, reader.processor,
      reader.processor / parser.processor);
  return topology;
}

void check_samples(const Topology& topology, const netcheck::ReachMatrix& reach, int samples) {
  std::mt19937 random{7};
  const netcheck::EffectiveStates states{topology};
  std::vector<double> times;
  for (int i = 0; i < samples; ++i) {
    const auto from = static_cast<std::uint32_t>(random()) % reach.nodes.size();
    // Half of the pairs among near neighbours: two random nodes of an estate rarely reach each other.
    const std::uint32_t to = i % 2 == 0
                                 ? static_cast<std::uint32_t>(random()) % reach.nodes.size()
                                 : std::min(reach.nodes.size() - 1, from + static_cast<std::uint32_t>(random()) % 2000);
    const double start = processor_milliseconds();
    const auto trace = netcheck::trace_flow(states, reach.nodes.all[from].place, reach.nodes.all[to].place, 5432);
    times.push_back(processor_milliseconds() - start);
    const char* cell = to_string(reach.cells.at(from, to));
    if (from == to && reach.nodes.all[from].single) continue;
    if (std::strcmp(cell, to_string(trace.predicted)) != 0)
      fail(fmt::format("{} -> {}: {} in the matrix, {} by the trace", reach.nodes.all[from].name(),
                       reach.nodes.all[to].name(), cell, to_string(trace.predicted)));
  }
  std::sort(times.begin(), times.end());
  fmt::print("{} sampled pairs equal their traces; one trace: processor median {:.3f} ms, longest {:.3f} ms\n", samples,
             times[times.size() / 2], times.back());
}

}  // namespace

int main(int argc, char** argv) {
  bench::EstateSize size;
  int samples = 10'000;
  std::string path;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--dense") size.dense = true;
    if (i + 1 == argc) break;
    if (option == "--networks") size.networks = std::atoi(argv[++i]);
    if (option == "--rules") size.rules = std::atoi(argv[++i]);
    if (option == "--samples") samples = std::atoi(argv[++i]);
    if (option == "--write") path = argv[++i];
  }
  const std::string text = estate_json(size);
  if (!path.empty()) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr || std::fwrite(text.data(), 1, text.size(), file) != text.size() || std::fclose(file) != 0)
      fail("cannot write " + path);
    return 0;
  }
  fmt::print("{} groups of {} networks, {} rules a subnet{}\n", size.groups, size.networks, size.rules,
             size.dense ? ", dense" : "");
  const Topology topology = compare_reading(text);
  netcheck::ReachMatrix reach;
  fmt::print("peak so far {} MB\n", peak_megabytes());
  const Times pairs = times_of([&] { reach = {}, reach = netcheck::reach_matrix(topology, 5432); });
  const auto counts = counts_of(reach.cells);
  fmt::print(
      "pairs: {} nodes in {:.0f} ms (processor {:.0f}); allowed {} denied {} unknown {}; matrix {}; peak {} MB\n",
      reach.nodes.size(), pairs.wall, pairs.processor, counts.allowed, counts.denied, counts.unknown,
      hash_of(reach.cells), peak_megabytes());
  check_samples(topology, reach, samples);
}
