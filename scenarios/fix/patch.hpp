#pragma once

#include <string>
#include <string_view>

#include "scenarios/fix/fix.hpp"

/// The changes of a fix in the text of the user's file. Pure.
namespace pgpassage::scenarios::fix {

/// A unified diff of a YAML text that `patch -p0` and `git apply -p0` take; `path` stands in its headers. Proven: the
/// patched text was read and judged, and its verdict is that of the fix. An error says that the file's layout does not
/// let a change be written; nothing is wrong with the change then. Not for JSON texts, which take the operations
/// (`Fix::operations`) as a JSON Patch.
Result<std::string> patch_of(std::string_view text, const Fix& fix, std::string_view path);

}  // namespace pgpassage::scenarios::fix
