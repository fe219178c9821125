#include "tests/naive/worlds.hpp"

namespace pgpassage::naive {
namespace {

constexpr int most_worlds = 100'000;

}  // namespace

std::size_t World::pick(const std::string& fact, std::size_t options) {
  const auto [known, is_new] = numbers_.try_emplace(fact, numbers_.size());
  if (known->second == facts_.size()) facts_.push_back({0, options});
  return facts_[known->second].value;
}

bool World::next() {
  numbers_.clear();
  while (!facts_.empty() && facts_.back().value + 1 == facts_.back().options) facts_.pop_back();
  if (facts_.empty()) return false;
  ++facts_.back().value;
  return true;
}

std::optional<bool> in_every_world(const std::function<bool(World&)>& holds) {
  World world;
  const bool first = holds(world);
  for (int tried = 1; tried < most_worlds && world.next(); ++tried)
    if (holds(world) != first) return std::nullopt;
  return first;
}

}  // namespace pgpassage::naive
