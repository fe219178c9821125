#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace pgpassage::random {

/// Distributions of the standard library differ between libraries; the engine does not.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}

  int below(int limit) { return static_cast<int>(engine_() % static_cast<std::uint32_t>(limit)); }
  bool one_in(int many) { return below(many) == 0; }
  bool most() { return !one_in(8); }
  const std::string& of(const std::vector<std::string>& words) {
    return words[static_cast<std::size_t>(below(static_cast<int>(words.size())))];
  }

 private:
  std::mt19937 engine_;
};

}  // namespace pgpassage::random
