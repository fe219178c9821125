#include "app/report/rule_pages.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/report/rules_report.hpp"
#include "app/report/wording.hpp"
#include "migrate/validate/rules.hpp"
#include "scenarios/matrix/matrix.hpp"
#include "scenarios/rules/shown.hpp"

namespace pgpassage::app {
namespace {

using scenarios::CatalogueRule;

std::string editions_of(const CatalogueRule& rule) {
  std::string text = rule.editions.empty() ? "every edition" : fmt::format("{}", fmt::join(rule.editions, ", "));
  if (!rule.mandatory_in.empty()) text += fmt::format("; an error in {}", fmt::join(rule.mandatory_in, ", "));
  return text;
}

/// The newest citation first; the same passage once, whatever editions have it.
std::vector<std::string> sources_of(const CatalogueRule& rule) {
  std::vector<std::string> sources;
  const auto add = [&](Cite cite) {
    cite.edition.clear();
    const std::string text = cite_text(cite);
    if (std::ranges::find(sources, text) == sources.end()) sources.push_back(text);
  };
  add(rule.rule.cite);
  for (const auto& [edition, cite] : rule.cite_in) add(cite);
  if (rule.cites_row) sources.emplace_back("the section of the scenario that is judged, in each edition");
  return sources;
}

}  // namespace

RulePage rule_page_of(const CatalogueRule& rule) {
  RulePage page{.id = rule.rule.id,
                .name = rule.rule.name,
                .title = rule.rule.title,
                .why = rule.rule.description.empty() ? rule.rule.title + "." : rule.rule.description,
                .weight = weight_of(rule),
                .numbers = rule.rule.documented,
                .editions = editions_of(rule),
                .sources = sources_of(rule)};
  const scenarios::ShownExamples examples = examples_of(rule);
  page.fails = examples.fails;
  page.passes = examples.passes;
  page.cures.emplace_back("", rule.remedy);
  for (const auto& [cause, remedy] : rule.remedy_for) page.cures.emplace_back(cause, remedy);
  return page;
}

std::vector<RulePage> all_rule_pages() {
  std::vector<RulePage> pages;
  for (const CatalogueRule& rule : scenarios::all_rules()) pages.push_back(rule_page_of(rule));
  for (const CatalogueRule& rule : migrate::catalogue_of_validation()) pages.push_back(rule_page_of(rule));
  return pages;
}

}  // namespace pgpassage::app
