#pragma once

#include <string_view>

namespace pgpassage::app {

extern const std::string_view build;    ///< how it was compiled: "Release, GNU 12.2.0, Linux x86_64"
extern const std::string_view version;  ///< of the project in CMakeLists.txt: "0.1.0"
/// What it was built from, "0a830c8d1e2f", with "+changes" when files differed from it; empty when that is not known.
extern const std::string_view commit;
/// `commit`, or words that say why there is none.
std::string_view built_from();
/// Where to report a bug: the project's home page, else words for wherever the reader has it from.
extern const std::string_view report_bugs_at;

}  // namespace pgpassage::app
