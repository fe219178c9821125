#include <fmt/format.h>

#include <algorithm>

#include "app/report/grid.hpp"
#include "app/report/migration_report.hpp"
#include "app/report/plan_report.hpp"

namespace pgpassage::app {
namespace {

using migrate::DatabaseOutline;

constexpr std::size_t most_rows = 20;

std::string title(const TextStyle& style, std::string_view text) {
  return "\n" + paint(style, Tone::strong, text) + "\n";
}

std::string size_text(std::int64_t bytes) { return bytes_text(static_cast<double>(bytes)); }

std::string plural(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// The first rows, and how many more there are.
template <class Object, class Row>
std::string list(const GridRow& headings, const std::vector<Object>& objects, Row row, const TextStyle& style) {
  if (objects.empty()) return {};
  std::vector<GridRow> rows;
  for (std::size_t i = 0; i < std::min(objects.size(), most_rows); ++i) rows.push_back(row(objects[i]));
  std::string text = grid_text(headings, rows, 2, style);
  if (objects.size() > most_rows)
    text += fmt::format("  and {} more: --format json has them all\n", objects.size() - most_rows);
  return text;
}

std::string tables_text(const DatabaseOutline& outline, const TextStyle& style) {
  return list(
      {"Table", "Size", "Parts", "Format"}, outline.tables,
      [](const auto& table) {
        return GridRow{table.name, size_text(table.bytes), std::to_string(table.parts),
                       table.binary ? "binary" : "text"};
      },
      style);
}

std::string objects_text(const DatabaseOutline& outline, const TextStyle& style) {
  auto largest_first = outline.objects;
  std::stable_sort(largest_first.begin(), largest_first.end(),
                   [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
  return list(
      {"Index or constraint", "Kind", "Size"}, largest_first,
      [](const auto& object) {
        return GridRow{object.name, object.type, size_text(object.bytes)};
      },
      style);
}

std::string seconds_text(std::chrono::milliseconds time) {
  return fmt::format("{:.1f}", std::chrono::duration<double>(time).count());
}

std::string steps_text(const DatabaseOutline& outline, const TextStyle& style) {
  return list(
      {"From s", "To s", "Step"}, outline.steps,
      [](const auto& step) {
        return GridRow{seconds_text(step.begins), seconds_text(step.ends), step.what};
      },
      style);
}

std::string left_out_text(const DatabaseOutline& outline, const TextStyle& style) {
  std::string text;
  for (const std::string& object : outline.left_out)
    text += labelled(style, 11, text.empty() ? "Left out" : "", object);
  if (!text.empty()) text += labelled(style, 11, "", "because they need something that the filter leaves out");
  return text;
}

std::string database_text(const DatabaseOutline& outline, const TextStyle& style) {
  const std::string summary = fmt::format(
      "{} in {}, {}, {}, {} large object{} of {}; about {}", size_text(outline.bytes()),
      plural(outline.tables.size(), "table"), plural(outline.objects.size(), "index or constraint"),
      plural(outline.sequences, "sequence"), outline.large_objects.count, outline.large_objects.count == 1 ? "" : "s",
      size_text(outline.large_objects.bytes), duration_text(outline.estimate));
  return title(style, "Database " + printable(outline.database)) + labelled(style, 11, "Moves", summary) +
         left_out_text(outline, style) + tables_text(outline, style) + objects_text(outline, style) +
         steps_text(outline, style);
}

}  // namespace

std::string render_plan_text(const PlanReport& report, const TextStyle& style) {
  const migrate::DryRun& plan = report.plan;
  std::int64_t bytes = 0;
  std::chrono::milliseconds estimate{0};
  for (const auto& outline : plan.databases) {
    bytes += outline.bytes();
    estimate += outline.estimate;
  }
  std::string text = paint(style, Tone::strong, "Nothing was changed: this is what would be done.") + "\n";
  text += labelled(style, 11, "Source", fmt::format("{}, PostgreSQL {}", report.source, plan.source_version / 10000));
  text += labelled(style, 11, "Target", fmt::format("{}, PostgreSQL {}", report.target, plan.target_version / 10000));
  if (!report.network_checked) text += labelled(style, 11, "Network", "not checked");
  text += labelled(style, 11, "At once",
                   fmt::format("{} and {}; round trip {:.1f} ms", plural(plan.lanes.copy, "copy stream"),
                               plan.lanes.index == 1 ? "1 index" : fmt::format("{} indexes", plan.lanes.index),
                               std::chrono::duration<double, std::milli>(plan.round_trip).count()));
  text += labelled(style, 11, "Estimate",
                   fmt::format("{} in about {}, at {} a second and stream; the schema and the verification come on top",
                               size_text(bytes), duration_text(estimate), bytes_text(migrate::bytes_per_second)));
  for (const auto& outline : plan.databases) text += database_text(outline, style);
  return text;
}

}  // namespace pgpassage::app
