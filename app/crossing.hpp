#pragma once

#include <tl/expected.hpp>

#include "app/options.hpp"
#include "migrate/engine/engine.hpp"
#include "migrate/state/record.hpp"

/// What `migrate` is asked to do, from a topology file or from two URIs.
namespace pgpassage::app {

struct Crossing {
  migrate::NewMigration record;  ///< for the ledger
  migrate::Request request;      ///< for the engine
};

/// No scenario is claimed, and the path is `not_checked`.
Result<Crossing> crossing_of_uris(const MigrateOptions& options);

/// Judges the file first, on paper, then whether this machine is at the place where the crossing starts, then live.
/// What is not ready is refused with the findings and exit code of `check`: 1, or 3 for inconclusive, since a migration
/// may not fail half-way for a reason that could have been known. Another place, like an online migration, is exit
/// code 2. Names are resolved as this machine resolves them. When it fails, it has told the user why, and the exit code
/// is the error.
tl::expected<Crossing, int> crossing_of_file(const CommonOptions& common, const MigrateOptions& options);

}  // namespace pgpassage::app
