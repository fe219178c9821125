#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgpassage::app {

/// The one of `words` that was probably meant by `word`: at most a third of its letters wrong (insertions, deletions,
/// replacements, swapped neighbours). Empty when none is near.
std::string likely_meant(std::string_view word, const std::vector<std::string>& words);

}  // namespace pgpassage::app
