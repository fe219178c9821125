#pragma once

#include <string>
#include <string_view>

namespace pgpassage::app {

/// Text of a line of a manual page: backslashes and hyphens are literal, and no line begins with a request. Pure.
std::string roff(std::string_view text);

}  // namespace pgpassage::app
