#include "app/version.hpp"

namespace pgpassage::app {

const std::string_view version = PGPASSAGE_VERSION;
const std::string_view build = PGPASSAGE_BUILD;
const std::string_view report_bugs_at = std::string_view{PGPASSAGE_HOMEPAGE_URL}.empty()
                                            ? "the place where you got pgpassage from"
                                            : PGPASSAGE_HOMEPAGE_URL;

std::string_view built_from() { return commit.empty() ? "unknown: not built in a git checkout" : commit; }

}  // namespace pgpassage::app
