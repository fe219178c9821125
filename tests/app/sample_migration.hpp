#pragma once

#include "migrate/state/record.hpp"

/// A migration made by hand for the tests of the renderers.
namespace pgpassage::app {

extern const migrate::Time migration_start;  ///< 2025-02-07T10:00:00Z

/// One that failed: two tables differ, a validation warned, and it was verified again.
migrate::MigrationDetail failed_migration();

}  // namespace pgpassage::app
