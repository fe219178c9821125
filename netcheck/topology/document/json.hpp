#pragma once

#include <optional>

#include "netcheck/topology/document/document.hpp"

namespace pgpassage::document {

/// The tree of a text that is surely valid JSON within the limits of document.hpp; absent when it is not, or when this
/// cannot tell.
std::optional<Document> scan_json(std::string_view text);

/// The tree of any text, or what is wrong with it and where. Takes twice the time of scan_json(), which read_json()
/// asks first.
tl::expected<Document, Diagnostic> parse_json(std::string_view text);

}  // namespace pgpassage::document
