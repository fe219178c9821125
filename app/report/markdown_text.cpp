#include "app/report/markdown_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/text_style.hpp"

namespace pgpassage::app {

std::string markdown_text(std::string_view text) {
  constexpr std::string_view marks = "\\`*_[]|~$";
  std::string safe;
  for (const char character : printable(text)) {
    if (character == '<') {
      safe += "&lt;";
    } else if (character == '>') {
      safe += "&gt;";
    } else if (character == '&') {
      safe += "&amp;";
    } else if (character == '@') {
      safe += "&#64;";  // mentions somebody on some hosts
    } else {
      if (marks.find(character) != marks.npos) safe += '\\';
      safe += character;
    }
  }
  return safe;
}

std::string markdown_fence(std::string_view text, std::string_view language, std::string_view margin) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char character : text) longest = std::max(longest, run = character == '`' ? run + 1 : 0);
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  std::string lines;
  for (const std::string_view line : pieces_of(text, '\n')) lines += fmt::format("{}{}\n", margin, printable(line));
  return fmt::format("{0}{1}{2}\n{3}{0}{1}\n", margin, fence, language, lines);
}

}  // namespace pgpassage::app
