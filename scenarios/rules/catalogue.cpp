#include "scenarios/rules/catalogue.hpp"

#include <algorithm>
#include <cctype>

namespace pgpassage::scenarios {
namespace embedded {
extern const std::string_view documents_yaml;
extern const std::string_view requirements_yaml;
extern const std::string_view examples;
extern const std::string_view scenario_yaml;
extern const std::string_view network_yaml;
extern const std::string_view names_yaml;
extern const std::string_view live_yaml;
extern const std::string_view lint_yaml;
extern const std::string_view waivers_yaml;
}  // namespace embedded

namespace {

std::vector<CatalogueRule> read_all() {
  std::vector<CatalogueRule> rules;
  for (const std::string_view text : {embedded::scenario_yaml, embedded::network_yaml, embedded::names_yaml,
                                      embedded::live_yaml, embedded::lint_yaml, embedded::waivers_yaml})
    std::ranges::move(read_rules(text, embedded::documents_yaml, embedded::examples), std::back_inserter(rules));
  std::ranges::sort(rules, {}, [](const CatalogueRule& entry) { return entry.rule.id; });
  return rules;
}

bool same_id(std::string_view id, std::string_view asked) {
  return std::ranges::equal(
      id, asked, [](unsigned char left, unsigned char right) { return std::toupper(left) == std::toupper(right); });
}

}  // namespace

std::span<const CatalogueRule> all_rules() {
  static const std::vector<CatalogueRule> rules = read_all();
  return rules;
}

const CatalogueRule* find_rule(std::string_view id_or_name) {
  for (const CatalogueRule& entry : all_rules())
    if (entry.rule.name == id_or_name || same_id(entry.rule.id, id_or_name)) return &entry;
  return nullptr;
}

std::span<const Requirement> all_requirements() {
  static const std::vector<Requirement> requirements = read_requirements(embedded::requirements_yaml);
  return requirements;
}

const Requirement* find_requirement(std::string_view number) {
  for (const Requirement& requirement : all_requirements())
    if (same_id(requirement.number, number)) return &requirement;
  return nullptr;
}

std::vector<const CatalogueRule*> rules_of(std::string_view number) {
  std::vector<const CatalogueRule*> rules;
  for (const CatalogueRule& entry : all_rules())
    if (std::ranges::find(entry.numbers, number) != entry.numbers.end()) rules.push_back(&entry);
  return rules;
}

bool CatalogueRule::holds_in(std::string_view edition) const {
  return editions.empty() || std::ranges::find(editions, edition) != editions.end();
}

bool CatalogueRule::mandatory(std::string_view edition) const {
  return std::ranges::find(mandatory_in, edition) != mandatory_in.end();
}

Cite CatalogueRule::cite(std::string_view edition) const {
  const auto found = cite_in.find(edition);
  if (found != cite_in.end()) return found->second;
  Cite result = rule.cite;
  if (!result.document.empty()) result.edition = edition;
  return result;
}

const Remedy& CatalogueRule::remedy_of(std::string_view cause) const {
  const auto found = remedy_for.find(cause);
  return found != remedy_for.end() ? found->second : remedy;
}

std::string fill(std::string_view text, const Names& names) {
  std::string result;
  while (true) {
    const std::size_t open = text.find('{');
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return result.append(text);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    result.append(text.substr(0, open));
    const auto value = std::ranges::find(names, name, &Names::value_type::first);
    result.append(value != names.end() ? value->second : '<' + std::string{name} + '>');
    text.remove_prefix(close + 1);
  }
}

}  // namespace pgpassage::scenarios
