#pragma once

#include "migrate/engine/engine.hpp"
#include "migrate/state/ledger.hpp"

namespace pgpassage::app {

/// Tells the ledger what a migration tells. A row that the ledger cannot keep does not stop the copy: only a transition
/// does. `ledger` must outlive it.
migrate::Observer recorded(migrate::Ledger& ledger, migrate::MigrationId id);

}  // namespace pgpassage::app
