#pragma once

#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>
#include <initializer_list>
#include <stdexcept>
#include <string>

/// JSON read again that a pgpassage wrote, perhaps another version. For another shape all throw what boost.json throws;
/// who calls them catches it once, around the whole document.
namespace pgpassage::app {

inline std::string text_of(const boost::json::value& value) { return boost::json::value_to<std::string>(value); }

/// Empty for null.
inline std::string text_or_nothing(const boost::json::value& value) {
  return value.is_null() ? std::string{} : text_of(value);
}

/// The one of `values` whose name the text is; std::invalid_argument for a word that is none of them.
template <class Value>
Value spelled(const boost::json::value& text, std::initializer_list<Value> values) {
  for (const Value value : values)
    if (text.as_string() == to_string(value)) return value;
  throw std::invalid_argument{"unknown word"};
}

}  // namespace pgpassage::app
