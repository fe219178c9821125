#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "migrate/plan/catalog.hpp"
#include "migrate/plan/script.hpp"

/// The work of one database as steps with dependencies and costs. Pure.
namespace pgpassage::migrate {

enum class StepKind : std::uint8_t {
  table_rows,     ///< `subject` is an index into Catalog::tables, `piece` one of its ranges
  large_objects,  ///< all of them
  statements,     ///< `subject` is an index into the schema's entries
  analyze,        ///< `subject` is an index into Catalog::tables; past its end, into Catalog::analyzed
  barrier         ///< nothing to do: what comes after waits for everything before
};

/// What limits how many steps run at once.
enum class Lane : std::uint8_t { copy, index, none };

struct PlanStep {
  StepKind kind = StepKind::barrier;
  Lane lane = Lane::none;
  std::size_t subject = 0;
  std::size_t piece = 0;
  std::vector<std::size_t> after;  ///< indexes of earlier steps
  double cost = 0;                 ///< bytes read or written; compares steps, predicts no time
  std::vector<Oid> tables;         ///< locked by it
  bool exclusive = false;          ///< its locks admit nobody else; otherwise they admit others that are not exclusive
};

using Plan = std::vector<PlanStep>;  ///< every step comes after those in its `after`

/// Table rows; then each table's indexes and constraints as soon as its rows are in; then foreign keys; then every
/// other post-data entry in the archive's order; then ANALYZE. `pieces[i]` is the number of ranges of table i.
/// Entries of the pre-data section, ownership and privileges are not in it.
Plan plan_database(const Catalog& catalog, const std::vector<SchemaEntry>& entries,
                   const std::vector<std::size_t>& pieces);

/// For each entry, whether it may exist only after rows: indexes, constraints, triggers, rules, policies, and the
/// comments and security labels of these.
std::vector<bool> post_data(const std::vector<SchemaEntry>& entries);

/// The oid of the index that an entry makes, also as that of a constraint.
Oid index_of(const SchemaEntry& entry, const Catalog& catalog);

/// For each entry, whether it is an event trigger, or a comment or security label of one: what is done once they exist
/// would make them fire, so that they come after everything else and are no steps of the plan.
std::vector<bool> event_triggers(const std::vector<SchemaEntry>& entries);

/// For each step, the cost of the longest chain of steps that begins with it.
std::vector<double> chain_costs(const Plan& plan);

}  // namespace pgpassage::migrate
