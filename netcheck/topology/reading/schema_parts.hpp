#pragma once

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>

#include "netcheck/topology/reading/fields.hpp"

/// The JSON Schema, written from the same tables that the reader obeys. Parts are JSON texts.
namespace pgpassage::reading {

/// Gathers the definition of each kind of object that a schema refers to.
class Schema {
 public:
  /// {"$ref": ...} to the definition of a kind, which is made when it is first asked for.
  std::string reference(const ObjectKind& kind);
  /// The body of a kind: type, properties, required, additionalProperties.
  std::string object(const ObjectKind& kind);
  const std::map<std::string, std::string>& definitions() const { return definitions_; }

 private:
  std::map<std::string, std::string> definitions_;
};

std::string json_string(std::string_view text);

inline std::string string_schema() { return R"({"type": "string"})"; }
inline std::string pattern_schema(std::string_view pattern) {
  return fmt::format(R"({{"type": "string", "pattern": {}}})", json_string(pattern));
}
inline std::string list_schema(std::string_view element) {
  return fmt::format(R"({{"type": "array", "items": {}}})", element);
}

}  // namespace pgpassage::reading
