#include <fmt/format.h>

#include <algorithm>

#include "app/report/document.hpp"
#include "app/report/markdown_text.hpp"

namespace pgpassage::app {
namespace {

std::string fact_line(const Fact& fact) {
  if (!fact.command) return fmt::format("- **{}:** {}\n", markdown_text(fact.label), markdown_text(fact.text));
  return fmt::format("- **{}:**\n\n{}\n", markdown_text(fact.label), markdown_fence(printable(fact.text), "sh", "  "));
}

std::string row_line(const std::vector<Cell>& cells) {
  std::string line = "|";
  for (const Cell& cell : cells) line += fmt::format(" {} |", markdown_text(cell.text));
  return line + "\n";
}

std::string table_text(const Table& table) {
  std::string text = table.caption.empty() ? "" : fmt::format("{}\n\n", markdown_text(table.caption));
  std::string rule = "|";
  std::vector<Cell> head;
  for (const std::string& column : table.columns) head.push_back({column}), rule += " --- |";
  text += row_line(head) + rule + "\n";
  for (const auto& row : table.rows) text += row_line(row);
  return text + "\n";
}

std::string entry_text(const Entry& entry) {
  std::string text = fmt::format("### {}: {}\n\n", markdown_text(entry.word), markdown_text(entry.title));
  if (!entry.text.empty())
    text += fmt::format("**Found:** {}{}\n\n", markdown_text(entry.text),
                        entry.reference > 0 ? fmt::format(" \\[{}\\]", entry.reference) : "");
  for (const Fact& fact : entry.facts) text += fact_line(fact);
  if (!entry.facts.empty()) text += "\n";
  for (const Table& table : entry.tables) text += table_text(table);
  return text;
}

std::string section_text(const Section& section) {
  std::string text = fmt::format("## {}\n\n", markdown_text(section.title));
  for (const std::string& paragraph : section.paragraphs) text += markdown_text(paragraph) + "\n\n";
  for (const Fact& fact : section.facts) text += fact_line(fact);
  if (!section.facts.empty()) text += "\n";
  for (const Table& table : section.tables) text += table_text(table);
  for (const Entry& entry : section.entries) text += entry_text(entry);
  for (std::size_t i = 0; i < section.sources.size(); ++i)
    text += fmt::format("{}. {}\n", i + 1, markdown_text(section.sources[i]));
  return section.sources.empty() ? text : text + "\n";
}

std::string counts_text(const std::vector<Cell>& counts) {
  std::string text;
  for (const Cell& count : counts) text += fmt::format("{}{}", text.empty() ? "" : ", ", markdown_text(count.text));
  return text.empty() ? text : text + "\n\n";
}

/// Ends with one line end.
std::string trimmed(std::string text) {
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace

std::string render_markdown(const Document& document) {
  std::string text = fmt::format("# {}\n\n**{}**: {}\n\n", markdown_text(document.title),
                                 markdown_text(document.verdict), markdown_text(document.sentence));
  text += counts_text(document.counts);
  for (const Fact& fact : document.facts) text += fact_line(fact);
  text += "\n";
  for (const Section& section : document.sections) text += section_text(section);
  return trimmed(std::move(text));
}

std::string render_markdown(const Document& document, const std::vector<std::string>& sections) {
  std::string text;
  for (const Section& section : document.sections)
    if (std::ranges::find(sections, section.id) != sections.end()) text += section_text(section);
  return trimmed(std::move(text));
}

}  // namespace pgpassage::app
