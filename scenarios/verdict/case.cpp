#include "scenarios/verdict/case.hpp"

#include <algorithm>
#include <stdexcept>

namespace pgpassage::scenarios {
namespace {

const CatalogueRule& rule_named(std::string_view name) {
  const CatalogueRule* rule = find_rule(name);
  if (!rule) throw std::logic_error("no rule '" + std::string{name} + "' in the catalogue");
  return *rule;
}

bool asked_for(const Case& checked, const CatalogueRule& rule) {
  return rule.numbers.empty() ||
         std::ranges::any_of(rule.numbers, [&](const std::string& number) { return checked.asks_for(number); });
}

Cite cite_of(const Case& checked, const CatalogueRule& rule) {
  if (rule.cites_row && checked.row && !rule.cite_in.contains(checked.edition.id)) return checked.row->cite;
  return rule.cite(checked.edition.id);
}

/// A command that lacks a name is no command.
std::string command(const Remedy& remedy, const Names& names) {
  std::string text = fill(remedy.az_cli, names);
  return text.find('<') == std::string::npos ? text : std::string{};
}

Remedy remedy_for(const CatalogueRule& rule, Outcome outcome, const Statement& statement) {
  if (statement.remedy) return *statement.remedy;
  const bool of_cause = rule.remedy_for.contains(statement.cause);
  const Remedy& remedy = rule.remedy_of(!of_cause && outcome == Outcome::undecided ? "unknown" : statement.cause);
  return {fill(remedy.text, statement.names), command(remedy, statement.names)};
}

/// The same thing met by two flows is one finding that speaks of both.
bool merged(Findings& findings, const Finding& finding) {
  const auto same = [&](const Finding& other) {
    return other.rule == finding.rule && other.status == finding.status && other.subject == finding.subject &&
           other.remedy == finding.remedy && finding.status != Status::passed;
  };
  const auto found = std::ranges::find_if(findings, same);
  if (found == findings.end()) return false;
  if (found->message != finding.message) found->evidence.push_back(finding.message);
  return true;
}

}  // namespace

bool Case::asks_for(std::string_view number) const {
  return row && std::ranges::find(row->requirements, number) != row->requirements.end();
}

Status status_of(const CatalogueRule& rule, Outcome outcome, std::string_view edition) {
  const bool decides = rule.grade == Grade::needed || rule.mandatory(edition);
  switch (outcome) {
    case Outcome::holds: return Status::passed;
    case Outcome::broken: return decides ? Status::failed : Status::warning;
    case Outcome::undecided: return decides ? Status::unknown : Status::skipped;
    case Outcome::not_described:
    case Outcome::replaced: return Status::skipped;
  }
  return Status::unknown;
}

void judge_always(Findings& findings, const Case& checked, std::string_view name, Outcome outcome,
                  Statement statement) {
  const CatalogueRule& rule = rule_named(name);
  Finding finding{.rule = &rule.rule,
                  .status = status_of(rule, outcome, checked.edition.id),
                  .subject = std::move(statement.subject),
                  .message = std::move(statement.message),
                  .evidence = std::move(statement.evidence),
                  .remedy = {},
                  .location = statement.location,
                  .cite = cite_of(checked, rule)};
  if (outcome != Outcome::holds && outcome != Outcome::replaced) finding.remedy = remedy_for(rule, outcome, statement);
  if (!merged(findings, finding)) findings.push_back(std::move(finding));
}

void judge(Findings& findings, const Case& checked, std::string_view name, Outcome outcome, Statement statement) {
  const CatalogueRule& rule = rule_named(name);
  if (rule.holds_in(checked.edition.id) && asked_for(checked, rule))
    judge_always(findings, checked, name, outcome, std::move(statement));
}

}  // namespace pgpassage::scenarios
