#pragma once

#include <boost/json/value.hpp>
#include <string>

/// Values as YAML text.
namespace pgpassage::editing {

/// In one line: {name: x, ports: ["5432"]}.
std::string flow_text(const boost::json::value& value);

/// Over several lines, of which all but the first begin with `indent` spaces: the keys of a mapping one below the
/// other, a list of mappings with its dashes two columns further in. No line end at the end. Short values stay in
/// one line.
std::string block_text(const boost::json::value& value, std::size_t indent);

/// Does `block_text` of this value stand on lines of its own below its key?
bool needs_lines(const boost::json::value& value);

}  // namespace pgpassage::editing
