#pragma once

#include <cstddef>
#include <string_view>

namespace pgpassage::app {

/// One character of a text, or one byte that is not part of any.
struct CodePoint {
  char32_t value = 0;      ///< the byte itself when not valid
  std::size_t length = 1;  ///< bytes
  bool valid = true;
};

/// The character at the start of `text`, which must not be empty. Overlong forms and surrogates are not valid.
CodePoint first_code_point(std::string_view text);

/// Control characters, bidirectional overrides and characters that cannot be seen: they must not reach a terminal.
bool is_hostile(char32_t value);

/// 0 for a combining mark, 2 for a wide East Asian character or an emoji, else 1.
int column_width(char32_t value);

}  // namespace pgpassage::app
