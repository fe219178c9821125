// PGPASSAGE_NAIVE_FLOWS is how many flows are asked about (a million in `./dev fuzz`), PGPASSAGE_NAIVE_SEED the first
// topology.
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
  std::uint64_t flows = 0, topologies = 0, unreadable = 0, less_exact = 0;
  int disagreements = 0;
  std::map<Saying, std::uint64_t> said;
};

void report(std::uint32_t seed, const random::Tree& tree, const FlowPair& flow, const Saying& naive,
            const Saying& product) {
  const random::Tree small = shrink(
      tree, naive, product, [&](const Topology& topology) { return naive_saying(topology, flow); },
      [&](const Topology& topology) { return product_saying(topology, flow); });
  ADD_FAILURE() << "seed " << seed << ": naive '" << naive << "', product '" << product << "'\n"
                << random::yaml_of(small) << evidence_of(*read_topology(boost::json::serialize(small)), flow);
}

void compare(std::uint32_t seed, Total& total, std::uint64_t wanted) {
  const random::Tree tree = random::random_estate(seed);
  const auto topology = read_topology(boost::json::serialize(tree));
  if (!topology) return static_cast<void>(++total.unreadable);
  ++total.topologies;
  for (const FlowPair& flow : flows_of(*topology)) {
    if (total.flows == wanted) return;
    const Saying naive = naive_saying(*topology, flow), product = product_saying(*topology, flow);
    ++total.flows;
    ++total.said[product];
    if (naive != product && product.empty()) ++total.less_exact;
    if (!agree(naive, product) && total.disagreements++ < most_reports) report(seed, tree, flow, naive, product);
  }
}

TEST(NaiveFlows, AgreeWithTheProductOnRandomNetworks) {
  const std::uint64_t wanted = number_from_environment("PGPASSAGE_NAIVE_FLOWS", 30'000);
  Total total;
  for (auto seed = static_cast<std::uint32_t>(number_from_environment("PGPASSAGE_NAIVE_SEED", 1)); total.flows < wanted;
       ++seed)
    compare(seed, total, wanted);
  fmt::print("{} flows in {} topologies ({} unreadable): {} allowed, {} denied, {} unknown, of which {} less exact\n",
             total.flows, total.topologies, total.unreadable, total.said["allowed"], total.said["denied"],
             total.said[""], total.less_exact);
  EXPECT_EQ(total.disagreements, 0);
  EXPECT_GT(total.said["allowed"], wanted / 10);
  EXPECT_GT(total.said["denied"], wanted / 10);
  EXPECT_GT(total.said[""], wanted / 50);
  EXPECT_LT(total.unreadable, total.topologies / 5);
  EXPECT_LT(total.less_exact, wanted / 50) << "unknown where every world agrees";
}

}  // namespace
}  // namespace pgpassage::naive
