#pragma once

#include <span>
#include <string_view>

#include "migrate/state/record.hpp"
#include "scenarios/rules/catalogue.hpp"

/// The catalogue of premigration rules. Pure.
namespace pgpassage::migrate {

struct ValidationRule {
  std::string_view id;    ///< stable
  std::string_view name;  ///< stable, kebab-case
  std::string_view title;
  std::string_view type;  ///< the service's item type
  std::string_view code;  ///< of the documents' known errors; empty when the rule is ours
  ItemState severity;     ///< when it does not hold; succeeded: good to know, and no problem
  std::string_view cure;
  std::string_view document;  ///< its public title; empty when the rule is pgpassage's own reasoning
  std::string_view section;
};

std::span<const ValidationRule> validation_rules();
const ValidationRule& validation_rule(std::string_view id);  ///< the id must exist

/// The same rules as the catalogue's, for `pgpassage rules`.
std::span<const scenarios::CatalogueRule> catalogue_of_validation();

}  // namespace pgpassage::migrate
