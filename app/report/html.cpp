#include <fmt/format.h>

#include <algorithm>

#include "app/report/document.hpp"
#include "app/report/embedded.hpp"
#include "app/report/markup.hpp"
#include "app/report/shell_text.hpp"

namespace pgpassage::app {
namespace {

/// The class of a tone in report.css.
std::string_view class_of(Tone tone) {
  switch (tone) {
    case Tone::plain: return "plain";
    case Tone::good: return "good";
    case Tone::bad: return "bad";
    case Tone::caution: return "caution";
    case Tone::unsure: return "unsure";
    case Tone::quiet: return "quiet";
    case Tone::strong: return "strong";
  }
  return "plain";
}

/// "✗ error": the colour is never alone.
std::string marked(Tone tone, std::string_view word) {
  return fmt::format("{} {}", symbol({.unicode = true}, tone), word);
}

/// What may be copied into a shell, an option a line.
void add_command(Markup& html, const std::string& command) {
  const std::string lines = shell_lines({.width = 78}, 2, command);
  html.open("pre");
  for (std::size_t start = 0; start <= lines.size();) {
    const std::size_t end = std::min(lines.find('\n', start), lines.size());
    if (start > 0) html.line_end();
    html.text(std::string_view{lines}.substr(start, end - start));
    start = end + 1;
  }
  html.close("pre");
}

void add_fact_text(Markup& html, const Fact& fact) {
  html.open("dd");
  if (fact.command)
    add_command(html, fact.text);
  else
    html.text(fact.text);
  html.close("dd").line_end();
}

/// Facts of the same label that follow each other share it.
void add_facts(Markup& html, const std::vector<Fact>& facts) {
  if (facts.empty()) return;
  html.open("dl").line_end();
  const std::string* label = nullptr;
  for (const Fact& fact : facts) {
    if (label == nullptr || *label != fact.label) html.leaf("dt", fact.label);
    label = &fact.label;
    add_fact_text(html, fact);
  }
  html.close("dl").line_end();
}

void add_cell(Markup& html, const Cell& cell, bool names_row) {
  if (names_row) {
    html.leaf("th", cell.text, {{"scope", "row"}});
  } else if (cell.tone == Tone::plain) {
    html.leaf("td", cell.text);
  } else {
    html.open("td").leaf("span", marked(cell.tone, cell.text), {{"class", class_of(cell.tone)}}).close("td");
  }
}

/// A wide table scrolls in a region of its own, which a keyboard can reach.
void add_table(Markup& html, const Table& table) {
  html.open("div", {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", table.caption}});
  html.open("table").leaf("caption", table.caption).line_end().open("thead").open("tr");
  for (const std::string& column : table.columns) html.leaf("th", column, {{"scope", "col"}});
  html.close("tr").close("thead").line_end().open("tbody").line_end();
  for (const auto& row : table.rows) {
    html.open("tr");
    for (std::size_t i = 0; i < row.size(); ++i) add_cell(html, row[i], i == 0);
    html.close("tr").line_end();
  }
  html.close("tbody").close("table").close("div").line_end();
}

void add_entry(Markup& html, const Entry& entry) {
  html.open("article", {{"class", fmt::format("edge-{}", class_of(entry.tone))}});
  html.open("h3").leaf("span", marked(entry.tone, entry.word),
                       {{"class", fmt::format("badge {}", class_of(entry.tone))}});
  html.text(" ").text(entry.title).close("h3").line_end();
  if (!entry.text.empty()) {
    html.open("p").text(entry.text);
    if (entry.reference > 0)
      html.text(" ").leaf("a", fmt::format("[{}]", entry.reference),
                          {{"href", fmt::format("#source-{}", entry.reference)},
                           {"aria-label", fmt::format("Source {}", entry.reference)}});
    html.close("p").line_end();
  }
  add_facts(html, entry.facts);
  for (const Table& table : entry.tables) add_table(html, table);
  html.close("article").line_end();
}

void add_sources(Markup& html, const std::vector<std::string>& sources) {
  if (sources.empty()) return;
  html.open("ol", {{"class", "sources"}}).line_end();
  for (std::size_t i = 0; i < sources.size(); ++i)
    html.leaf("li", sources[i], {{"id", fmt::format("source-{}", i + 1)}}).line_end();
  html.close("ol").line_end();
}

void add_section(Markup& html, const Section& section) {
  const std::string heading = section.id + "-heading";
  html.open("section", {{"id", section.id}, {"aria-labelledby", heading}}).line_end();
  html.leaf("h2", section.title, {{"id", heading}}).line_end();
  for (const std::string& paragraph : section.paragraphs) html.leaf("p", paragraph).line_end();
  if (!section.picture.empty())
    html.open("div", {{"class", "picture"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", "Picture"}})
        .raw(section.picture)
        .close("div")
        .line_end();
  add_facts(html, section.facts);
  for (const Table& table : section.tables) add_table(html, table);
  for (const Entry& entry : section.entries) add_entry(html, entry);
  add_sources(html, section.sources);
  html.close("section").line_end();
}

/// It is XML too, so that any XML parser can find what is in it. Nothing is fetched, and nothing runs, even if a
/// browser were to find a way to.
void add_head(Markup& html, const Document& document) {
  html.raw("<!DOCTYPE html>\n").open("html", {{"lang", "en"}}).line_end().open("head").line_end();
  html.raw("<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
  html.raw(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n");
  html.leaf("title", fmt::format("{}: {}", document.title, document.verdict)).line_end();
  html.raw("<style>\n").raw(embedded::report_css).raw("</style>\n").close("head").line_end();
}

void add_header(Markup& html, const Document& document) {
  html.open("header").line_end().leaf("h1", document.title).line_end();
  html.open("p", {{"class", fmt::format("verdict {}", class_of(document.tone))}});
  html.leaf("strong", marked(document.tone, document.verdict)).text(" ").leaf("span", document.sentence).close("p");
  html.line_end();
  if (!document.counts.empty()) {
    html.open("ul", {{"class", "counts"}, {"aria-label", "Checks"}});
    for (const Cell& count : document.counts)
      html.leaf("li", marked(count.tone, count.text), {{"class", class_of(count.tone)}});
    html.close("ul").line_end();
  }
  add_facts(html, document.facts);
  html.close("header").line_end();
}

void add_contents(Markup& html, const Document& document) {
  html.open("nav", {{"aria-label", "Contents"}}).open("ul").line_end();
  for (const Section& section : document.sections)
    html.open("li").leaf("a", section.title, {{"href", "#" + section.id}}).close("li").line_end();
  html.close("ul").close("nav").line_end();
}

}  // namespace

std::string render_html(const Document& document) {
  Markup html;
  add_head(html, document);
  html.open("body").line_end().leaf("a", "Skip to the report", {{"class", "skip"}, {"href", "#report"}}).line_end();
  add_header(html, document);
  add_contents(html, document);
  html.open("main", {{"id", "report"}}).line_end();
  for (const Section& section : document.sections) add_section(html, section);
  return html.close("main").line_end().close("body").line_end().close("html").line_end().take();
}

}  // namespace pgpassage::app
