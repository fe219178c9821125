#include "app/version.hpp"

namespace pgpassage::app {

const std::string_view version = PGPASSAGE_VERSION;
const std::string_view report_bugs_at = "https://github.com/pgpassage/pgpassage/issues";

}  // namespace pgpassage::app
