#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/report/migration_report.hpp"

namespace pgpassage::app {
using namespace migrate;
namespace {

Tone tone_of(State state) {
  switch (state) {
    case State::succeeded: return Tone::good;
    case State::failed:
    case State::validation_failed: return Tone::bad;
    case State::canceled: return Tone::caution;
    default: return Tone::strong;
  }
}

std::string mode_of(MigrationMode mode) { return to_string(mode); }

std::chrono::milliseconds duration_of(const MigrationRecord& record, Time now) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(record.ended.value_or(now) - record.started);
}

std::string title(const TextStyle& style, std::string_view text) {
  return "\n" + paint(style, Tone::strong, text) + "\n";
}

std::string verdict_sentence(const MigrationRecord& record, Time now) {
  const std::string& name = record.request.name;
  const std::string took = duration_text(duration_of(record, now));
  switch (record.stage.state) {
    case State::succeeded:
      return record.request.option == MigrationOption::validate
                 ? fmt::format("{} is validated: nothing stands in its way. It took {}.", name, took)
                 : fmt::format("{} succeeded: source and target are the same. It took {}.", name, took);
    case State::failed: return fmt::format("{} failed in {} after {}.", name, to_string(record.stage.substate), took);
    case State::validation_failed: return fmt::format("{} was not started: its validation failed.", name);
    case State::canceled:
      return fmt::format("{} was canceled in {} after {}.", name, to_string(record.stage.substate), took);
    case State::waiting_for_user_action:
      return fmt::format("{} waits for you: {}.", name, to_string(record.stage.substate));
    case State::in_progress:
      return fmt::format("{} is in progress for {}: {}.", name, took, to_string(record.stage.substate));
  }
  return name;
}

std::string facts(const MigrationRecord& record, const TextStyle& style) {
  const NewMigration& request = record.request;
  std::string text;
  const auto line = [&](std::string_view label, std::string_view value) { text += labelled(style, 11, label, value); };
  const auto kind = [](const Endpoint& end) {
    return end.type.empty() ? end.display() : fmt::format("{} ({})", end.display(), end.type);
  };
  line("Source", kind(request.source));
  line("Target", kind(request.target));
  line("Mode", fmt::format("{}, {}", mode_of(request.mode), to_string(request.option)));
  line("Network", request.path == NetworkPath::not_checked
                      ? "the network was not checked (no topology file was given)"
                      : fmt::format("{}{}", to_string(request.path),
                                    request.scenario.empty() ? "" : ", scenario " + request.scenario));
  if (!request.topology_file.empty())
    line("Topology", fmt::format("{} (sha256 {})", request.topology_file, request.topology_sha256));
  line("Started", utc_text(record.started));
  if (record.ended) line("Ended", utc_text(*record.ended));
  line("Run by",
       fmt::format("{} on {}, process {}", request.process.account, request.process.host, request.process.pid));
  if (record.cancel_requested && !ended(record.stage.state))
    line("Cancel", "requested; it stops at the next safe point");
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

/// `said`: its error is the migration's, which stands above.
std::string database_text(const DatabaseRecord& database, bool said, const TextStyle& style) {
  std::string text = fmt::format("{} of {} tables, {} of {}", database.tables_done, database.tables_total,
                                 bytes_text(static_cast<double>(database.bytes_done)),
                                 bytes_text(static_cast<double>(database.bytes_total)));
  if (database.bytes_per_second > 0) text += fmt::format(", {}/s", bytes_text(database.bytes_per_second));
  if (const auto left = time_left(database); left && database.state == WorkState::in_progress)
    text += fmt::format(", about {} left", duration_text(*left));
  const std::string state = database.phase.empty() || database.state != WorkState::in_progress
                                ? to_string(database.state)
                                : fmt::format("{} ({})", to_string(database.state), database.phase);
  return fmt::format("  {}\n", wrap(style, 2, fmt::format("{}: {}, {}", database.name, state, text))) +
         (said ? std::string{} : trouble_text(database.error, style));
}

std::string validation_text(const std::vector<ValidationRecord>& items, const TextStyle& style) {
  if (items.empty()) return {};
  const auto count = [&](ItemState state) {
    return std::count_if(items.begin(), items.end(), [&](const auto& item) { return item.state == state; });
  };
  std::string text =
      title(style, fmt::format("Validation: {} succeeded, {} failed, {} warnings", count(ItemState::succeeded),
                               count(ItemState::failed), count(ItemState::warning)));
  for (const ValidationRecord& item : items) {
    if (item.state == ItemState::succeeded) continue;
    const std::string where = item.database.empty() ? std::string{"servers"} : item.database;
    text += fmt::format("  {}\n", wrap(style, 4,
                                       fmt::format("{} {} [{}] {}: {}", to_string(item.state), item.rule, where,
                                                   item.subject, item.message)));
    if (!item.evidence.empty()) text += fmt::format("    {}\n", wrap(style, 4, item.evidence));
    if (!item.cure.empty()) text += fmt::format("    {}\n", wrap(style, 4, "Cure: " + item.cure));
  }
  return text;
}

std::string item_name(const VerificationRecord& record) {
  const std::string name = record.kind == "table"          ? record.name
                           : record.kind == "largeObjects" ? "large objects"
                                                           : record.kind;
  return record.database + " " + name;
}

std::string differences_text(const std::vector<VerificationRecord>& records, const TextStyle& style) {
  std::string text;
  for (const VerificationRecord& record : records) {
    if (record.identical) continue;
    text +=
        fmt::format("  {} {}\n", paint(style, Tone::bad, symbol(style, Tone::bad)), wrap(style, 4, item_name(record)));
    std::string_view rest = record.difference;
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      text += fmt::format("    {}\n", wrap(style, 4, rest.substr(0, end)));
      rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
    }
  }
  return text;
}

std::string signing_table(const std::vector<VerificationRecord>& records, const TextStyle& style) {
  std::string text = fmt::format("  {:>14} {:>14}  {:<9}  {}\n", "source", "target", "", "what");
  for (const VerificationRecord& record : records)
    text += fmt::format("  {:>14} {:>14}  {}  {}\n", record.source_rows, record.target_rows,
                        record.identical ? "identical" : paint(style, Tone::bad, "DIFFERS  "),
                        printable(item_name(record)));
  return text;
}

std::string verification_text(const std::vector<VerificationRecord>& records, const TextStyle& style) {
  if (records.empty()) return {};
  const auto same = std::count_if(records.begin(), records.end(), [](const auto& record) { return record.identical; });
  return title(style, fmt::format("Verification: {} of {} identical", same, records.size())) +
         differences_text(records, style) + signing_table(records, style);
}

}  // namespace

std::string render_list_text(const std::vector<MigrationRecord>& migrations, Time now, const TextStyle& style) {
  if (migrations.empty()) return "No migrations here yet.\n";
  std::string text = fmt::format("{:<20} {:<16} {:<8} {:<20} {}\n", "Name", "Status", "Mode", "Start time", "Duration");
  for (const MigrationRecord& record : migrations) {
    const NewMigration& request = record.request;
    const std::string status =
        fmt::format("{:<16}", to_string(record.stage.state) == std::string_view{"WaitingForUserAction"}
                                  ? "WaitingForUser"
                                  : to_string(record.stage.state));
    text += fmt::format("{:<20} {} {:<8} {:<20} {}\n", printable(request.name),
                        paint(style, tone_of(record.stage.state), status), mode_of(request.mode),
                        utc_text(record.started), duration_text(duration_of(record, now)));
    text += fmt::format(
        "    {}\n",
        wrap(style, 4,
             fmt::format("{}, from {}{}: {}", to_string(request.option), request.source.display(),
                         request.source.type.empty() ? "" : " (" + request.source.type + ")",
                         request.databases.empty() ? "every database"
                                                   : fmt::format("{}", fmt::join(request.databases, ", ")))));
  }
  return text;
}

std::string render_migration_text(const MigrationDetail& detail, Time now, const TextStyle& style) {
  const MigrationRecord& record = detail.migration;
  std::string text = paint(style, tone_of(record.stage.state), printable(verdict_sentence(record, now))) + "\n";
  text += trouble_text(record.error, style) + remaining_text(detail.remaining, style) + "\n" + facts(record, style);
  if (!detail.databases.empty()) text += title(style, "Databases");
  for (const DatabaseRecord& database : detail.databases)
    text += database_text(database, database.error.message == record.error.message, style);
  text += validation_text(detail.validations, style);
  text += verification_text(detail.verifications, style);
  text += title(style, "What happened");
  for (const EventRecord& event : detail.events)
    text += fmt::format("  {}  {}\n", utc_text(event.time), wrap(style, 24, event.text));
  return text;
}

std::string render_verification_text(const std::vector<VerificationRecord>& records,
                                     const std::vector<std::string>& notes, const std::string& subject,
                                     bool network_checked, const TextStyle& style) {
  const auto different =
      std::count_if(records.begin(), records.end(), [](const auto& record) { return !record.identical; });
  const std::string verdict =
      different == 0
          ? fmt::format("{}: source and target are identical in all {} things compared.", subject, records.size())
          : fmt::format("{}: source and target DIFFER in {} of {} things compared.", subject, different,
                        records.size());
  std::string text = paint(style, different == 0 ? Tone::good : Tone::bad, printable(verdict)) + "\n";
  if (!network_checked) text += "The network was not checked: no topology file was given.\n";
  text += verification_text(records, style);
  if (!notes.empty()) text += title(style, "Seen, and no difference");
  for (const std::string& note : notes) text += fmt::format("  {}\n", wrap(style, 2, note));
  return text;
}

}  // namespace pgpassage::app
