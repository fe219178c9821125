#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "migrate/verify/verify.hpp"

namespace pgpassage::migrate {

namespace {

VerificationRecord item_record(const DatabaseComparison& comparison, const char* kind, const ItemComparison& item) {
  return {.database = comparison.database,
          .kind = kind,
          .name = {},
          .source_rows = item.source_count,
          .target_rows = item.target_count,
          .source_hash = item.source_hash,
          .target_hash = item.target_hash,
          .identical = item.identical(),
          .difference = fmt::format("{}", fmt::join(item.differences, "\n")),
          .compared = item.compared};
}

}  // namespace

bool DatabaseComparison::identical() const {
  return sequences.identical() && large_objects.identical() && schema.identical() &&
         std::all_of(tables.begin(), tables.end(), [](const TableComparison& table) { return table.identical; });
}

bool DatabaseComparison::complete() const {
  return sequences.compared && large_objects.compared && schema.compared &&
         std::all_of(tables.begin(), tables.end(), [](const TableComparison& table) { return table.compared; });
}

bool DatabaseComparison::differs() const {
  const auto other = [](const ItemComparison& item) { return item.compared && !item.differences.empty(); };
  return other(sequences) || other(large_objects) || other(schema) ||
         std::any_of(tables.begin(), tables.end(),
                     [](const TableComparison& table) { return table.compared && !table.identical; });
}

std::vector<VerificationRecord> to_records(const DatabaseComparison& comparison) {
  std::vector<VerificationRecord> records;
  if (!comparison.compared) return records;
  for (const TableComparison& table : comparison.tables)
    records.push_back({.database = comparison.database,
                       .kind = table.materialized ? "materializedView" : "table",
                       .name = table.name,
                       .source_rows = table.source.rows,
                       .target_rows = table.target.rows,
                       .source_hash = table.source.hash,
                       .target_hash = table.target.hash,
                       .identical = table.identical,
                       .difference = table.next_query.empty()
                                         ? table.difference
                                         : fmt::format("{}\nrun on both: {}", table.difference, table.next_query),
                       .compared = table.compared});
  records.push_back(item_record(comparison, "sequences", comparison.sequences));
  records.push_back(item_record(comparison, "largeObjects", comparison.large_objects));
  records.push_back(item_record(comparison, "schema", comparison.schema));
  return records;
}

Verification to_verification(const DatabaseComparison& comparison) {
  Verification result{to_records(comparison), {}};
  for (const std::string& note : comparison.notes)
    result.notes.push_back(fmt::format("{}: {}", comparison.database, note));
  return result;
}

}  // namespace pgpassage::migrate
