#pragma once

#include <string>
#include <vector>

#include "scenarios/rules/catalogue.hpp"

namespace pgpassage::scenarios {

/// What a rule finds wrong and what it finds in order: lines of a case file, or, without a file, words.
struct ShownExamples {
  RuleExample fails, passes;
};

/// The rule's cases, or for one that no topology file decides (the validations of migrations too) what
/// scenarios/rules/shown.yaml says.
ShownExamples examples_of(const CatalogueRule& rule);

/// The ids of the rules that shown.yaml speaks of.
std::vector<std::string> rules_shown_in_words();

}  // namespace pgpassage::scenarios
