#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Bytes as text, RFC 4648 section 4. Pure.
namespace pgpassage::app {

std::string base64_of(std::string_view bytes);
std::optional<std::string> bytes_of_base64(std::string_view text);  ///< absent for anything else, line ends too

}  // namespace pgpassage::app
