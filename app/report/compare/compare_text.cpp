#include <fmt/format.h>

#include "app/report/compare/compare.hpp"

namespace pgpassage::app {
namespace {

std::string facts_text(const std::vector<Fact>& facts, const TextStyle& style) {
  std::string text;
  const std::string* label = nullptr;
  for (const Fact& fact : facts) {
    text += labelled(style, 10, label != nullptr && *label == fact.label ? "" : "  " + fact.label, fact.text);
    label = &fact.label;
  }
  return text;
}

/// "failed -> passed", or the one of both that there is.
std::string states_text(const Cell& before, const Cell& after, const TextStyle& style) {
  if (before.text.empty() || after.text.empty()) return before.text + after.text;
  return fmt::format("{} {} {}", before.text, style.unicode ? "→" : "->", after.text);
}

std::string row_text(const std::vector<Cell>& row, const TextStyle& style) {
  const Cell& after = row[3].text.empty() ? row[2] : row[3];
  const std::string head = fmt::format("{} {}: {}", row[1].text, row[0].text, states_text(row[2], row[3], style));
  std::string text =
      fmt::format("  {} {}\n", paint(style, after.tone, symbol(style, after.tone)), wrap(style, 4, head));
  if (!row[4].text.empty()) text += fmt::format("    {}\n", wrap(style, 4, row[4].text));
  return text;
}

}  // namespace

std::string render_comparison_text(const ReportComparison& comparison, const TextStyle& style) {
  const Document document = comparison_document(comparison);
  const std::string answer = fmt::format("{} {}", symbol(style, document.tone), document.verdict);
  std::string text = fmt::format("{}  {}\n\n", paint(style, document.tone, answer),
                                 wrap(style, display_width(answer) + 2, document.sentence));
  text += facts_text(document.facts, style);
  for (const Section& section : document.sections) {
    text += fmt::format("\n{}\n", paint(style, Tone::strong, section.title));
    for (const auto& row : section.tables.front().rows) text += row_text(row, style);
  }
  return text;
}

}  // namespace pgpassage::app
