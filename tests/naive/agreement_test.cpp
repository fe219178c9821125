// PGPASSAGE_NAIVE_FLOWS is how many flows are asked about (a million in `./dev fuzz SECONDS naive`), and a quarter as
// many names; PGPASSAGE_NAIVE_SEED is the first topology.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "netcheck/topology/reader.hpp"
#include "tests/naive/pairs.hpp"
#include "tests/random/estate.hpp"

namespace pgpassage::naive {
namespace {

constexpr int most_reports = 5;

struct Total {
  std::uint64_t pairs = 0, topologies = 0, unreadable = 0, less_exact = 0;
  int disagreements = 0;
  std::map<Saying, std::uint64_t> said;
};

template <class Pair>
void report(std::uint32_t seed, const random::Tree& tree, const Pair& pair, const Saying& naive,
            const Saying& product) {
  const random::Tree small = shrink(
      tree, naive, product, [&](const Topology& topology) { return naive_saying(topology, pair); },
      [&](const Topology& topology) { return product_saying(topology, pair); });
  ADD_FAILURE() << "seed " << seed << ": naive '" << naive << "', product '" << product << "'\n"
                << random::yaml_of(small) << evidence_of(*read_topology(boost::json::serialize(small)), pair);
}

template <class Questions>
void compare(std::uint32_t seed, Total& total, std::uint64_t wanted, const Questions& questions) {
  const random::Tree tree = random::random_estate(seed);
  const auto topology = read_topology(boost::json::serialize(tree));
  if (!topology) return static_cast<void>(++total.unreadable);
  ++total.topologies;
  for (const auto& pair : questions(*topology)) {
    if (total.pairs == wanted) return;
    const Saying naive = naive_saying(*topology, pair), product = product_saying(*topology, pair);
    ++total.pairs;
    ++total.said[product];
    if (naive != product && product.empty()) ++total.less_exact;
    if (!agree(naive, product) && total.disagreements++ < most_reports) report(seed, tree, pair, naive, product);
  }
}

template <class Questions>
Total compare_all(std::uint64_t wanted, const Questions& questions) {
  Total total;
  for (auto seed = static_cast<std::uint32_t>(number_from_environment("PGPASSAGE_NAIVE_SEED", 1)); total.pairs < wanted;
       ++seed)
    compare(seed, total, wanted, questions);
  EXPECT_EQ(total.disagreements, 0);
  EXPECT_LT(total.unreadable, total.topologies / 5);
  return total;
}

std::uint64_t flows_wanted() { return number_from_environment("PGPASSAGE_NAIVE_FLOWS", 30'000); }

TEST(NaiveFlows, AgreeWithTheProductOnRandomNetworks) {
  const std::uint64_t wanted = flows_wanted();
  Total total = compare_all(wanted, flows_of);
  fmt::print("{} flows in {} topologies ({} unreadable): {} allowed, {} denied, {} unknown; {} less exact\n",
             total.pairs, total.topologies, total.unreadable, total.said["allowed"], total.said["denied"],
             total.said[""], total.less_exact);
  EXPECT_GT(total.said["allowed"], wanted / 10);
  EXPECT_GT(total.said["denied"], wanted / 10);
  EXPECT_GT(total.said[""], wanted / 50);
  EXPECT_LT(total.less_exact, wanted / 50) << "unknown where every world agrees";
}

TEST(NaiveNames, AgreeWithTheProductOnRandomNetworks) {
  const std::uint64_t wanted = flows_wanted() / 4;
  Total total = compare_all(wanted, names_of);
  const std::uint64_t none = total.said["none"], unknown = total.said[""];
  fmt::print("{} names in {} topologies: {} resolved, {} without an address, {} unknown; {} less exact\n", total.pairs,
             total.topologies, total.pairs - none - unknown, none, unknown, total.less_exact);
  EXPECT_GT(total.pairs - none - unknown, wanted / 10);
  EXPECT_GT(none, wanted / 20);
  EXPECT_GT(unknown, wanted / 50);
}

}  // namespace
}  // namespace pgpassage::naive
