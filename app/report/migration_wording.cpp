#include "app/report/migration_wording.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/migration_report.hpp"

namespace pgpassage::app {
using namespace migrate;

Tone tone_of(State state) {
  switch (state) {
    case State::succeeded: return Tone::good;
    case State::failed:
    case State::validation_failed: return Tone::bad;
    case State::canceled: return Tone::caution;
    default: return Tone::strong;
  }
}

std::string verdict_sentence(const MigrationRecord& record, Time now) {
  const std::string& name = record.request.name;
  const std::string took =
      duration_text(std::chrono::duration_cast<std::chrono::milliseconds>(record.ended.value_or(now) - record.started));
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

std::string later_sentence(const std::vector<LaterVerification>& later) {
  if (later.empty()) return {};
  return fmt::format("Verified again at {}: {}.\n", utc_text(later.back().time),
                     agreement_text(later.back().found.items));
}

std::vector<std::pair<std::string, std::string>> facts_of(const MigrationRecord& record) {
  const NewMigration& request = record.request;
  std::vector<std::pair<std::string, std::string>> facts;
  const auto line = [&](std::string label, std::string value) {
    facts.emplace_back(std::move(label), std::move(value));
  };
  const auto kind = [](const Endpoint& end) {
    return end.type.empty() ? end.display() : fmt::format("{} ({})", end.display(), end.type);
  };
  line("Source", kind(request.source));
  line("Target", kind(request.target));
  line("Mode", fmt::format("{}, {}", to_string(request.mode), to_string(request.option)));
  line("Network", request.path == NetworkPath::not_checked
                      ? "the network was not checked (no topology file was given)"
                      : fmt::format("{}{}", to_string(request.path),
                                    request.scenario.empty() ? "" : ", scenario " + request.scenario));
  if (!request.edition.empty()) line("Edition", request.edition);
  if (!request.topology_file.empty())
    line("Topology", fmt::format("{} (sha256 {})", request.topology_file, request.topology_sha256));
  line("Started", utc_text(record.started));
  if (record.ended) line("Ended", utc_text(*record.ended));
  line("Run by",
       fmt::format("{} on {}, process {}", request.process.account, request.process.host, request.process.pid));
  if (record.cancel_requested && !ended(record.stage.state))
    line("Cancel", "requested; it stops at the next safe point");
  return facts;
}

std::string data_text(const DatabaseRecord& database) {
  const std::string done = bytes_text(static_cast<double>(database.bytes_done));
  if (database.state == WorkState::queued) return {};
  if (database.bytes_done == database.bytes_total) return done;
  return fmt::format("{} of {}", done, bytes_text(static_cast<double>(database.bytes_total)));
}

std::string state_of(const VerificationRecord& record) {
  if (!record.compared) return "not compared";
  return record.identical ? "identical" : "DIFFERS";
}

std::string item_name(const VerificationRecord& record) {
  if (!record.name.empty()) return record.name;
  return record.kind == "largeObjects" ? "large objects" : record.kind;
}

std::string agreement_text(const std::vector<VerificationRecord>& records) {
  const auto count = [&](auto wanted) { return std::count_if(records.begin(), records.end(), wanted); };
  switch (agreement_of(records)) {
    case Agreement::identical: return "identical";
    case Agreement::differs:
      return fmt::format("{} of {} differ", count([](const auto& item) { return item.compared && !item.identical; }),
                         records.size());
    case Agreement::inconclusive: break;
  }
  if (records.empty()) return "inconclusive: nothing could be compared";
  return fmt::format("inconclusive: {} of {} could not be compared",
                     count([](const auto& item) { return !item.compared; }), records.size());
}

}  // namespace pgpassage::app
