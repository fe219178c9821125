#pragma once

#include <span>
#include <string>

#include "app/report/text_style.hpp"
#include "scenarios/rules/catalogue.hpp"

/// The rule catalogue for people and programs, as one edition sees it. Pure.
namespace pgpassage::app {

std::string render_rules_text(std::span<const scenarios::CatalogueRule> rules, const std::string& edition,
                              const TextStyle& style);
/// `{"edition", "rules": [...], "requirements": [{"number", "grade", "holds", "rows", "editions", "rules": [id]}]}`
std::string render_rules_json(std::span<const scenarios::CatalogueRule> rules, const std::string& edition);

/// One rule explained: what it checks, how much it matters, the cure, the document that says so, and an example that
/// fails beside one that passes.
std::string render_rule_text(const scenarios::CatalogueRule& rule, const std::string& edition, const TextStyle& style);
std::string render_rule_json(const scenarios::CatalogueRule& rule, const std::string& edition);

/// A number of the documents' own list: what must hold, which rows ask for it, and every rule that checks it,
/// explained.
std::string render_requirement_text(const scenarios::Requirement& requirement, const std::string& edition,
                                    const TextStyle& style);
/// The requirement as in the list, with `rules` as objects.
std::string render_requirement_json(const scenarios::Requirement& requirement, const std::string& edition);

/// "error when it fails; needed for packets to flow; decided by the file"
std::string weight_of(const scenarios::CatalogueRule& rule);

/// False for a command that the finding makes as a whole: it says nothing before.
bool shows_command(const std::string& command);

}  // namespace pgpassage::app
