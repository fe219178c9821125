#pragma once

#include <string>
#include <string_view>

#include "app/report/text_style.hpp"

namespace pgpassage::app {

/// A command line over several lines that can still be copied into a shell: broken before an option, with a
/// backslash, never within quotes. Lines after the first are indented by `indent` spaces. No line end at the end.
std::string shell_lines(const TextStyle& style, int indent, std::string_view command);

}  // namespace pgpassage::app
