#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "netcheck/topology/editing/edit.hpp"

/// Changes in the text of a topology, which keep its comments and its layout.
namespace pgpassage::editing {

/// The YAML text with the operations made in it, one after the other, in the style of what stands beside them. The
/// result is read again and must hold exactly what the operations make of the tree; where it does not (a value that
/// an alias repeats elsewhere, a style we cannot write), that is an error which says which operation could not be
/// written, and nothing is guessed.
Result<std::string> rewrite_yaml(std::string_view text, const std::vector<Operation>& operations);

/// The difference as `patch -p0` and `git apply -p0` take it, with three lines of context; empty when there is none.
/// `path` stands in both headers.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view path);

}  // namespace pgpassage::editing
