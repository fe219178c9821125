#pragma once

#include <any>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// What a file does not say, tried in every way: an evaluation runs once for each world that the file allows, so that
/// "unknown" needs no logic of its own. It is what holds in one world and not in another.
namespace pgpassage::naive {

/// One way in which the facts that the file leaves out may be.
class World {
 public:
  /// The value of a missing fact, 0 to `options` - 1: the same for the same name throughout one world.
  std::size_t pick(const std::string& fact, std::size_t options);
  bool guess(const std::string& fact) { return pick(fact, 2) == 1; }

  /// The values that a fact may have, worked out once for all worlds.
  template <class Value>
  const Value& pick_of(const std::string& fact, const std::function<std::vector<Value>()>& values) {
    std::any& known = values_[fact];
    if (!known.has_value()) known = values();
    const auto& list = std::any_cast<const std::vector<Value>&>(known);
    return list[pick(fact, list.size())];
  }

  /// Moves on to the next world. False when all have been.
  bool next();

 private:
  struct Fact {
    std::size_t value, options;
  };
  std::vector<Fact> facts_;  // in the order in which they were asked for: those before a changed one are asked again
  std::map<std::string, std::size_t> numbers_;
  std::map<std::string, std::any> values_;
};

/// True or false where every world agrees, or the first hundred thousand where there are more; absent where they
/// differ.
std::optional<bool> in_every_world(const std::function<bool(World&)>& holds);

}  // namespace pgpassage::naive
