#include "app/report/migration_document.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <deque>
#include <map>

#include "app/report/migration_report.hpp"
#include "app/report/migration_wording.hpp"

namespace pgpassage::app {
using namespace migrate;
namespace {

Tone work_tone(WorkState state) {
  switch (state) {
    case WorkState::succeeded: return Tone::good;
    case WorkState::failed: return Tone::bad;
    case WorkState::canceled: return Tone::caution;
    default: return Tone::quiet;
  }
}

Tone item_tone(ItemState state) {
  switch (state) {
    case ItemState::succeeded: return Tone::good;
    case ItemState::failed: return Tone::bad;
    case ItemState::warning: return Tone::caution;
  }
  return Tone::unsure;
}

Tone result_tone(const VerificationRecord& record) {
  if (!record.compared) return Tone::unsure;
  return record.identical ? Tone::good : Tone::bad;
}

std::vector<std::string> lines_of(std::string_view text) {
  const auto lines = pieces_of(text, '\n');
  return {lines.begin(), lines.end()};
}

void add_trouble(std::vector<Fact>& facts, const std::string& of, const Trouble& trouble) {
  if (trouble.empty()) return;
  const std::string code = trouble.sqlstate.empty() ? "" : fmt::format(" ({})", trouble.sqlstate);
  facts.push_back({of, trouble.message + code});
  if (!trouble.cure.empty()) facts.push_back({"Cure", trouble.cure});
}

std::vector<Fact> document_facts(const MigrationDetail& detail) {
  std::vector<Fact> facts;
  add_trouble(facts, "Error", detail.migration.error);
  for (const auto& [label, text] : facts_of(detail.migration)) facts.push_back({label, text});
  const auto& databases = detail.migration.request.databases;
  facts.push_back({"Databases", databases.empty() ? "every database" : fmt::format("{}", fmt::join(databases, ", "))});
  for (const std::string& sentence : detail.remaining) facts.push_back({"Remains", sentence});
  return facts;
}

Section databases_section(const MigrationDetail& detail) {
  Section section{.id = "databases", .title = "Databases"};
  Table table{"Databases", {"Database", "State", "Phase", "Tables", "Rows", "Data", "Rate", "Started", "Ended"}, {}};
  for (const DatabaseRecord& database : detail.databases) {
    table.rows.push_back({{database.name},
                          {state_text(database.state, ended(detail.migration.stage.state)), work_tone(database.state)},
                          {database.phase},
                          {fmt::format("{} of {}", database.tables_done, database.tables_total)},
                          {std::to_string(database.rows_done)},
                          {data_text(database)},
                          {database.bytes_per_second > 0 ? bytes_text(database.bytes_per_second) + "/s" : ""},
                          {database.started ? utc_text(*database.started) : ""},
                          {database.ended ? utc_text(*database.ended) : ""}});
    add_trouble(section.facts, fmt::format("Error of {}", database.name), database.error);
  }
  if (!table.rows.empty()) section.tables.push_back(std::move(table));
  return section;
}

std::string validated_in(const ValidationRecord& item) {
  return item.database.empty() ? "servers" : "database " + item.database;
}

/// Of what is in order a line is enough.
std::vector<Cell> row_of(const ValidationRecord& item) {
  return {{fmt::format("{} {}", item.rule, item.name), Tone::plain},
          {validated_in(item)},
          {item.subject},
          {item.type},
          {item.message},
          {fmt::format("{}", fmt::join(lines_of(item.evidence), "; "))}};
}

/// What a person has to do something about.
Section validation_section(const MigrationDetail& detail) {
  Section section{.id = "validation", .title = "Validation"};
  section.of_findings = true;
  for (const ValidationRecord& item : detail.validations) {
    if (item.state == ItemState::succeeded) continue;
    Entry entry{item_tone(item.state), to_string(item.state),
                fmt::format("{} {}, {}", item.rule, item.name, item.subject), item.message};
    entry.facts.push_back({"Of", validated_in(item)});
    entry.facts.push_back({"Type", item.type});
    if (!item.code.empty()) entry.facts.push_back({"Code", item.code});
    for (const std::string& line : lines_of(item.evidence)) entry.facts.push_back({"Evidence", line});
    if (!item.cure.empty()) entry.facts.push_back({"Remedy", item.cure});
    section.entries.push_back(std::move(entry));
  }
  return section;
}

Section validated_section(const MigrationDetail& detail) {
  Section section{.id = "validated", .title = "Validated and in order"};
  section.of_findings = true;
  Table table{section.title, {"Rule", "Of", "Subject", "Type", "Found", "Evidence"}, {}};
  for (const ValidationRecord& item : detail.validations)
    if (item.state == ItemState::succeeded) table.rows.push_back(row_of(item));
  if (!table.rows.empty()) section.tables.push_back(std::move(table));
  return section;
}

Section tables_section(const MigrationDetail& detail) {
  Section section{.id = "tables", .title = "Tables"};
  Table table{"Tables that were copied", {"Table", "Database", "State", "Rows", "Size", "Took", "Error"}, {}};
  for (const TableRecord& record : detail.tables)
    table.rows.push_back({{record.table},
                          {record.database},
                          {state_text(record.state, ended(detail.migration.stage.state)), work_tone(record.state)},
                          {std::to_string(record.rows)},
                          {bytes_text(static_cast<double>(record.bytes))},
                          {record.took.count() > 0 ? duration_text(record.took) : ""},
                          {record.error}});
  if (!table.rows.empty()) section.tables.push_back(std::move(table));
  return section;
}

/// The table that a person signs, and every difference.
Section verification_section(std::string id, std::string title, const Verification& found) {
  Section section{.id = std::move(id), .title = std::move(title)};
  section.paragraphs.push_back(found.items.empty()
                                   ? "Nothing was compared."
                                   : fmt::format("Source and target: {}.", agreement_text(found.items)));
  Table table{section.title,
              {"Compared", "Database", "Rows of the source", "Rows of the target", "Result",
               "Content hash of the source", "Content hash of the target"},
              {}};
  for (const VerificationRecord& record : found.items) {
    table.rows.push_back({{item_name(record)},
                          {record.database},
                          {std::to_string(record.source_rows)},
                          {std::to_string(record.target_rows)},
                          {state_of(record), result_tone(record)},
                          {record.source_hash},
                          {record.target_hash}});
    for (const std::string& line : lines_of(record.difference))
      section.facts.push_back({fmt::format("{} {}", record.database, item_name(record)), line});
  }
  if (!table.rows.empty()) section.tables.push_back(std::move(table));
  for (const std::string& note : found.notes) section.facts.push_back({"Note", note});
  return section;
}

Section timeline_section(const MigrationDetail& detail) {
  Section section{.id = "timeline", .title = "What happened"};
  Table table{"Timeline, in UTC", {"Time", "Event"}, {}};
  for (const EventRecord& event : detail.events) table.rows.push_back({{utc_text(event.time)}, {event.text}});
  if (!table.rows.empty()) section.tables.push_back(std::move(table));
  return section;
}

Document document_of(const MigrationDetail& detail, Time now) {
  const MigrationRecord& record = detail.migration;
  Document document{.title = fmt::format("Migration report: {}", record.request.name),
                    .tone = tone_of(record.stage.state),
                    .verdict = to_string(record.stage.state),
                    .sentence = verdict_sentence(record, now) + " " + later_sentence(detail.later_verifications),
                    .facts = document_facts(detail)};
  while (document.sentence.ends_with(' ') || document.sentence.ends_with('\n')) document.sentence.pop_back();
  const auto add = [&](Section section) {
    if (!section.tables.empty() || !section.entries.empty() || !section.paragraphs.empty())
      document.sections.push_back(std::move(section));
  };
  add(databases_section(detail));
  add(validation_section(detail));
  add(validated_section(detail));
  add(tables_section(detail));
  add(verification_section("verification", "Verification", detail.verification));
  for (std::size_t i = 0; i < detail.later_verifications.size(); ++i) {
    const LaterVerification& later = detail.later_verifications[i];
    add(verification_section(fmt::format("verification-{}", i + 1),
                             fmt::format("Verified again at {}", utc_text(later.time)), later.found));
  }
  add(timeline_section(detail));
  return document;
}

/// Rules that are no catalogue's: those that the validations and the comparison name.
class Rules {
 public:
  const Rule* of(const std::string& id, const std::string& name, const std::string& title) {
    const auto [known, added] = by_id_.try_emplace(id, nullptr);
    if (added) {
      rules_.push_back({id, name, title, Severity::error, title, {}, {}});
      known->second = &rules_.back();
    }
    return known->second;
  }

 private:
  std::deque<Rule> rules_;  // grows without moving
  std::map<std::string, const Rule*> by_id_;
};

Finding finding_of(const ValidationRecord& item, Rules& rules) {
  Finding finding{.rule = rules.of(item.rule, item.name, item.type)};
  finding.status = item.state == ItemState::succeeded ? Status::passed
                   : item.state == ItemState::failed  ? Status::failed
                                                      : Status::warning;
  finding.subject = item.database.empty() ? item.subject : fmt::format("{}: {}", item.database, item.subject);
  finding.message = item.message;
  finding.evidence = lines_of(item.evidence);
  if (!item.code.empty()) finding.evidence.push_back("code " + item.code);
  finding.remedy.text = item.cure;
  return finding;
}

Finding finding_of(const VerificationRecord& record, Rules& rules) {
  Finding finding{.rule = rules.of("verify-" + record.kind, "verify-" + record.kind, "Source and target are the same")};
  finding.status = !record.compared ? Status::unknown : record.identical ? Status::passed : Status::failed;
  finding.subject = fmt::format("{}: {}", record.database, item_name(record));
  finding.message = fmt::format("{}: {} rows on the source, {} on the target", state_of(record), record.source_rows,
                                record.target_rows);
  finding.evidence = lines_of(record.difference);
  if (!record.source_hash.empty()) finding.evidence.push_back("content hash of the source " + record.source_hash);
  if (!record.target_hash.empty()) finding.evidence.push_back("content hash of the target " + record.target_hash);
  return finding;
}

/// A migration that failed fails a pipeline, whatever its validations and comparisons say.
Finding finding_of(const MigrationRecord& record, Time now, Rules& rules) {
  Finding finding{.rule = rules.of("migration-state", "migration-state", "The migration succeeded")};
  switch (record.stage.state) {
    case State::succeeded: finding.status = Status::passed; break;
    case State::failed:
    case State::validation_failed:
    case State::canceled: finding.status = Status::failed; break;
    default: finding.status = Status::unknown;
  }
  finding.subject = record.request.name;
  finding.message = verdict_sentence(record, now);
  if (!record.error.empty()) finding.evidence.push_back(record.error.message);
  finding.remedy.text = record.error.cure;
  return finding;
}

std::vector<Finding> findings_of(const MigrationDetail& detail, Time now, Rules& rules) {
  std::vector<Finding> findings{finding_of(detail.migration, now, rules)};
  for (const ValidationRecord& item : detail.validations) findings.push_back(finding_of(item, rules));
  // What was compared last is what holds.
  const Verification& last =
      detail.later_verifications.empty() ? detail.verification : detail.later_verifications.back().found;
  for (const VerificationRecord& record : last.items) findings.push_back(finding_of(record, rules));
  return findings;
}

}  // namespace

Report migration_report(const MigrationDetail& detail, Time now, const Provenance& provenance) {
  const auto rules = std::make_shared<Rules>();
  Report report{document_of(detail, now),
                detail.migration.request.name,
                {},
                {},
                findings_of(detail, now, *rules),
                migration_json(detail, now),
                provenance.time,
                provenance.host,
                rules};
  report.document.sections.push_back(provenance_section(provenance));
  report.json["provenance"] = provenance_json(provenance);
  return report;
}

}  // namespace pgpassage::app
