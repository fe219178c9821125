#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/matrix_report.hpp"
#include "app/report/rules_report.hpp"
#include "app/suggest.hpp"
#include "migrate/validate/rules.hpp"

namespace pgpassage::app {
namespace {

using scenarios::CatalogueRule;

/// What is checked of the network first, then what is asked of the servers before a migration.
std::vector<CatalogueRule> every_rule() {
  const auto network = scenarios::all_rules();
  const auto servers = migrate::catalogue_of_validation();
  std::vector<CatalogueRule> rules{network.begin(), network.end()};
  rules.insert(rules.end(), servers.begin(), servers.end());
  return rules;
}

const CatalogueRule* find(std::string_view id_or_name) {
  if (const CatalogueRule* rule = scenarios::find_rule(id_or_name)) return rule;
  const auto rules = migrate::catalogue_of_validation();
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const CatalogueRule& rule) {
    return boost::algorithm::iequals(rule.rule.id, id_or_name) || rule.rule.name == id_or_name;
  });
  return found == rules.end() ? nullptr : &*found;
}

Error unknown_rule(const std::string& id) {
  std::vector<std::string> words;
  for (const CatalogueRule& rule : every_rule()) {
    words.push_back(rule.rule.id);
    words.push_back(rule.rule.name);
  }
  for (const scenarios::Requirement& requirement : scenarios::all_requirements()) words.push_back(requirement.number);
  const std::string likely = likely_meant(id, words);
  return {Errc::input,
          fmt::format("there is no rule '{}'", id),
          {},
          likely.empty() ? "'pgpassage rules' lists them" : fmt::format("did you mean '{}'?", likely)};
}

}  // namespace

int run(const CommonOptions& common, const RulesOptions& options) {
  const auto edition = edition_or_default(options.edition);
  if (!edition) return tell(common, edition.error());
  const bool json = common.format == Format::json;
  const std::string& id = (*edition)->id;
  if (options.id.empty())
    return finish(
        common, json ? render_rules_json(every_rule(), id) : render_rules_text(every_rule(), id, result_style(common)),
        ExitCode::success);
  if (const scenarios::Requirement* requirement = scenarios::find_requirement(options.id))
    return finish(common,
                  json ? render_requirement_json(*requirement, id)
                       : render_requirement_text(*requirement, id, result_style(common)),
                  ExitCode::success);
  const CatalogueRule* rule = find(options.id);
  if (rule == nullptr) return tell(common, unknown_rule(options.id));
  return finish(common, json ? render_rule_json(*rule, id) : render_rule_text(*rule, id, result_style(common)),
                ExitCode::success);
}

}  // namespace pgpassage::app
