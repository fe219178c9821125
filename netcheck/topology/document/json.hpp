#pragma once

#include <optional>

#include "netcheck/topology/document/document.hpp"

namespace pgpassage::document {

/// The tree of a text that is surely valid JSON within the limits of document.hpp; absent when it is not, or when this
/// cannot tell. read_json() asks the careful reader then, which finds what is wrong and where.
std::optional<Document> scan_json(std::string_view text);

}  // namespace pgpassage::document
