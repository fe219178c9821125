#include "app/report/text_style.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/utf8.hpp"

namespace pgpassage::app {
namespace {

std::string_view escape_sequence(Tone tone) {
  switch (tone) {
    case Tone::plain: return "";
    case Tone::good: return "\x1b[32m";
    case Tone::bad: return "\x1b[31m";
    case Tone::caution: return "\x1b[33m";
    case Tone::unsure: return "\x1b[35m";
    case Tone::quiet: return "\x1b[2m";
    case Tone::strong: return "\x1b[1m";
  }
  return "";
}

std::string escaped(const CodePoint& point) {
  const auto value = static_cast<unsigned>(point.value);
  if (!point.valid) return fmt::format("\\x{:02x}", value);
  if (value == '\n') return "\\n";
  if (value == '\t') return "\\t";
  if (value == '\r') return "\\r";
  if (value < 0x100) return fmt::format("\\x{:02x}", value);
  return value < 0x10000 ? fmt::format("\\u{:04x}", value) : fmt::format("\\U{:08x}", value);
}

/// How many bytes of `word` fit into `columns`, at least one character; breaks after punctuation when it can.
std::size_t break_at(std::string_view word, int columns) {
  std::size_t fits = 0;
  std::size_t after_punctuation = 0;
  int used = 0;
  while (fits < word.size()) {
    const CodePoint point = first_code_point(word.substr(fits));
    used += column_width(point.value);
    if (used > columns && fits > 0) break;
    fits += point.length;
    if (std::string_view{"/-.,:"}.find(static_cast<char>(point.value)) != std::string_view::npos && point.value < 0x80)
      after_punctuation = fits;
  }
  // A break very early in the line would waste it.
  return after_punctuation * 2 > fits ? after_punctuation : fits;
}

/// Most text is: a column for each byte, and nothing in it to look at.
bool plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

std::string paint(const TextStyle& style, Tone tone, std::string_view text) {
  const std::string_view start = escape_sequence(tone);
  if (!style.color || start.empty() || text.empty()) return std::string{text};
  return fmt::format("{}{}\x1b[0m", start, text);
}

std::string paint_lines(const TextStyle& style, Tone tone, std::string_view text) {
  std::string painted;
  while (true) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    painted += paint(style, tone, text.substr(0, end));
    if (end == text.size()) return painted;
    painted += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string_view symbol(const TextStyle& style, Tone tone) {
  switch (tone) {
    case Tone::good: return style.unicode ? "✓" : "+";
    case Tone::bad: return style.unicode ? "✗" : "x";
    case Tone::caution: return "!";
    case Tone::unsure: return "?";
    default: return style.unicode ? "·" : "-";
  }
}

std::string printable(std::string_view text) {
  if (plain_ascii(text)) return std::string{text};
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (!point.valid || is_hostile(point.value))
      safe += escaped(point);
    else
      safe += text.substr(0, point.length);
    text.remove_prefix(point.length);
  }
  return safe;
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    valid += point.valid ? text.substr(0, point.length) : std::string_view{"\xef\xbf\xbd"};
    text.remove_prefix(point.length);
  }
  return valid;
}

std::vector<std::string_view> pieces_of(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) pieces.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

int display_width(std::string_view text) {
  if (plain_ascii(text)) return static_cast<int>(text.size());
  int width = 0;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    width += column_width(point.value);
    text.remove_prefix(point.length);
  }
  return width;
}

std::string wrap(const TextStyle& style, int indent, std::string_view text) {
  const int room = std::max(style.width - indent, 20);
  const std::string line_end = "\n" + std::string(static_cast<std::size_t>(indent), ' ');
  const std::string safe = printable(text);
  std::string wrapped;
  int used = 0;
  for (std::string_view word : pieces_of(safe, ' ')) {
    if (used > 0 && used + 1 + display_width(word) > room) {
      wrapped += line_end;
      used = 0;
    }
    if (used > 0) wrapped += ' ', ++used;
    while (display_width(word) > room - used) {
      const std::size_t bytes = break_at(word, room - used);
      wrapped += word.substr(0, bytes);
      wrapped += line_end;
      word.remove_prefix(bytes);
      used = 0;
    }
    wrapped += word;
    used += display_width(word);
  }
  return wrapped;
}

std::string labelled(const TextStyle& style, int indent, std::string_view label, std::string_view text) {
  const int padding = std::max(indent - display_width(label), 1);
  return fmt::format("{}{}{}\n", label, std::string(static_cast<std::size_t>(padding), ' '), wrap(style, indent, text));
}

}  // namespace pgpassage::app
