#pragma once

#include "app/options.hpp"

namespace CLI {
class App;
}

namespace pgpassage::app {

/// The options of ReportSettings.
void add_report_settings(CLI::App& app, ReportSettings& settings);

}  // namespace pgpassage::app
