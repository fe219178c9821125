#pragma once

#include <string_view>

namespace pgpassage::app {

extern const std::string_view version;         ///< of the project in CMakeLists.txt: "0.1.0"
extern const std::string_view report_bugs_at;  ///< URL

}  // namespace pgpassage::app
