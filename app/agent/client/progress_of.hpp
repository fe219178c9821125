#pragma once

#include <string_view>

#include "app/progress/progress.hpp"
#include "netcheck/base/error.hpp"

namespace pgpassage::app::agent {

/// The `data` of a progress event, which is what `show --format json` prints, as the display needs it. Errc::io for
/// what an agent of this version would not write. Pure.
Result<ProgressSnapshot> progress_of(std::string_view data);

/// The state in the `data` of an end event; likewise.
Result<migrate::State> end_of(std::string_view data);

}  // namespace pgpassage::app::agent
