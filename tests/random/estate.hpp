#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/random/tree.hpp"

/// Small networks with everything that is hard about networks, thrown in by chance: more than the lab can raise.
namespace pgpassage::random {

/// The same tree for the same seed on every machine. It is mostly, not always, one that Azure could hold: the reader
/// says.
Tree random_estate(std::uint32_t seed);

}  // namespace pgpassage::random
