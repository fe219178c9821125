#pragma once

#include "app/report/document.hpp"
#include "app/report/provenance.hpp"
#include "migrate/state/record.hpp"

namespace pgpassage::app {

/// The report of `report NAME`: everything that the ledger holds about one migration, and where the report comes from.
/// Validations and comparisons are its findings. Pure.
Report migration_report(const migrate::MigrationDetail& detail, migrate::Time now, const Provenance& provenance);

}  // namespace pgpassage::app
