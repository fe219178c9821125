#pragma once

#include <string>

#include "app/options.hpp"
#include "app/report/document.hpp"

namespace pgpassage::app {

/// True for the formats that are drawn from a `Report`: all but text, json and csv.
bool drawn_from_report(Format format);

/// The report in one of those, or as JSON. Pure.
std::string render_report(const Report& report, Format format);

}  // namespace pgpassage::app
