#pragma once

#include <string>
#include <string_view>

/// Names as text: lower case, without the final dot.
namespace pgpassage::dns {

std::string canonical(std::string_view name);

/// Is `name` the zone's own name or below it? The zone "." holds every name.
bool under(std::string_view name, std::string_view zone);

/// The part of a name below a zone; "@" for the zone's own name.
std::string relative_to(std::string_view name, std::string_view zone);

std::string_view first_label(std::string_view name);

inline constexpr std::string_view azure_suffix = "postgres.database.azure.com";
inline constexpr std::string_view privatelink_zone = "privatelink.postgres.database.azure.com";

}  // namespace pgpassage::dns
