#include "tests/naive/agreement.hpp"

#include <cstdlib>

#include "netcheck/topology/reader.hpp"

namespace pgpassage::naive {

bool agree(const Saying& naive, const Saying& product) { return naive == product || product.empty(); }

random::Tree shrink(const random::Tree& tree, const Saying& naive, const Saying& product,
                    const std::function<Saying(const Topology&)>& ask_naive,
                    const std::function<Saying(const Topology&)>& ask_product) {
  return random::shrink(tree, [&](const random::Tree& less) {
    const auto topology = read_topology(boost::json::serialize(less));
    return topology && ask_product(*topology) == product && ask_naive(*topology) == naive;
  });
}

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

}  // namespace pgpassage::naive
