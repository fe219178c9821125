#include <boost/json.hpp>
#include <stdexcept>

#include "scenarios/matrix/matrix.hpp"
#include "scenarios/rules/catalogue.hpp"

namespace pgpassage::scenarios {
namespace {

namespace json = boost::json;

std::string text(const json::object& members, std::string_view key) {
  const json::value* value = members.if_contains(key);
  return value ? std::string{value->as_string()} : std::string{};
}

std::string required(const json::object& members, std::string_view key) {
  return std::string{members.at(key).as_string()};
}

std::vector<std::string> list(const json::object& members, std::string_view key) {
  std::vector<std::string> items;
  if (const json::value* value = members.if_contains(key))
    for (const json::value& item : value->as_array()) items.emplace_back(item.as_string());
  return items;
}

Severity severity_of(std::string_view text) {
  for (const Severity value : {Severity::error, Severity::warning, Severity::info})
    if (text == to_string(value)) return value;
  throw std::invalid_argument("severity '" + std::string{text} + "' in the rule catalogue");
}

Grade grade_of(std::string_view text) {
  if (text == "H") return Grade::needed;
  if (text == "D") return Grade::documented;
  if (text == "A") return Grade::advice;
  throw std::invalid_argument("grade '" + std::string{text} + "' in the rule catalogue");
}

Decided decided_of(std::string_view text) {
  if (text.empty() || text == "file") return Decided::by_file;
  if (text == "live") return Decided::live;
  if (text == "reminder") return Decided::reminder;
  if (text == "waivers") return Decided::by_waivers;
  throw std::invalid_argument("decided '" + std::string{text} + "' in the rule catalogue");
}

Remedy remedy_of(const json::value& value) {
  const json::object& remedy = value.as_object();
  return {required(remedy, "text"), text(remedy, "az")};
}

RuleExample example_of(const json::object& examples, std::string_view rule, std::string_view side) {
  const json::value* pair = examples.if_contains(rule);
  if (!pair) return {};
  const json::object& example = pair->as_object().at(side).as_object();
  return {required(example, "file"), required(example, "text")};
}

/// "C13, S11-4" as two numbers.
std::vector<std::string> numbers_of(std::string_view documented) {
  std::vector<std::string> numbers;
  while (!documented.empty()) {
    const std::size_t comma = documented.find(", ");
    numbers.emplace_back(documented.substr(0, comma));
    documented = comma == std::string_view::npos ? std::string_view{} : documented.substr(comma + 2);
  }
  return numbers;
}

Cite cite_of(const json::object& cite, const json::object& documents, std::string_view edition) {
  return {required(documents, required(cite, "document")), required(cite, "section"), std::string{edition}};
}

void add_remedies(CatalogueRule& rule, const json::object& members) {
  rule.remedy = remedy_of(members.at("remedy"));
  if (const json::value* causes = members.if_contains("remedyFor"))
    for (const auto& [cause, remedy] : causes->as_object()) rule.remedy_for.emplace(cause, remedy_of(remedy));
}

void add_cites(CatalogueRule& rule, const json::object& members, const json::object& documents) {
  const json::value* cite = members.if_contains("cite");
  rule.own = cite != nullptr && cite->is_string() && cite->as_string() == "own";
  if (cite != nullptr && !rule.own) {
    rule.rule.cite = cite_of(cite->as_object(), documents, default_edition);
    rule.cites_row = cite->as_object().contains("ofRow");
  }
  if (const json::value* cites = members.if_contains("citeIn"))
    for (const auto& [edition, its_cite] : cites->as_object())
      rule.cite_in.emplace(edition, cite_of(its_cite.as_object(), documents, edition));
}

CatalogueRule rule_of(const json::object& members, const json::object& documents, const json::object& examples) {
  CatalogueRule result;
  result.rule.id = required(members, "id");
  result.rule.name = required(members, "name");
  result.rule.title = required(members, "title");
  result.rule.severity = severity_of(required(members, "severity"));
  result.rule.description = required(members, "description");
  result.rule.documented = text(members, "documented");
  result.grade = grade_of(required(members, "grade"));
  result.numbers = numbers_of(result.rule.documented);
  result.editions = list(members, "editions");
  result.mandatory_in = list(members, "mandatoryIn");
  result.decided = decided_of(text(members, "decided"));
  result.fails = example_of(examples, result.rule.name, "fails");
  result.passes = example_of(examples, result.rule.name, "passes");
  add_remedies(result, members);
  add_cites(result, members, documents);
  return result;
}

}  // namespace

std::vector<CatalogueRule> read_rules(std::string_view text, std::string_view documents, std::string_view examples) {
  const json::value titles = json::parse(documents);
  const json::value shown = json::parse(examples);
  const json::value entries = json::parse(text);
  std::vector<CatalogueRule> rules;
  for (const json::value& entry : entries.as_array())
    rules.push_back(rule_of(entry.as_object(), titles.as_object(), shown.as_object()));
  return rules;
}

std::vector<Requirement> read_requirements(std::string_view text) {
  const json::value entries = json::parse(text);
  std::vector<Requirement> requirements;
  for (const auto& [number, entry] : entries.as_object())
    requirements.push_back({number, required(entry.as_object(), "grade"), required(entry.as_object(), "holds")});
  return requirements;
}

}  // namespace pgpassage::scenarios
