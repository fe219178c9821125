#include "app/report/rules_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

#include "app/report/check_json.hpp"
#include "app/report/check_text.hpp"
#include "app/report/json_text.hpp"
#include "app/report/shell_text.hpp"
#include "scenarios/matrix/matrix.hpp"
#include "scenarios/rules/shown.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

using scenarios::CatalogueRule;
using scenarios::Decided;
using scenarios::Grade;
using scenarios::Requirement;
using scenarios::RuleExample;

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

std::string_view word_of(Decided decided) {
  switch (decided) {
    case Decided::by_file: return "file";
    case Decided::live: return "live";
    case Decided::reminder: return "reminder";
    case Decided::by_waivers: return "waivers";
  }
  return "file";
}

std::string_view meaning_of(Decided decided) {
  switch (decided) {
    case Decided::by_file: return "decided by the file";
    case Decided::live: return "decided by the real network";
    case Decided::reminder: return "a reminder or a note";
    case Decided::by_waivers: return "decided by the file of waivers";
  }
  return "";
}

std::string_view meaning_of(std::string_view grade) {
  if (grade == "H") return meaning_of(Grade::needed);
  if (grade == "D") return meaning_of(Grade::documented);
  if (grade == "A") return meaning_of(Grade::advice);
  return "one rule that is needed for packets to flow, one that is a written requirement";
}

/// The rows of an edition that ask for a requirement.
std::vector<std::string> rows_with(const Requirement& requirement, std::string_view edition) {
  std::vector<std::string> rows;
  for (const scenarios::MatrixRow& row : scenarios::find_edition(edition)->rows)
    if (std::ranges::find(row.requirements, requirement.number) != row.requirements.end()) rows.push_back(row.id);
  return rows;
}

std::vector<std::string> editions_with(const Requirement& requirement) {
  std::vector<std::string> editions;
  for (const std::string_view edition : scenarios::edition_ids())
    if (!rows_with(requirement, edition).empty()) editions.emplace_back(edition);
  return editions;
}

json::object remedy_json(const Remedy& remedy) {
  return {{"text", json_string(remedy.text)}, {"azCli", json_string_or_null(remedy.az_cli)}};
}

json::object remedies_json(const CatalogueRule& rule) {
  json::object remedies;
  for (const auto& [cause, remedy] : rule.remedy_for) remedies.emplace(cause, remedy_json(remedy));
  return remedies;
}

json::value example_json(const RuleExample& example) {
  if (example.text.empty()) return nullptr;
  return json::object{{"file", json_string_or_null(example.file)}, {"text", json_string(example.text)}};
}

json::object examples_json(const CatalogueRule& rule) {
  const scenarios::ShownExamples examples = examples_of(rule);
  return {{"fails", example_json(examples.fails)}, {"passes", example_json(examples.passes)}};
}

json::object requirement_json(const Requirement& requirement, const std::string& edition) {
  std::vector<std::string> ids;
  for (const CatalogueRule* rule : scenarios::rules_of(requirement.number)) ids.push_back(rule->rule.id);
  return {{"number", json_string(requirement.number)},
          {"grade", json_string(requirement.grade)},
          {"holds", json_string(requirement.holds)},
          {"rows", strings_json(rows_with(requirement, edition))},
          {"editions", strings_json(editions_with(requirement))},
          {"rules", strings_json(ids)}};
}

json::object rule_json(const CatalogueRule& rule, const std::string& edition) {
  return {{"id", json_string(rule.rule.id)},
          {"name", json_string(rule.rule.name)},
          {"title", json_string(rule.rule.title)},
          {"severity", to_string(rule.rule.severity)},
          {"grade", json_string(word_of(rule.grade))},
          {"decided", json_string(word_of(rule.decided))},
          {"description", json_string(rule.rule.description)},
          {"documented", strings_json(rule.numbers)},
          {"editions", strings_json(rule.editions)},
          {"mandatoryIn", strings_json(rule.mandatory_in)},
          {"holds", rule.holds_in(edition)},
          {"remedy", remedy_json(rule.remedy)},
          {"remedyFor", remedies_json(rule)},
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

std::string requirement_line(const Requirement& requirement, const std::string& edition, const TextStyle& style) {
  std::string ids;
  for (const CatalogueRule* rule : scenarios::rules_of(requirement.number))
    if (rule->holds_in(edition)) ids += (ids.empty() ? "" : ", ") + rule->rule.id;
  return fmt::format("  {:<5}  {:<3}  {}\n", requirement.number, requirement.grade,
                     wrap(style, 14, fmt::format("{} ({})", requirement.holds, ids)));
}

std::string remedy_text(const TextStyle& style, std::string_view label, const std::string& cause,
                        const Remedy& remedy) {
  std::string text = detail(style, label, cause + remedy.text);
  if (shows_command(remedy.az_cli))
    text += fmt::format("  {:<11}{}\n", "az", shell_lines(style, detail_column, remedy.az_cli));
  return text;
}

std::string example_text(const TextStyle& style, std::string_view label, const RuleExample& example) {
  if (example.file.empty()) return detail(style, label, example.text);
  std::string text = detail(style, label, example.file);
  std::string_view rest = example.text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    text += fmt::format("    {}\n", paint(style, Tone::quiet, printable(rest.substr(0, end))));
    rest.remove_prefix(end + 1);
  }
  return text;
}

}  // namespace

std::string weight_of(const CatalogueRule& rule) {
  return fmt::format("{} when it fails; {}; {}", to_string(rule.rule.severity), meaning_of(rule.grade),
                     meaning_of(rule.decided));
}

bool shows_command(const std::string& command) { return !command.empty() && !command.starts_with('{'); }

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
  text += "\nThe documents' own list; the rules that check each are named with it\n\n";
  for (const Requirement& requirement : scenarios::all_requirements())
    if (!rows_with(requirement, edition).empty()) text += requirement_line(requirement, edition, style);
  return text;
}

std::string render_rules_json(std::span<const CatalogueRule> rules, const std::string& edition) {
  json::array listed;
  for (const CatalogueRule& rule : rules)
    if (rule.holds_in(edition)) listed.push_back(rule_json(rule, edition));
  json::array requirements;
  for (const Requirement& requirement : scenarios::all_requirements())
    requirements.push_back(requirement_json(requirement, edition));
  return json_text(json::object{
      {"edition", json_string(edition)}, {"rules", std::move(listed)}, {"requirements", std::move(requirements)}});
}

std::string render_rule_text(const CatalogueRule& rule, const std::string& edition, const TextStyle& style) {
  std::string text = fmt::format("{}  {}\n", paint(style, Tone::strong, rule.rule.id), printable(rule.rule.name));
  text += fmt::format("{}\n\n", wrap(style, 0, rule.rule.title));
  if (!rule.rule.description.empty()) text += fmt::format("  {}\n\n", wrap(style, 2, rule.rule.description));
  text += detail(style, "severity", weight_of(rule));
  text += detail(style, "documented", fmt::format("{}", fmt::join(rule.numbers, ", ")));
  text += detail(style, "editions", editions_text(rule));
  text += remedy_text(style, "cure", "", rule.remedy);
  for (const auto& [cause, remedy] : rule.remedy_for) text += remedy_text(style, "or", cause + ": ", remedy);
  text += detail(style, "source", cite_text(rule.cite(edition)));
  const scenarios::ShownExamples examples = examples_of(rule);
  return text + example_text(style, "fails", examples.fails) + example_text(style, "passes", examples.passes);
}

std::string render_rule_json(const CatalogueRule& rule, const std::string& edition) {
  json::object object{{"edition", json_string(edition)}};
  for (auto& member : rule_json(rule, edition)) object.insert(member);
  object["examples"] = examples_json(rule);
  return json_text(object);
}

std::string render_requirement_text(const Requirement& requirement, const std::string& edition,
                                    const TextStyle& style) {
  const std::vector<std::string> rows = rows_with(requirement, edition);
  std::string text =
      fmt::format("{}\n{}\n\n", paint(style, Tone::strong, requirement.number), wrap(style, 0, requirement.holds));
  text += detail(style, "grade", fmt::format("{}: {}", requirement.grade, meaning_of(requirement.grade)));
  text += detail(style, "asked by",
                 rows.empty() ? fmt::format("no row of edition {}", edition)
                              : fmt::format("{} in edition {}", fmt::join(rows, ", "), edition));
  text += detail(style, "editions", fmt::format("{}", fmt::join(editions_with(requirement), ", ")));
  for (const CatalogueRule* rule : scenarios::rules_of(requirement.number))
    text += '\n' + render_rule_text(*rule, edition, style);
  return text;
}

std::string render_requirement_json(const Requirement& requirement, const std::string& edition) {
  json::object object{{"edition", json_string(edition)}};
  for (auto& member : requirement_json(requirement, edition)) object.insert(member);
  json::array rules;
  for (const CatalogueRule* rule : scenarios::rules_of(requirement.number)) {
    json::object explained = rule_json(*rule, edition);
    explained["examples"] = examples_json(*rule);
    rules.push_back(std::move(explained));
  }
  object["rules"] = std::move(rules);
  return json_text(object);
}

}  // namespace pgpassage::app
