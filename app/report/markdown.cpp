#include <fmt/format.h>

#include <algorithm>

#include "app/report/document.hpp"

namespace pgpassage::app {
namespace {

/// Plain text inside a line: nothing in it is markup, and nothing in it ends the line.
std::string inline_text(std::string_view text) {
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

/// A fence that nothing in `text` can close.
std::string fenced(std::string_view text, std::string_view margin) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char character : text) longest = std::max(longest, run = character == '`' ? run + 1 : 0);
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fmt::format("{0}{1}sh\n{0}{2}\n{0}{1}\n", margin, fence, printable(text));
}

std::string fact_line(const Fact& fact) {
  if (!fact.command) return fmt::format("- **{}:** {}\n", inline_text(fact.label), inline_text(fact.text));
  return fmt::format("- **{}:**\n\n{}\n", inline_text(fact.label), fenced(fact.text, "  "));
}

std::string row_line(const std::vector<Cell>& cells) {
  std::string line = "|";
  for (const Cell& cell : cells) line += fmt::format(" {} |", inline_text(cell.text));
  return line + "\n";
}

std::string table_text(const Table& table) {
  std::string text = table.caption.empty() ? "" : fmt::format("{}\n\n", inline_text(table.caption));
  std::string rule = "|";
  std::vector<Cell> head;
  for (const std::string& column : table.columns) head.push_back({column}), rule += " --- |";
  text += row_line(head) + rule + "\n";
  for (const auto& row : table.rows) text += row_line(row);
  return text + "\n";
}

std::string entry_text(const Entry& entry) {
  std::string text = fmt::format("### {}: {}\n\n", inline_text(entry.word), inline_text(entry.title));
  if (!entry.text.empty())
    text += fmt::format("**Found:** {}{}\n\n", inline_text(entry.text),
                        entry.reference > 0 ? fmt::format(" \\[{}\\]", entry.reference) : "");
  for (const Fact& fact : entry.facts) text += fact_line(fact);
  if (!entry.facts.empty()) text += "\n";
  for (const Table& table : entry.tables) text += table_text(table);
  return text;
}

std::string section_text(const Section& section) {
  std::string text = fmt::format("## {}\n\n", inline_text(section.title));
  for (const std::string& paragraph : section.paragraphs) text += inline_text(paragraph) + "\n\n";
  for (const Fact& fact : section.facts) text += fact_line(fact);
  if (!section.facts.empty()) text += "\n";
  for (const Table& table : section.tables) text += table_text(table);
  for (const Entry& entry : section.entries) text += entry_text(entry);
  for (std::size_t i = 0; i < section.sources.size(); ++i)
    text += fmt::format("{}. {}\n", i + 1, inline_text(section.sources[i]));
  return section.sources.empty() ? text : text + "\n";
}

std::string counts_text(const std::vector<Cell>& counts) {
  std::string text;
  for (const Cell& count : counts) text += fmt::format("{}{}", text.empty() ? "" : ", ", inline_text(count.text));
  return text.empty() ? text : text + "\n\n";
}

/// Ends with one line end.
std::string trimmed(std::string text) {
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace

std::string render_markdown(const Document& document) {
  std::string text = fmt::format("# {}\n\n**{}**: {}\n\n", inline_text(document.title), inline_text(document.verdict),
                                 inline_text(document.sentence));
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
