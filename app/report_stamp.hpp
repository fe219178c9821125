#pragma once

#include "app/options.hpp"
#include "app/report/provenance.hpp"
#include "migrate/state/record.hpp"

namespace pgpassage::app {

/// When the report is made: now, unless the settings say otherwise.
migrate::Time report_time(const ReportSettings& settings);

/// Time, host and account of a report that is made now, here, unless the settings say otherwise; no inputs yet.
Provenance provenance_here(const ReportSettings& settings);

}  // namespace pgpassage::app
