#pragma once

#include "app/exit_code.hpp"
#include "app/options.hpp"
#include "migrate/engine/engine.hpp"
#include "migrate/state/ledger.hpp"

namespace pgpassage::app {

/// Runs a migration that the ledger has, in this process, to its end: told to the ledger, shown on standard error, its
/// result to standard output. Answers with the exit code of its state.
int run_recorded(const CommonOptions& common, migrate::Ledger& ledger, migrate::MigrationId id,
                 migrate::Request request);

/// 0 succeeded, 4 canceled, 1 otherwise.
ExitCode exit_code_of(migrate::State state);

}  // namespace pgpassage::app
