#pragma once

#include <string_view>

#include "migrate/cdc/change.hpp"

namespace pgpassage::migrate::cdc {

/// "2026-11-21 17:13:07.5+00", as plug-ins write a commit's time; absent when it is anything else.
Time timestamp_of(std::string_view text);

}  // namespace pgpassage::migrate::cdc
