#include <algorithm>
#include <boost/json.hpp>

#include "app/report/json_text.hpp"
#include "app/report/migration_report.hpp"
#include "app/version.hpp"

namespace pgpassage::app {
namespace json = boost::json;
using namespace migrate;
namespace {

template <class List, class ToJson>
json::array list_json(const List& list, ToJson to_json) {
  json::array array;
  for (const auto& element : list) array.push_back(to_json(element));
  return array;
}

json::value time_json(const std::optional<Time>& time) {
  return time ? json::value(json_string(utc_text(*time))) : json::value(nullptr);
}

json::object tool_json() { return {{"name", "pgpassage"}, {"version", json_string(version)}}; }

json::value error_json(const Trouble& trouble) {
  if (trouble.empty()) return nullptr;
  return json::object{{"message", json_string(trouble.message)},
                      {"sqlstate", json_string_or_null(trouble.sqlstate)},
                      {"cure", json_string_or_null(trouble.cure)}};
}

double seconds_of(const MigrationRecord& record, Time now) {
  return std::chrono::duration<double>(record.ended.value_or(now) - record.started).count();
}

json::object server_json(const Endpoint& endpoint) {
  return {{"host", json_string(endpoint.host)},
          {"port", endpoint.port},
          {"user", json_string_or_null(endpoint.user)},
          {"name", json_string_or_null(endpoint.server)},
          {"type", json_string_or_null(endpoint.type)}};
}

json::object record_json(const MigrationRecord& record, Time now) {
  const NewMigration& request = record.request;
  return {
      {"name", json_string(request.name)},
      {"state", to_string(record.stage.state)},
      {"substate", to_string(record.stage.substate)},
      {"migrationMode", to_string(request.mode)},
      {"migrationOption", to_string(request.option)},
      {"source", server_json(request.source)},
      {"target", server_json(request.target)},
      {"databases", list_json(request.databases, json_string)},
      {"durationSeconds", seconds_of(record, now)},
      {"startTime", json_string(utc_text(record.started))},
      {"endTime", time_json(record.ended)},
      {"networkChecked", request.path != NetworkPath::not_checked},
      {"path", request.path == NetworkPath::not_checked ? json::value(nullptr) : json::value(to_string(request.path))},
      {"scenario", json_string_or_null(request.scenario)},
      {"edition", json_string_or_null(request.edition)},
      {"cancelRequested", record.cancel_requested},
      {"error", error_json(record.error)}};
}

json::object database_json(const DatabaseRecord& database, bool ended) {
  const auto left = database.state == WorkState::in_progress ? time_left(database) : std::nullopt;
  return {{"name", json_string(database.name)},
          {"state", state_text(database.state, ended)},
          {"phase", json_string_or_null(database.phase)},
          {"tables", json::object{{"done", database.tables_done}, {"total", database.tables_total}}},
          {"bytes", json::object{{"done", database.bytes_done}, {"total", database.bytes_total}}},
          {"rows", database.rows_done},
          {"bytesPerSecond", database.bytes_per_second},
          {"secondsLeft", left ? json::value(left->count()) : json::value(nullptr)},
          {"startTime", time_json(database.started)},
          {"endTime", time_json(database.ended)},
          {"error", error_json(database.error)}};
}

json::object validation_json(const ValidationRecord& item) {
  return {{"database", json_string_or_null(item.database)},
          {"type", json_string(item.type)},
          {"rule", json_string(item.rule)},
          {"name", json_string(item.name)},
          {"state", to_string(item.state)},
          {"code", json_string_or_null(item.code)},
          {"subject", json_string(item.subject)},
          {"message", json_string(item.message)},
          {"evidence", json_string_or_null(item.evidence)},
          {"cure", json_string_or_null(item.cure)}};
}

json::object verification_json(const VerificationRecord& item) {
  return {{"database", json_string(item.database)},
          {"kind", json_string(item.kind)},
          {"name", json_string_or_null(item.name)},
          {"sourceRows", item.source_rows},
          {"targetRows", item.target_rows},
          {"sourceHash", json_string_or_null(item.source_hash)},
          {"targetHash", json_string_or_null(item.target_hash)},
          {"compared", item.compared},
          {"identical", item.identical},
          {"difference", json_string_or_null(item.difference)}};
}

json::object later_json(const LaterVerification& later) {
  return {{"time", json_string(utc_text(later.time))},
          {"result", to_string(agreement_of(later.found.items))},
          {"items", list_json(later.found.items, verification_json)},
          {"notes", list_json(later.found.notes, json_string)}};
}

json::object table_json(const TableRecord& table, bool ended) {
  return {{"database", json_string(table.database)},
          {"name", json_string(table.table)},
          {"state", state_text(table.state, ended)},
          {"rows", table.rows},
          {"bytes", table.bytes},
          {"milliseconds", table.took.count()},
          {"error", json_string_or_null(table.error)}};
}

json::object event_json(const EventRecord& event) {
  return {{"time", json_string(utc_text(event.time))}, {"text", json_string(event.text)}};
}

}  // namespace

std::string render_list_json(const std::vector<MigrationRecord>& migrations, Time now) {
  return json_text(json::object{
      {"schemaVersion", 1},
      {"tool", tool_json()},
      {"migrations", list_json(migrations, [&](const MigrationRecord& record) { return record_json(record, now); })}});
}

json::object migration_json(const MigrationDetail& detail, Time now) {
  const NewMigration& request = detail.migration.request;
  json::object object{{"schemaVersion", 1}, {"tool", tool_json()}};
  for (auto& member : record_json(detail.migration, now)) object.insert(member);
  object["databases"] = list_json(detail.databases, [&](const DatabaseRecord& database) {
    return database_json(database, ended(detail.migration.stage.state));
  });
  object["tables"] = list_json(
      detail.tables, [&](const TableRecord& table) { return table_json(table, ended(detail.migration.stage.state)); });
  object["validation"] = list_json(detail.validations, validation_json);
  object["verification"] = list_json(detail.verification.items, verification_json);
  object["verificationNotes"] = list_json(detail.verification.notes, json_string);
  object["laterVerifications"] = list_json(detail.later_verifications, later_json);
  object["remaining"] = list_json(detail.remaining, json_string);
  object["events"] = list_json(detail.events, event_json);
  object["topology"] = request.topology_file.empty() ? json::value(nullptr)
                                                     : json::object{{"file", json_string(request.topology_file)},
                                                                    {"sha256", json_string(request.topology_sha256)}};
  object["ranBy"] = json::object{{"host", json_string(request.process.host)},
                                 {"pid", request.process.pid},
                                 {"account", json_string(request.process.account)}};
  return object;
}

std::string render_migration_json(const MigrationDetail& detail, Time now) {
  return json_text(migration_json(detail, now));
}

std::string render_verification_json(const VerificationReport& report) {
  const Agreement agreement = agreement_of(report.found.items);
  return json_text(json::object{{"schemaVersion", 1},
                                {"tool", tool_json()},
                                {"name", json_string_or_null(report.name)},
                                {"result", to_string(agreement)},
                                {"identical", agreement == Agreement::identical},
                                {"networkChecked", report.network_checked},
                                {"remarks", list_json(report.remarks, json_string)},
                                {"items", list_json(report.found.items, verification_json)},
                                {"notes", list_json(report.found.notes, json_string)}});
}

}  // namespace pgpassage::app
