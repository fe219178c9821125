#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "app/report/grid.hpp"
#include "app/report/migration_report.hpp"
#include "app/report/migration_wording.hpp"
#include "app/version.hpp"

namespace pgpassage::app {
using namespace migrate;
namespace {

std::string mode_of(MigrationMode mode) { return to_string(mode); }

std::chrono::milliseconds duration_of(const MigrationRecord& record, Time now) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(record.ended.value_or(now) - record.started);
}

std::string title(const TextStyle& style, std::string_view text) {
  return "\n" + paint(style, Tone::strong, text) + "\n";
}

std::string facts(const MigrationRecord& record, const TextStyle& style) {
  std::string text;
  for (const auto& [label, value] : facts_of(record)) text += labelled(style, 11, label, value);
  return text;
}

std::string trouble_text(const Trouble& trouble, const TextStyle& style) {
  if (trouble.empty()) return {};
  std::string text =
      labelled(style, 11, "Error",
               trouble.sqlstate.empty() ? trouble.message : fmt::format("{} ({})", trouble.message, trouble.sqlstate));
  if (!trouble.cure.empty()) text += labelled(style, 11, "Cure", trouble.cure);
  return text;
}

std::string remaining_text(const std::vector<std::string>& remaining, const TextStyle& style) {
  std::string text;
  for (const std::string& sentence : remaining) text += labelled(style, 11, text.empty() ? "Remains" : "", sentence);
  return text;
}

/// An error that is the migration's stands above already: it is not said again.
std::string databases_text(const std::vector<DatabaseRecord>& databases, const MigrationRecord& migration,
                           const TextStyle& style) {
  if (databases.empty()) return {};
  std::vector<GridRow> rows;
  std::string errors;
  for (const DatabaseRecord& database : databases) {
    const bool running = database.state == WorkState::in_progress;
    const auto left = running ? time_left(database) : std::nullopt;
    const std::string state = state_text(database.state, ended(migration.stage.state));
    rows.push_back(
        {database.name, running && !database.phase.empty() ? fmt::format("{} ({})", state, database.phase) : state,
         database.state == WorkState::queued ? ""
                                             : fmt::format("{} of {}", database.tables_done, database.tables_total),
         data_text(database), database.bytes_per_second > 0 ? bytes_text(database.bytes_per_second) + "/s" : "",
         left ? fmt::format("about {}", duration_text(*left)) : ""});
    if (!database.error.empty() && !migration.error.message.starts_with(database.error.message))
      errors += fmt::format("  {}\n", wrap(style, 2, database.name + ":")) + trouble_text(database.error, style);
  }
  return title(style, "Databases") +
         grid_text({"Database", "State", "Tables", "Data", "Rate", "Time left"}, rows, 2, style) + errors;
}

/// What succeeded is listed only when `all` is asked for.
std::string validation_text(const std::vector<ValidationRecord>& items, bool all, const TextStyle& style) {
  if (items.empty()) return {};
  const auto count = [&](ItemState state) {
    return std::count_if(items.begin(), items.end(), [&](const auto& item) { return item.state == state; });
  };
  std::string text = title(style, fmt::format("Validation: {} succeeded, {} failed, {} warning{}",
                                              count(ItemState::succeeded), count(ItemState::failed),
                                              count(ItemState::warning), count(ItemState::warning) == 1 ? "" : "s"));
  for (const ValidationRecord& item : items) {
    if (item.state == ItemState::succeeded && !all) continue;
    const std::string where = item.database.empty() ? std::string{"servers"} : item.database;
    text += fmt::format("  {}\n", wrap(style, 4,
                                       fmt::format("{} {} [{}] {}: {}", to_string(item.state), item.rule, where,
                                                   item.subject, item.message)));
    if (!item.evidence.empty()) text += fmt::format("    {}\n", wrap(style, 4, item.evidence));
    if (!item.cure.empty()) text += fmt::format("    {}\n", wrap(style, 4, "Cure: " + item.cure));
  }
  return text;
}

std::string differences_text(const std::vector<VerificationRecord>& records, const TextStyle& style) {
  std::string text;
  for (const VerificationRecord& record : records) {
    if (record.identical) continue;
    const Tone tone = record.compared ? Tone::bad : Tone::unsure;
    text += fmt::format("  {} {}\n", paint(style, tone, symbol(style, tone)),
                        wrap(style, 4, fmt::format("{} {}: {}", record.database, item_name(record), state_of(record))));
    for (const std::string_view line : pieces_of(record.difference, '\n'))
      text += fmt::format("    {}\n", wrap(style, 4, line));
  }
  return text;
}

std::string signing_table(const std::vector<VerificationRecord>& records, bool hashes, const TextStyle& style) {
  GridRow headings{"Database", "Compared", "Source", "Target", "Result"};
  if (hashes) headings.insert(headings.end(), {"Content hash of the source", "Content hash of the target"});
  std::vector<GridRow> rows;
  for (const VerificationRecord& record : records) {
    rows.push_back({record.database, item_name(record), std::to_string(record.source_rows),
                    std::to_string(record.target_rows), state_of(record)});
    if (hashes) rows.back().insert(rows.back().end(), {record.source_hash, record.target_hash});
  }
  return grid_text(headings, rows, 2, style);
}

std::string notes_text(const std::vector<std::string>& notes, const TextStyle& style) {
  std::string text = notes.empty() ? "" : title(style, "Not compared, or seen and no difference");
  for (const std::string& note : notes) text += fmt::format("  {}\n", wrap(style, 2, note));
  return text;
}

std::string items_text(const std::vector<VerificationRecord>& records, bool hashes, const TextStyle& style) {
  return differences_text(records, style) + (records.empty() ? "" : signing_table(records, hashes, style));
}

std::string verification_text(const Verification& found, bool hashes, const TextStyle& style) {
  if (found.items.empty()) return {};
  return title(style, "Verification: " + agreement_text(found.items)) + items_text(found.items, hashes, style) +
         notes_text(found.notes, style);
}

/// When what was found, in one line each; of many, the newest.
std::string history_text(const MigrationDetail& detail) {
  constexpr std::size_t shown = 5;
  const auto& later = detail.later_verifications;
  std::string text;
  const auto line = [&](Time time, std::string_view by, const Verification& found) {
    text += fmt::format("  {}  {}: {}\n", utc_text(time), by, agreement_text(found.items));
  };
  if (!detail.verification.items.empty())
    line(detail.migration.ended.value_or(detail.migration.started), "the migration itself", detail.verification);
  const std::size_t first = later.size() > shown ? later.size() - shown : 0;
  if (first > 0) text += fmt::format("  and {} verifications not shown here\n", first);
  for (std::size_t i = first; i < later.size(); ++i) line(later[i].time, "verify", later[i].found);
  return text;
}

/// The newest comparison in full, or where it could not ask the servers the one before; the others by their result.
std::string verifications_text(const MigrationDetail& detail, bool hashes, const TextStyle& style) {
  const auto& later = detail.later_verifications;
  if (later.empty()) return verification_text(detail.verification, hashes, style);
  const auto newest =
      std::find_if(later.rbegin(), later.rend(), [](const auto& one) { return !one.found.items.empty(); });
  const Verification& found = newest == later.rend() ? detail.verification : newest->found;
  return title(style, "Verification: " + agreement_text(later.back().found.items)) + history_text(detail) +
         items_text(found.items, hashes, style) + notes_text(later.back().found.notes, style);
}

std::string tables_text(const std::vector<TableRecord>& tables, bool ended, const TextStyle& style) {
  if (tables.empty()) return {};
  std::vector<GridRow> rows;
  for (const TableRecord& table : tables)
    rows.push_back({table.database, table.table, state_text(table.state, ended), std::to_string(table.rows),
                    bytes_text(static_cast<double>(table.bytes)),
                    table.took.count() > 0 ? duration_text(table.took) : ""});
  std::string text =
      title(style, "Tables") + grid_text({"Database", "Table", "State", "Rows", "Size", "Took"}, rows, 2, style);
  for (const TableRecord& table : tables)
    if (!table.error.empty())
      text += fmt::format("  {}\n", wrap(style, 4, fmt::format("{} {}: {}", table.database, table.table, table.error)));
  return text;
}

std::string events_text(const std::vector<EventRecord>& events, const TextStyle& style) {
  std::string text = title(style, "What happened");
  for (const EventRecord& event : events)
    text += fmt::format("  {}  {}\n", utc_text(event.time), wrap(style, 24, event.text));
  return text;
}

/// "8 tables, 1 materialized view, and the sequences, large objects and schema of 2 databases"
std::string compared(const std::vector<VerificationRecord>& records) {
  const auto counted = [&](std::string_view kind, std::string_view word) {
    const auto count = std::count_if(records.begin(), records.end(), [&](const auto& one) { return one.kind == kind; });
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
  };
  const bool views =
      std::any_of(records.begin(), records.end(), [](const auto& one) { return one.kind == "materializedView"; });
  std::set<std::string> databases;
  for (const VerificationRecord& record : records) databases.insert(record.database);
  return fmt::format("{}, {}and the sequences, large objects and schema of {} database{}", counted("table", "table"),
                     views ? counted("materializedView", "materialized view") + ", " : "", databases.size(),
                     databases.size() == 1 ? "" : "s");
}

std::string list_of(const std::vector<std::string>& databases) {
  return databases.empty() ? "every database" : fmt::format("{}", fmt::join(databases, ", "));
}

}  // namespace

std::string render_list_text(const std::vector<MigrationRecord>& migrations, Time now, const TextStyle& style) {
  if (migrations.empty()) return "No migrations here yet.\n";
  std::vector<GridRow> rows;
  for (const MigrationRecord& record : migrations) {
    const NewMigration& request = record.request;
    rows.push_back({request.name, to_string(record.stage.state), mode_of(request.mode), to_string(request.option),
                    request.source.server.empty() ? request.source.display() : request.source.server,
                    request.source.type.empty() ? "unknown" : request.source.type,
                    request.target.server.empty() ? request.target.display() : request.target.server,
                    list_of(request.databases), duration_text(duration_of(record, now)), utc_text(record.started)});
  }
  return grid_text({"Name", "Status", "Migration mode", "Migration type", "Source server", "Source server type",
                    "Target server", "Databases", "Duration", "Start time"},
                   rows, 0, style);
}

std::string render_migration_text(const MigrationDetail& detail, Time now, const TextStyle& style) {
  const MigrationRecord& record = detail.migration;
  std::string text = paint(style, tone_of(record.stage.state), printable(verdict_sentence(record, now))) + "\n";
  text += later_sentence(detail.later_verifications);
  text += trouble_text(record.error, style) + remaining_text(detail.remaining, style) + "\n" + facts(record, style);
  text += databases_text(detail.databases, record, style);
  text += validation_text(detail.validations, false, style);
  // What was compared is a table already, with its rows.
  if (detail.verification.items.empty()) text += tables_text(detail.tables, ended(record.stage.state), style);
  text += verifications_text(detail, false, style);
  return text + events_text(detail.events, style);
}

std::string render_migration_report_text(const MigrationDetail& detail, Time now, const TextStyle& style) {
  const MigrationRecord& record = detail.migration;
  std::string text = paint(style, tone_of(record.stage.state), printable(verdict_sentence(record, now))) + "\n";
  text += later_sentence(detail.later_verifications);
  text += trouble_text(record.error, style) + remaining_text(detail.remaining, style) + "\n" + facts(record, style);
  text += labelled(style, 11, "Databases", list_of(record.request.databases));
  text += labelled(style, 11, "Report", fmt::format("written by pgpassage {} at {}", version, utc_text(now)));
  text += databases_text(detail.databases, record, style);
  text += validation_text(detail.validations, true, style);
  text += tables_text(detail.tables, ended(record.stage.state), style);
  if (detail.verification.items.empty()) text += title(style, "Verification") + "  The migration compared nothing.\n";
  text += verifications_text(detail, true, style);
  return text + events_text(detail.events, style);
}

std::string state_text(WorkState state, bool ended) {
  return ended && state == WorkState::queued ? "NotStarted" : to_string(state);
}

std::string render_verification_text(const VerificationReport& report, const TextStyle& style) {
  const std::vector<VerificationRecord>& items = report.found.items;
  const std::string what = compared(items);
  std::string verdict;
  Tone tone = Tone::bad;
  switch (agreement_of(items)) {
    case Agreement::identical:
      tone = Tone::good;
      verdict = fmt::format("{}: source and target are identical: {}.", report.title, what);
      break;
    case Agreement::differs:
      verdict = fmt::format("{}: source and target DIFFER: {} ({}).", report.title, agreement_text(items), what);
      break;
    case Agreement::inconclusive:
      tone = Tone::unsure;
      verdict = fmt::format("{}: INCONCLUSIVE, not identical: {} ({}); what could be read is the same.", report.title,
                            agreement_text(items), what);
      break;
  }
  const std::string result = paint(style, tone, wrap(style, 0, verdict)) + "\n";
  std::string remarks;
  for (const std::string& remark : report.remarks) remarks += wrap(style, 0, remark) + "\n";
  std::string text = report.moved_nothing ? remarks + result : result + remarks;
  if (!report.network_checked) text += "The network was not checked: no topology file was given.\n";
  return text + verification_text(report.found, false, style);
}

}  // namespace pgpassage::app
