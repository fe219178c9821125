#include <fmt/format.h>

#include "migrate/validate/rules.hpp"

namespace pgpassage::migrate {

namespace {

Severity severity_of(ItemState state) {
  switch (state) {
    case ItemState::failed: return Severity::error;
    case ItemState::warning: return Severity::warning;
    case ItemState::succeeded: return Severity::info;
  }
  return Severity::error;
}

Cite cite_of(const ValidationRule& rule) {
  if (rule.document.empty()) return {};
  std::string section{rule.section};
  if (section.empty() && !rule.code.empty()) section = fmt::format("error code {}", rule.code);
  return {std::string{rule.document}, std::move(section), "2025-02"};
}

scenarios::CatalogueRule catalogue_rule(const ValidationRule& rule) {
  scenarios::CatalogueRule result;
  result.rule = {.id = std::string{rule.id},
                 .name = std::string{rule.name},
                 .title = std::string{rule.title},
                 .severity = severity_of(rule.severity),
                 .description = fmt::format("Asked of the servers before a migration; an item of {}.", rule.type),
                 .documented = std::string{rule.code},
                 .cite = cite_of(rule)};
  result.grade = rule.document.empty() ? scenarios::Grade::advice : scenarios::Grade::documented;
  if (!rule.code.empty()) result.numbers.emplace_back(rule.code);
  result.decided = scenarios::Decided::live;
  result.remedy.text = rule.cure;
  return result;
}

}  // namespace

std::span<const scenarios::CatalogueRule> catalogue_of_validation() {
  static const std::vector<scenarios::CatalogueRule> rules = [] {
    std::vector<scenarios::CatalogueRule> all;
    for (const ValidationRule& rule : validation_rules()) all.push_back(catalogue_rule(rule));
    return all;
  }();
  return rules;
}

}  // namespace pgpassage::migrate
