#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "netcheck/base/error.hpp"

/// Where every value of a YAML text begins and ends, and in which style it is written.
namespace pgpassage::editing {

enum class Style : std::uint8_t { scalar, flow, block, alias };

/// One value. `children` of a mapping are key, value, key, value; an alias has none.
struct Part {
  Style style = Style::scalar;
  bool mapping = false;
  std::size_t start = 0;  ///< byte offset; an anchor or a tag is part of the value
  /// Behind the last byte. Of a block collection: behind its last scalar or flow collection, before any comment.
  std::size_t end = 0;
  std::string text;  ///< of a scalar
  std::vector<std::size_t> children;
};

struct Layout {
  std::vector<Part> parts;  ///< the first is the root
  const Part& operator[](std::size_t index) const { return parts[index]; }
};

/// The text must be valid; one that libyaml refuses is an error. Offsets count from the text's first byte.
Result<Layout> layout_of(std::string_view text);

}  // namespace pgpassage::editing
