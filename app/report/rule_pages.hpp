#pragma once

#include <span>
#include <string>
#include <vector>

#include "scenarios/rules/catalogue.hpp"

/// The catalogue as documents: a Markdown page a rule for docs/rules/, an index of them, and a page of the manual. They
/// are written from the same data that `rules` prints; a test holds files and data together. Pure.
namespace pgpassage::app {

/// One rule as the documents tell it.
struct RulePage {
  std::string id, name, title;
  std::string why;                                    ///< what goes wrong without it
  std::string weight;                                 ///< severity and grade, in words
  std::string numbers, editions;                      ///< of the documents; `numbers` may be empty
  std::vector<std::string> sources;                   ///< never empty
  std::vector<std::pair<std::string, Remedy>> cures;  ///< by cause; the first has none
  scenarios::RuleExample fails, passes;               ///< `file` empty: shown in words
};

RulePage rule_page_of(const scenarios::CatalogueRule& rule);

std::string render_rule_markdown(const RulePage& page);
/// Every page by its id, with what it checks.
std::string render_rule_index(std::span<const RulePage> pages);
/// pgpassage-rules(7).
std::string render_rule_manual(std::span<const RulePage> pages);

/// Every rule of checks and of validations.
std::vector<RulePage> all_rule_pages();

}  // namespace pgpassage::app
