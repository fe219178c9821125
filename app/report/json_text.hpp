#pragma once

#include <boost/json/fwd.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "netcheck/base/location.hpp"

/// JSON as text for people and for version control: two spaces a level, one member a line, keys in the order in which
/// they were added. Short arrays and objects of plain values stay on one line. Numbers have no exponent and at most six
/// decimals; what is no number is null.
namespace pgpassage::app {

std::string json_text(const boost::json::value& value);  ///< ends with a line end

boost::json::string json_string(std::string_view text);         ///< always valid UTF-8
boost::json::value json_string_or_null(std::string_view text);  ///< null for an empty text
boost::json::value line_json(Location location);                ///< null when it is not known
/// {file, line, column}; null when it is not known.
boost::json::value location_json(std::string_view file, Location location);

}  // namespace pgpassage::app
