#pragma once

#include <tl/expected.hpp>
#include <variant>

#include "app/agent/api/requests.hpp"
#include "app/options.hpp"
#include "app/topology_file.hpp"
#include "migrate/engine/engine.hpp"
#include "migrate/state/record.hpp"
#include "scenarios/verdict/assessment.hpp"

/// What `migrate` is asked to do, from a topology file or from two URIs.
namespace pgpassage::app {

struct Crossing {
  migrate::NewMigration record;  ///< for the ledger
  migrate::Request request;      ///< for the engine
};

/// A crossing that an agent is to make.
struct CrossingElsewhere {
  std::string agent;  ///< URL
  agent::StartRequest order;
};

/// One that the ledger has, as it was asked for: with the servers' passwords from where they are now.
Result<Crossing> crossing_of_record(const migrate::NewMigration& record);

/// No scenario is claimed, and the path is `not_checked`.
Result<Crossing> crossing_of_uris(const MigrateOptions& options);

/// Judges the file first, on paper, then whether this machine is at the place where the crossing starts, then live.
/// What is not ready is refused with the findings and exit code of `check`: 1, or 3 for inconclusive, since a migration
/// may not fail half-way for a reason that could have been known. Another place, like an online migration, is exit
/// code 2. Names are resolved as this machine resolves them. When it fails, it has told the user why, and the exit code
/// is the error.
///
/// When this machine is not at that place and the file names an agent that is, or --agent names one, the crossing is
/// that agent's: with topology and passwords, for which this side looks as libpq does.
tl::expected<std::variant<Crossing, CrossingElsewhere>, int> crossing_of_file(const CommonOptions& common,
                                                                              const MigrateOptions& options);

/// A crossing as the file has it, judged on paper.
struct PlannedCrossing {
  Crossing crossing;
  scenarios::Assessment assessment;
};
/// Why there is none: what is wrong with the input, or what the paper says against it.
using Obstacle = std::variant<Error, scenarios::Assessment>;
/// `file` has a migration. Asks nothing and nobody.
tl::expected<PlannedCrossing, Obstacle> plan_crossing(const TopologyFile& file, const MigrateOptions& options);

}  // namespace pgpassage::app
