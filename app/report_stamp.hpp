#pragma once

#include "app/options.hpp"
#include "app/report/provenance.hpp"

namespace pgpassage::app {

/// Time, host and account of a report that is made now, here, unless the settings say otherwise; no inputs yet.
Provenance provenance_here(const ReportSettings& settings);

}  // namespace pgpassage::app
