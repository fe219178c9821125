#include <boost/json.hpp>

#include "app/report/json_text.hpp"
#include "app/report/plan_report.hpp"
#include "app/version.hpp"

namespace pgpassage::app {
namespace {

namespace json = boost::json;
using migrate::DatabaseOutline;

double seconds(std::chrono::milliseconds time) { return std::chrono::duration<double>(time).count(); }

template <class Object, class ToJson>
json::array array_of(const std::vector<Object>& objects, ToJson to_json) {
  json::array array;
  for (const auto& object : objects) array.push_back(to_json(object));
  return array;
}

json::object table_json(const migrate::PlannedTable& table) {
  return {{"name", json_string(table.name)},
          {"bytes", table.bytes},
          {"parts", table.parts},
          {"format", table.binary ? "binary" : "text"}};
}

json::object object_json(const migrate::PlannedObject& object) {
  return {{"type", json_string(object.type)}, {"name", json_string(object.name)}, {"bytes", object.bytes}};
}

json::object step_json(const migrate::PlannedStep& step) {
  return {{"step", json_string(step.what)}, {"fromSeconds", seconds(step.begins)}, {"toSeconds", seconds(step.ends)}};
}

json::object database_json(const DatabaseOutline& outline) {
  return {{"name", json_string(outline.database)},
          {"bytes", outline.bytes()},
          {"estimateSeconds", seconds(outline.estimate)},
          {"tables", array_of(outline.tables, table_json)},
          {"indexesAndConstraints", array_of(outline.objects, object_json)},
          {"largeObjects", {{"count", outline.large_objects.count}, {"bytes", outline.large_objects.bytes}}},
          {"sequences", outline.sequences},
          {"leftOut", array_of(outline.left_out, [](const std::string& name) { return json_string(name); })},
          {"steps", array_of(outline.steps, step_json)}};
}

}  // namespace

std::string render_plan_json(const PlanReport& report) {
  const migrate::DryRun& plan = report.plan;
  const json::object object{
      {"schemaVersion", 1},
      {"tool", {{"name", "pgpassage"}, {"version", json_string(version)}}},
      {"dryRun", true},
      {"networkChecked", report.network_checked},
      {"source", {{"address", json_string(report.source)}, {"serverVersion", plan.source_version}}},
      {"target", {{"address", json_string(report.target)}, {"serverVersion", plan.target_version}}},
      {"jobs", plan.lanes.copy},
      {"indexJobs", plan.lanes.index},
      {"roundTripMilliseconds", std::chrono::duration<double, std::milli>(plan.round_trip).count()},
      {"databases", array_of(plan.databases, database_json)}};
  return json_text(object);
}

}  // namespace pgpassage::app
