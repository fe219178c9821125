#include "app/report/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

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

/// 16.5, and not 1.65E1: the library's form is right, but people read it too. Six decimals are what anything here has.
std::string plain_number(double number) {
  if (!std::isfinite(number)) return "null";
  std::string text = fmt::format("{:.6f}", number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string plain_text(const json::value& value) {
  return value.is_double() ? plain_number(value.get_double()) : json::serialize(value);
}

std::string one_line(const json::value& value) {
  if (plain(value)) return plain_text(value);
  std::string text;
  const auto separate = [&] { text += text.empty() ? "" : ", "; };
  if (value.is_array()) {
    for (const json::value& element : value.get_array()) separate(), text += plain_text(element);
    return "[" + text + "]";
  }
  for (const auto& member : value.get_object())
    separate(), text += json::serialize(member.key()) + ": " + plain_text(member.value());
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

json::value line_json(Location location) { return location.known() ? json::value(location.line) : nullptr; }

json::value location_json(std::string_view file, Location location) {
  if (!location.known()) return nullptr;
  return json::object{{"file", json_string(file)}, {"line", location.line}, {"column", location.column}};
}

}  // namespace pgpassage::app
