#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "app/report/compare/compare.hpp"
#include "app/report/json_text.hpp"
#include "app/version.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

constexpr std::array all_changes{Change::worse, Change::appeared, Change::better, Change::changed, Change::gone};

Tone tone_of(Standing standing) {
  switch (standing) {
    case Standing::good: return Tone::good;
    case Standing::accepted: return Tone::quiet;
    case Standing::caution: return Tone::caution;
    case Standing::undecided: return Tone::unsure;
    case Standing::bad: return Tone::bad;
  }
  return Tone::unsure;
}

std::string_view title_of(Change change) {
  switch (change) {
    case Change::worse: return "Worse";
    case Change::appeared: return "New";
    case Change::better: return "Better";
    case Change::changed: return "Changed, no better or worse";
    case Change::gone: return "Gone";
  }
  return "Changed";
}

Cell state_cell(const std::optional<JudgedItem>& item) {
  return item ? Cell{item->state, tone_of(item->standing)} : Cell{};
}

std::vector<Cell> row_of(const ChangedItem& item) {
  const JudgedItem& judged = item.after ? *item.after : *item.before;
  return {{judged.subject}, {judged.kind}, state_cell(item.before), state_cell(item.after), {judged.message}};
}

void add_report(std::vector<Fact>& facts, std::string label, const ReadReport& report) {
  facts.push_back({label, fmt::format("{}: {} {}", report.file, report.name, report.verdict)});
  std::string made = "SHA-256 " + report.sha256;
  for (const auto& [word, value] : {std::pair{"edition", report.edition}, std::pair{"made at", report.time},
                                    std::pair{"by pgpassage", report.tool}})
    if (!value.empty()) made += fmt::format(", {} {}", word, value);
  facts.push_back({std::move(label), std::move(made)});
}

json::value item_json(const std::optional<JudgedItem>& item) {
  if (!item) return nullptr;
  return json::object{{"state", json_string(item->state)}, {"message", json_string_or_null(item->message)}};
}

json::object change_json(const ChangedItem& item) {
  const JudgedItem& judged = item.after ? *item.after : *item.before;
  return {{"change", word_of(item.change)},
          {"kind", json_string(judged.kind)},
          {"subject", json_string(judged.subject)},
          {"before", item_json(item.before)},
          {"after", item_json(item.after)}};
}

json::object report_json(const ReadReport& report) {
  return {{"file", json_string(report.file)},
          {"sha256", json_string(report.sha256)},
          {"name", json_string(report.name)},
          {"verdict", json_string(report.verdict)},
          {"edition", json_string_or_null(report.edition)},
          {"time", json_string_or_null(report.time)},
          {"version", json_string_or_null(report.tool)}};
}

}  // namespace

Document comparison_document(const ReportComparison& comparison) {
  const bool worse = comparison.got_worse(), undecided = comparison.brought_undecided();
  Document document{.title = fmt::format("Comparison of two reports: {}", comparison.after.name),
                    .tone = worse       ? Tone::bad
                            : undecided ? Tone::unsure
                                        : Tone::good,
                    .verdict = worse       ? "WORSE"
                               : undecided ? "INCONCLUSIVE"
                                           : "NO WORSE",
                    .sentence = sentence_of(comparison)};
  add_report(document.facts, "Before", comparison.before);
  add_report(document.facts, "After", comparison.after);
  for (const Change change : all_changes) {
    Table table{std::string{title_of(change)}, {"Subject", "Kind", "Before", "After", "Said"}, {}};
    for (const ChangedItem& item : comparison.changes)
      if (item.change == change) table.rows.push_back(row_of(item));
    if (table.rows.empty()) continue;
    document.sections.push_back({.id = std::string{word_of(change)}, .title = std::string{title_of(change)}});
    document.sections.back().tables.push_back(std::move(table));
  }
  return document;
}

json::object comparison_json(const ReportComparison& comparison) {
  json::object summary;
  for (const Change change : all_changes)
    summary[word_of(change)] = std::ranges::count(comparison.changes, change, &ChangedItem::change);
  summary["same"] = comparison.same;
  json::array changes;
  for (const ChangedItem& item : comparison.changes) changes.push_back(change_json(item));
  return {{"schemaVersion", 1},
          {"tool", json::object{{"name", "pgpassage"}, {"version", json_string(version)}}},
          {"before", report_json(comparison.before)},
          {"after", report_json(comparison.after)},
          {"worse", comparison.got_worse()},
          {"summary", std::move(summary)},
          {"changes", std::move(changes)}};
}

}  // namespace pgpassage::app
