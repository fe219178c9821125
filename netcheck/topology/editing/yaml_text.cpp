#include "netcheck/topology/editing/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <string_view>

namespace pgpassage::editing {
namespace json = boost::json;
namespace {

/// Words and numbers that some reader of YAML takes for something else than a text.
bool means_something_else(std::string_view text) {
  static constexpr std::array<std::string_view, 11> words{"true", "false", "yes",  "no", "on", "off",
                                                          "null", "y",     "none", "n",  "nan"};
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lower != "none" && std::ranges::find(words, lower) != words.end()) return true;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error != std::errc::invalid_argument && end == text.data() + text.size();
}

bool plain(std::string_view text) {
  constexpr std::string_view inside = "_./@-";
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  return !text.empty() && (letter(text.front()) || text.front() == '/') && !means_something_else(text) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || inside.find(c) != inside.npos; }) &&
         !text.starts_with("0x") && !text.starts_with("0o");
}

std::string key_text(std::string_view key) {
  return plain(key) ? std::string{key} : json::serialize(json::string{key});
}

bool simple(const json::value& value) {
  if (const json::object* object = value.if_object())
    return object->size() <= 4 &&
           std::ranges::none_of(*object, [](const auto& member) { return member.value().is_object(); }) &&
           flow_text(value).size() <= 100;
  if (const json::array* list = value.if_array())
    return std::ranges::none_of(*list, [](const json::value& element) { return element.is_structured(); });
  return true;
}

}  // namespace

bool needs_lines(const json::value& value) { return value.is_object() || !simple(value); }

std::string flow_text(const json::value& value) {
  if (const json::string* text = value.if_string()) return plain(*text) ? std::string{*text} : json::serialize(value);
  std::string result;
  if (const json::array* list = value.if_array()) {
    for (const json::value& element : *list) result += (result.empty() ? "" : ", ") + flow_text(element);
    return "[" + result + "]";
  }
  if (const json::object* object = value.if_object()) {
    for (const auto& member : *object)
      result += (result.empty() ? "" : ", ") + key_text(member.key()) + ": " + flow_text(member.value());
    return "{" + result + "}";
  }
  return json::serialize(value);
}

std::string block_text(const json::value& value, std::size_t indent) {
  const std::string margin(indent, ' ');
  std::string result;
  const auto next_line = [&] { result += result.empty() ? "" : "\n" + margin; };
  if (const json::object* object = value.if_object(); object != nullptr && !object->empty()) {
    for (const auto& member : *object) {
      next_line();
      result += key_text(member.key()) + ":";
      const bool below = needs_lines(member.value());
      const std::size_t inner = indent + 2;
      result +=
          below ? "\n" + std::string(inner, ' ') + block_text(member.value(), inner) : " " + flow_text(member.value());
    }
    return result;
  }
  if (const json::array* list = value.if_array(); list != nullptr && !simple(value)) {
    for (const json::value& element : *list) {
      next_line();
      result += "- " + (simple(element) ? flow_text(element) : block_text(element, indent + 2));
    }
    return result;
  }
  return flow_text(value);
}

}  // namespace pgpassage::editing
