#pragma once

#include <string>
#include <string_view>

namespace pgpassage::reading {

/// Azure's spelling of a service tag without its region; empty when the tag is not among those that we know.
std::string_view known_tag(std::string_view text);
/// The tag that was likely meant, with the region of `text`; empty when none is close.
std::string likely_tag(std::string_view text);

}  // namespace pgpassage::reading
