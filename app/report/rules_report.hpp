#pragma once

#include <span>
#include <string>

#include "app/report/text_style.hpp"
#include "scenarios/rules/catalogue.hpp"

/// The rule catalogue for people and programs, as one edition sees it. Pure.
namespace pgpassage::app {

std::string render_rules_text(std::span<const scenarios::CatalogueRule> rules, const std::string& edition,
                              const TextStyle& style);
/// `{"edition", "rules": [...]}`
std::string render_rules_json(std::span<const scenarios::CatalogueRule> rules, const std::string& edition);

/// One rule explained: what it checks, how much it matters, the cure, and the document that says so.
std::string render_rule_text(const scenarios::CatalogueRule& rule, const std::string& edition, const TextStyle& style);
std::string render_rule_json(const scenarios::CatalogueRule& rule, const std::string& edition);

}  // namespace pgpassage::app
