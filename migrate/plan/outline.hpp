#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "migrate/plan/agenda.hpp"
#include "migrate/plan/catalog.hpp"
#include "migrate/plan/script.hpp"

/// What a migration would do, with sizes and an estimate. Pure.
namespace pgpassage::migrate {

struct PlannedTable {
  std::string name;  ///< quoted for SQL
  std::int64_t bytes = 0;
  std::size_t parts = 1;
  bool binary = false;  ///< COPY's format; otherwise text
};

/// An index or constraint.
struct PlannedObject {
  std::string type;  ///< pg_dump's: "INDEX", "CONSTRAINT", "FK CONSTRAINT"
  std::string name;
  std::int64_t bytes = 0;  ///< of the index on the source, or that a check reads
};

/// A step in the order in which it would begin, from the beginning of the copy.
struct PlannedStep {
  std::string what;  ///< "copy public.events, part 1 of 4"
  std::chrono::milliseconds begins{0};
  std::chrono::milliseconds ends{0};
};

struct DatabaseOutline {
  std::string database;
  std::vector<PlannedTable> tables;    ///< largest first
  std::vector<PlannedObject> objects;  ///< indexes, constraints and foreign keys, as the archive orders them
  LargeObjects large_objects;
  std::size_t sequences = 0;
  std::vector<std::string> left_out;  ///< by the filter's consequences
  std::vector<PlannedStep> steps;
  std::chrono::milliseconds estimate{0};  ///< of the steps; without reading the schema, and without verification

  std::int64_t bytes() const;  ///< rows and large objects
};

/// `pieces` as for plan_database. The estimate plays the plan through with the lanes' limits, at `bytes_per_second`
/// for each stream and two round trips for each step: it compares plans, and promises no time.
DatabaseOutline outline_of(const std::string& database, const Catalog& catalog, const std::vector<SchemaEntry>& entries,
                           const std::vector<std::size_t>& pieces, LaneLimits lanes,
                           std::chrono::microseconds round_trip);

/// What one stream carried, or a sort wrote, on the machine of tests/bench/README.md.
constexpr double bytes_per_second = 100e6;

}  // namespace pgpassage::migrate
