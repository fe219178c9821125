#include "app/report/rules_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>

#include "app/report/check_json.hpp"
#include "app/report/check_text.hpp"
#include "app/report/json_text.hpp"
#include "app/report/shell_text.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

using scenarios::CatalogueRule;
using scenarios::Grade;

constexpr int detail_column = 13;

std::string_view word_of(Grade grade) {
  switch (grade) {
    case Grade::needed: return "needed";
    case Grade::documented: return "documented";
    case Grade::advice: return "advice";
  }
  return "needed";
}

std::string_view meaning_of(Grade grade) {
  switch (grade) {
    case Grade::needed: return "needed for packets to flow";
    case Grade::documented: return "written requirement";
    case Grade::advice: return "advice";
  }
  return "";
}

json::array strings_json(const std::vector<std::string>& strings) {
  json::array array;
  for (const std::string& text : strings) array.push_back(json_string(text));
  return array;
}

json::object rule_json(const CatalogueRule& rule, const std::string& edition) {
  return {{"id", json_string(rule.rule.id)},
          {"name", json_string(rule.rule.name)},
          {"title", json_string(rule.rule.title)},
          {"severity", to_string(rule.rule.severity)},
          {"grade", json_string(word_of(rule.grade))},
          {"description", json_string(rule.rule.description)},
          {"documented", strings_json(rule.numbers)},
          {"editions", strings_json(rule.editions)},
          {"mandatoryIn", strings_json(rule.mandatory_in)},
          {"holds", rule.holds_in(edition)},
          {"remedy",
           json::object{{"text", json_string(rule.remedy.text)}, {"azCli", json_string_or_null(rule.remedy.az_cli)}}},
          {"cite", cite_json(rule.cite(edition))}};
}

std::string editions_text(const CatalogueRule& rule) {
  std::string text = rule.editions.empty() ? "every edition" : fmt::format("{}", fmt::join(rule.editions, ", "));
  if (!rule.mandatory_in.empty()) text += fmt::format("; mandatory in {}", fmt::join(rule.mandatory_in, ", "));
  return text;
}

std::string detail(const TextStyle& style, std::string_view label, std::string_view text) {
  return text.empty() ? std::string{} : labelled(style, detail_column, fmt::format("  {}", label), text);
}

Tone tone_of(Severity severity) {
  switch (severity) {
    case Severity::error: return Tone::bad;
    case Severity::warning: return Tone::caution;
    case Severity::info: return Tone::quiet;
  }
  return Tone::plain;
}

}  // namespace

std::string render_rules_text(std::span<const CatalogueRule> rules, const std::string& edition,
                              const TextStyle& style) {
  std::string text =
      wrap(style, 0, fmt::format("Rules of edition {}; 'pgpassage rules ID' explains one", edition)) + "\n\n";
  for (const CatalogueRule& rule : rules) {
    if (!rule.holds_in(edition)) continue;
    const std::string severity = fmt::format("{:<7}", to_string(rule.rule.severity));
    text += fmt::format("  {}  {} {}\n", rule.rule.id, paint(style, tone_of(rule.rule.severity), severity),
                        wrap(style, 18, fmt::format("{}: {}", rule.rule.name, rule.rule.title)));
  }
  return text;
}

std::string render_rules_json(std::span<const CatalogueRule> rules, const std::string& edition) {
  json::array listed;
  for (const CatalogueRule& rule : rules)
    if (rule.holds_in(edition)) listed.push_back(rule_json(rule, edition));
  return json_text(json::object{{"edition", json_string(edition)}, {"rules", std::move(listed)}});
}

std::string render_rule_text(const CatalogueRule& rule, const std::string& edition, const TextStyle& style) {
  std::string text = fmt::format("{}  {}\n", paint(style, Tone::strong, rule.rule.id), printable(rule.rule.name));
  text += fmt::format("{}\n\n", wrap(style, 0, rule.rule.title));
  if (!rule.rule.description.empty()) text += fmt::format("  {}\n\n", wrap(style, 2, rule.rule.description));
  text += detail(style, "severity",
                 fmt::format("{} when it fails; {}", to_string(rule.rule.severity), meaning_of(rule.grade)));
  text += detail(style, "documented", fmt::format("{}", fmt::join(rule.numbers, ", ")));
  text += detail(style, "editions", editions_text(rule));
  text += detail(style, "cure", rule.remedy.text);
  if (!rule.remedy.az_cli.empty())
    text += fmt::format("  {:<11}{}\n", "az", shell_lines(style, detail_column, rule.remedy.az_cli));
  return text + detail(style, "source", cite_text(rule.cite(edition)));
}

std::string render_rule_json(const CatalogueRule& rule, const std::string& edition) {
  json::object object{{"edition", json_string(edition)}};
  for (auto& member : rule_json(rule, edition)) object.insert(member);
  return json_text(object);
}

}  // namespace pgpassage::app
