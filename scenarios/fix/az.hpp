#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "netcheck/base/address.hpp"

/// Command lines of az: words that a shell takes as they are.
namespace pgpassage::scenarios::fix {

inline constexpr std::string_view group = "--resource-group \"$RESOURCE_GROUP\"";

/// A name as one word of a shell; quoted only where it must be.
std::string word(std::string_view text);
/// Prefixes separated by spaces, as az takes several.
std::string words(const std::vector<Cidr>& prefixes);
/// A name of Azure's made of parts: letters, digits, hyphens and underscores, at most 80.
std::string name_from(std::string_view text);

}  // namespace pgpassage::scenarios::fix
