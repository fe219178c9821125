#pragma once

#include <string_view>

/// Data files of this folder, compiled in.
namespace pgpassage::app::embedded {

extern const std::string_view report_css;  ///< of the HTML report

}  // namespace pgpassage::app::embedded
