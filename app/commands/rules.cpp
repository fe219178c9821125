#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/matrix_report.hpp"
#include "app/report/rules_report.hpp"
#include "app/suggest.hpp"

namespace pgpassage::app {
namespace {

Error unknown_rule(const std::string& id) {
  std::vector<std::string> words;
  for (const scenarios::CatalogueRule& rule : scenarios::all_rules()) {
    words.push_back(rule.rule.id);
    words.push_back(rule.rule.name);
  }
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
    return finish(common, json ? render_rules_json(id) : render_rules_text(id, result_style(common)),
                  ExitCode::success);
  const scenarios::CatalogueRule* rule = scenarios::find_rule(options.id);
  if (rule == nullptr) return tell(common, unknown_rule(options.id));
  return finish(common, json ? render_rule_json(*rule, id) : render_rule_text(*rule, id, result_style(common)),
                ExitCode::success);
}

}  // namespace pgpassage::app
