#include "scenarios/verdict/case_of.hpp"

#include <fmt/format.h>

namespace pgpassage::scenarios {
namespace {

std::string near_rows(const Case& checked) {
  std::string text;
  for (const MatrixRow* row : nearest_rows(checked.edition, checked.combination))
    text += fmt::format("{}{} ({})", text.empty() ? "" : "; ", row->id, row->title);
  return text;
}

/// For a remedy, which needs something to choose from.
std::string rows_to_choose_from(const Case& checked) {
  const std::string near = near_rows(checked);
  return near.empty() ? fmt::format("any that `pgpassage scenarios --edition {}` lists", checked.edition.id) : near;
}

std::string not_listed(const Case& checked) {
  const std::string near = near_rows(checked);
  return fmt::format("Edition {} has no row for {}{}{}", checked.edition.id, describe(checked.combination),
                     near.empty() ? "" : ". Nearest: ", near);
}

void judge_edition(Findings& findings, const Case& checked) {
  const std::string& file = checked.topology.edition;
  if (!file.empty() && file != checked.edition.id)
    judge_always(findings, checked, rules::edition_overridden, Outcome::holds,
                 {checked.topology.name, fmt::format("The file asks for edition {}; {} was asked for and is in force",
                                                     file, checked.edition.id)});
}

}  // namespace

Result<Case> case_of(const Topology& topology, std::string_view edition_id) {
  const Edition* edition = find_edition(edition_id);
  if (!edition)
    return fail_with_cure(Errc::input, fmt::format("Use one of {}", fmt::join(edition_ids(), ", ")),
                          "there is no documentation edition '{}'", edition_id);
  if (!topology.migration)
    return fail_with_cure(Errc::input, "Add a 'migration' with a name, a source and a target",
                          "topology '{}' describes no migration", topology.name);
  const Migration& migration = *topology.migration;
  const Server* source = find_server(topology, migration.source);
  const Server* target = find_server(topology, migration.target);
  if (!source || !target)
    return fail(Errc::input, "migration '{}' names a server that is not described", migration.name);
  const Server* runtime = migration.runtime_server.empty() ? nullptr : find_server(topology, migration.runtime_server);
  const Classification combination = classify(topology, *source, *target);
  return Case{topology, *edition, match(*edition, combination), combination, *source, *target, runtime};
}

Scenario scenario_of(const Case& checked) {
  Scenario scenario;
  if (!checked.row) {
    scenario.title = "Not listed: " + describe(checked.combination);
    scenario.cite = {checked.edition.document, "", checked.edition.id};
    for (const MatrixRow* row : nearest_rows(checked.edition, checked.combination))
      scenario.nearest.push_back(fmt::format("{} {}", row->id, row->title));
    return scenario;
  }
  scenario.id = checked.row->id;
  scenario.title = checked.row->title;
  scenario.supported = checked.row->supported;
  scenario.path = checked.row->path;
  if (scenario.supported && checked.runtime) scenario.path = Path::runtime_server;
  scenario.cite = checked.row->cite;
  return scenario;
}

void judge_scenario(Findings& findings, const Case& checked) {
  const std::string subject = checked.topology.migration->name;
  const Location location = checked.topology.migration->location;
  judge_edition(findings, checked);
  if (!checked.row)
    return judge_always(findings, checked, rules::scenario_listed, Outcome::broken,
                        {subject, not_listed(checked), {}, location, {{"rows", rows_to_choose_from(checked)}}});
  judge_always(findings, checked, rules::scenario_supported, checked.row->supported ? Outcome::holds : Outcome::broken,
               {subject,
                fmt::format("{} is row {}, which edition {} {}", describe(checked.combination), checked.row->id,
                            checked.edition.id, checked.row->supported ? "supports" : "does not support"),
                {},
                location});
}

}  // namespace pgpassage::scenarios
