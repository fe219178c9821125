#include "netcheck/reach/pairs/reach_matrix.hpp"

#include <cstdlib>

#include "tests/netcheck/reach/random_network.hpp"

namespace pgpassage::netcheck {
namespace {

using namespace test;

std::string_view traced(const Topology& topology, const ReachMatrix& reach, std::uint32_t from, std::uint32_t to,
                        Port port) {
  if (from == to && reach.nodes.all[from].single) return "self";
  return to_string(trace_flow(topology, reach.nodes.all[from].place, reach.nodes.all[to].place, port).predicted);
}

/// Every cell is what trace_flow says of the pair.
void expect_traced(const Topology& topology, Port port, const std::string& what, const std::vector<Cidr>& splits = {}) {
  const ReachMatrix reach = reach_matrix(topology, port, Protocol::tcp, 1, splits);
  for (std::uint32_t from = 0; from < reach.nodes.size(); ++from)
    for (std::uint32_t to = 0; to < reach.nodes.size(); ++to)
      ASSERT_EQ(to_string(reach.cells.at(from, to)), traced(topology, reach, from, to, port))
          << what << ": " << reach.nodes.all[from].name() << " -> " << reach.nodes.all[to].name() << "\n"
          << text_of(trace_flow(topology, reach.nodes.all[from].place, reach.nodes.all[to].place, port));
}

TEST(ReachMatrix, SaysOfTheExampleWhatTheTraceSays) { expect_traced(contoso(), 5432, "contoso"); }

/// `PGPASSAGE_RANDOM_NETWORKS=5000` tries more of them.
unsigned random_networks() {
  const char* wanted = std::getenv("PGPASSAGE_RANDOM_NETWORKS");
  return wanted == nullptr ? 60 : static_cast<unsigned>(std::atoi(wanted));
}

TEST(ReachMatrix, SaysOfRandomNetworksWhatTheTraceSays) {
  for (unsigned seed = 0; seed < random_networks() && !HasFatalFailure(); ++seed)
    expect_traced(RandomNetwork{seed}.make(), 5432, fmt::format("seed {}", seed));
}

TEST(ReachMatrix, SaysOfPartsOfSubnetsWhatTheTraceSays) {
  const std::vector<Cidr> splits{cidr("10.20.1.0/25"), cidr("10.20.1.4/32"), cidr("10.21.1.5/32"),
                                 cidr("10.22.2.0/26")};
  for (unsigned seed = 0; seed < random_networks() / 2 && !HasFatalFailure(); ++seed)
    expect_traced(RandomNetwork{seed}.make(), 5432, fmt::format("seed {}", seed), splits);
}

TEST(ReachMatrix, DoesNotDependOnTheNumberOfThreads) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const Topology topology = RandomNetwork{seed}.make();
    EXPECT_EQ(reach_matrix(topology, 5432, Protocol::tcp, 1).cells,
              reach_matrix(topology, 5432, Protocol::tcp, 4).cells);
  }
}

}  // namespace
}  // namespace pgpassage::netcheck
