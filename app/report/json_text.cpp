#include "app/report/json_text.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "app/report/text_style.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

constexpr std::size_t line_length = 100;

bool plain(const json::value& value) { return !value.is_object() && !value.is_array(); }

/// True for a container of plain values only, which may stand on one line.
bool flat(const json::value& value) {
  if (value.is_array()) return std::ranges::all_of(value.get_array(), plain);
  return std::ranges::all_of(value.get_object(), [](const auto& member) { return plain(member.value()); });
}

std::string one_line(const json::value& value) {
  if (plain(value)) return json::serialize(value);
  std::string text;
  const auto separate = [&] { text += text.empty() ? "" : ", "; };
  if (value.is_array()) {
    for (const json::value& element : value.get_array()) separate(), text += json::serialize(element);
    return "[" + text + "]";
  }
  for (const auto& member : value.get_object())
    separate(), text += json::serialize(member.key()) + ": " + json::serialize(member.value());
  return "{" + text + "}";
}

void append(std::string& text, const json::value& value, std::size_t indent);

void append_lines(std::string& text, const json::value& value, std::size_t indent) {
  const std::string margin(indent + 2, ' ');
  std::string_view separator = "\n";
  if (value.is_array()) {
    for (const json::value& element : value.get_array()) {
      text.append(separator).append(margin);
      append(text, element, indent + 2);
      separator = ",\n";
    }
  } else {
    for (const auto& member : value.get_object()) {
      text.append(separator).append(margin).append(json::serialize(member.key())).append(": ");
      append(text, member.value(), indent + 2);
      separator = ",\n";
    }
  }
  text.append("\n").append(indent, ' ');
}

void append(std::string& text, const json::value& value, std::size_t indent) {
  if (plain(value) || flat(value)) {
    const std::string line = one_line(value);
    if (plain(value) || indent + line.size() <= line_length) {
      text += line;
      return;
    }
  }
  text += value.is_array() ? '[' : '{';
  append_lines(text, value, indent);
  text += value.is_array() ? ']' : '}';
}

}  // namespace

std::string json_text(const json::value& value) {
  std::string text;
  append(text, value, 0);
  text += '\n';
  return text;
}

json::string json_string(std::string_view text) { return json::string{valid_utf8(text)}; }

json::value json_string_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return json_string(text);
}

}  // namespace pgpassage::app
