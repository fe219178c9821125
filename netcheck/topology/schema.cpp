#include "netcheck/topology/schema.hpp"

#include <fmt/format.h>

#include "netcheck/topology/reading/kinds.hpp"
#include "netcheck/topology/reading/schema_parts.hpp"

namespace pgpassage {
namespace reading {
namespace {

/// "virtualNetworkLink" for the kind "virtual network link".
std::string definition_name(std::string_view noun) {
  std::string name;
  bool upper = false;
  for (const char c : noun) {
    if (c != ' ') name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    upper = c == ' ';
  }
  return name;
}

/// A value of an optional key may be null: it then counts as absent.
std::string property(Schema& schema, const Field& field) {
  const std::string value = field.schema(schema);
  const std::string description = json_string(field.description);
  if (field.need == Need::required) return fmt::format(R"({{"description": {}, "allOf": [{}]}})", description, value);
  return fmt::format(R"({{"description": {}, "anyOf": [{}, {{"type": "null"}}]}})", description, value);
}

std::string has_value(std::string_view key) {
  return fmt::format(R"({{"required": [{0}], "properties": {{{0}: {{"not": {{"type": "null"}}}}}}}})",
                     json_string(key));
}

std::string choices(const ObjectKind& kind) {
  std::string parts;
  for (const Choice& choice : kind.choices) {
    const std::string a = has_value(kind.fields[choice.first].key);
    const std::string b = has_value(kind.fields[choice.second].key);
    parts += fmt::format(R"({}{{"not": {{"allOf": [{}, {}]}}}})", parts.empty() ? "" : ", ", a, b);
    if (choice.need == Need::required) parts += fmt::format(R"(, {{"anyOf": [{}, {}]}})", a, b);
  }
  return parts.empty() ? parts : fmt::format(R"(, "allOf": [{}])", parts);
}

/// Lines and two spaces per level, for people who open the schema.
std::string indented(std::string_view json) {
  std::string text;
  std::size_t level = 0;
  bool quoted = false;
  const auto line = [&] { text += '\n' + std::string(level * 2, ' '); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted && c == '\\') {
      text += json.substr(i++, 2);
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (quoted || (c != '{' && c != '}' && c != ',' && c != ' ')) {
      text += c;
      if (!quoted && c == ':') text += ' ';
    } else if (c == '{') {
      text += c;
      ++level;
      line();
    } else if (c == '}') {
      --level;
      line();
      text += c;
    } else if (c == ',') {
      text += c;
      line();
    }
  }
  return text + '\n';
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string Schema::reference(const ObjectKind& kind) {
  const std::string name = definition_name(kind.noun);
  if (!definitions_.contains(name)) {
    definitions_[name];  // a kind that holds itself would not end otherwise
    definitions_[name] = fmt::format("{{{}}}", object(kind));
  }
  return fmt::format(R"({{"$ref": "#/$defs/{}"}})", name);
}

std::string Schema::object(const ObjectKind& kind) {
  std::string properties;
  std::string needed;
  for (const Field& field : kind.fields) {
    properties +=
        fmt::format("{}{}: {}", properties.empty() ? "" : ", ", json_string(field.key), property(*this, field));
    if (field.need == Need::required) needed += (needed.empty() ? "" : ", ") + json_string(field.key);
  }
  return fmt::format(
      R"("description": {}, "type": "object", "properties": {{{}}}, "required": [{}], "additionalProperties": false{})",
      json_string(kind.description), properties, needed, choices(kind));
}

}  // namespace reading

std::string topology_json_schema() {
  reading::Schema schema;
  const std::string body = schema.object(reading::kind_of<Topology>());
  std::string definitions;
  for (const auto& [name, text] : schema.definitions())
    definitions += fmt::format("{}{}: {}", definitions.empty() ? "" : ", ", reading::json_string(name), text);
  return reading::indented(fmt::format(
      R"({{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "pgpassage topology", {}, "$defs": {{{}}}}})",
      body, definitions));
}

}  // namespace pgpassage
