#include "app/report/shell_text.hpp"

#include <vector>

namespace pgpassage::app {
namespace {

/// The command cut before every " -" that stands outside of quotes.
std::vector<std::string_view> pieces_of(std::string_view command) {
  std::vector<std::string_view> pieces;
  std::size_t start = 0;
  char quote = '\0';
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char character = command[i];
    if (quote != '\0') {
      if (character == quote) quote = '\0';
    } else if (character == '\'' || character == '"') {
      quote = character;
    } else if (command.substr(i, 2) == " -") {
      pieces.push_back(command.substr(start, i - start));
      start = i + 1;
    }
  }
  pieces.push_back(command.substr(start));
  return pieces;
}

}  // namespace

std::string shell_lines(const TextStyle& style, int indent, std::string_view command) {
  const std::string safe = printable(command);
  const int room = style.width - indent - 2;  // for " \"
  std::string lines;
  int used = 0;
  for (const std::string_view piece : pieces_of(safe)) {
    const int width = display_width(piece);
    if (used > 0 && used + 1 + width > room) {
      lines += " \\\n" + std::string(static_cast<std::size_t>(indent), ' ');
      used = 0;
    }
    if (used > 0) lines += ' ', ++used;
    lines += piece;
    used += width;
  }
  return lines;
}

}  // namespace pgpassage::app
