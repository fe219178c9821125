#include "app/report/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pgpassage::app {
namespace {

/// Of a rung: rail, symbol, decision, kind, then where and by what. In a narrow terminal they stand below.
int text_column(const TextStyle& style) { return style.width < 60 ? 8 : 26; }

/// `text`, every line of it behind the rail.
std::string behind_rail(const TextStyle& style, std::string_view text) {
  if (text.empty()) return {};
  const int column = text_column(style);
  const std::string wrapped = wrap(style, column, text);
  std::string lines;
  for (std::string_view rest = wrapped; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::size_t start = std::min(rest.find_first_not_of(' '), end);
    lines += fmt::format("    {}{:{}}{}\n", style.unicode ? "│" : "|", "", column - 5, rest.substr(start, end - start));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return lines;
}

}  // namespace

std::string rung_text(const Rung& rung, const std::string& file, const TextStyle& style) {
  const std::string mark = paint(style, rung.tone, fmt::format("{} {:<7}", symbol(style, rung.tone), rung.decision));
  const std::string place = rung.location.known() ? fmt::format("  {}:{}", file, rung.location.line) : "";
  const std::string head = fmt::format("    {} {} {}", style.unicode ? "├" : "+", mark, rung.kind);
  const int used = 16 + display_width(rung.kind);
  const bool beside = used < text_column(style);
  const std::string at =
      beside ? fmt::format("{:{}}{}\n", "", text_column(style) - used, wrap(style, text_column(style), rung.at))
             : "\n" + behind_rail(style, rung.at);
  return head + at + behind_rail(style, rung.by + place) + behind_rail(style, rung.detail);
}

std::string foot_text(Tone tone, std::string_view text, const TextStyle& style) {
  const std::string arrow = style.unicode ? "▼" : "v";
  const std::string mark = tone == Tone::plain ? arrow : paint(style, tone, symbol(style, tone));
  return fmt::format("    {} {}\n", mark, wrap(style, 6, text));
}

}  // namespace pgpassage::app
