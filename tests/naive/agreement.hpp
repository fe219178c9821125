#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "netcheck/topology/topology.hpp"
#include "tests/random/tree.hpp"

/// The product's answers beside the naive evaluator's.
namespace pgpassage::naive {

/// What one says: any two that are not equal differ; the empty word is "it depends on what the file does not say".
using Saying = std::string;

/// Equal, or the product is content with "unknown" where every world agrees: less exact, and never wrong.
bool agree(const Saying& naive, const Saying& product);

/// A smaller topology on which both still say the same two things.
random::Tree shrink(const random::Tree& tree, const Saying& naive, const Saying& product,
                    const std::function<Saying(const Topology&)>& ask_naive,
                    const std::function<Saying(const Topology&)>& ask_product);

/// `NAME=number` of the environment, else `otherwise`.
std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise);

}  // namespace pgpassage::naive
