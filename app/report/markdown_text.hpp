#pragma once

#include <string>
#include <string_view>

/// Text in Markdown. Pure.
namespace pgpassage::app {

/// Plain text inside a line: nothing in it is markup, and nothing in it ends the line.
std::string markdown_text(std::string_view text);

/// A block of code, each line behind `margin`, in a fence that nothing in `text` can close.
std::string markdown_fence(std::string_view text, std::string_view language, std::string_view margin);

}  // namespace pgpassage::app
