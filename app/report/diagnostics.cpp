#include "app/report/diagnostics.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/report/json_text.hpp"
#include "app/report/text_style.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

/// A suggestion is a likely spelling, which is one word, or a cure in words.
std::string suggestion_text(const std::string& suggestion) {
  if (suggestion.empty()) return {};
  const bool spelling = suggestion.find(' ') == suggestion.npos;
  if (spelling) return fmt::format(" (did you mean '{}'?)", printable(suggestion));
  return fmt::format(" ({})", printable(suggestion));
}

}  // namespace

std::string render_text(const InputErrors& errors) {
  std::string text;
  for (const Diagnostic& diagnostic : errors.diagnostics) {
    text += printable(errors.file);
    if (diagnostic.location.known())
      text += fmt::format(":{}:{}", diagnostic.location.line, diagnostic.location.column);
    text += fmt::format(": error: {}", printable(diagnostic.message));
    text += suggestion_text(diagnostic.suggestion) + '\n';
  }
  return text;
}

std::string render_text(const Error& error) {
  std::string text = fmt::format("pgpassage: error: {}\n", printable(error.message));
  if (!error.cure.empty()) text += fmt::format("  {}\n", printable(error.cure));
  return text;
}

std::string render_json(const InputErrors& errors) {
  json::array list;
  for (const Diagnostic& diagnostic : errors.diagnostics) {
    const bool known = diagnostic.location.known();
    list.push_back(json::object{{"file", json_string(errors.file)},
                                {"line", known ? json::value(diagnostic.location.line) : nullptr},
                                {"column", known ? json::value(diagnostic.location.column) : nullptr},
                                {"message", json_string(diagnostic.message)},
                                {"suggestion", json_string_or_null(diagnostic.suggestion)}});
  }
  return json_text(json::object{{"errors", std::move(list)}});
}

std::string render_json(const Error& error) {
  json::object object{{"file", nullptr}, {"line", nullptr}, {"column", nullptr}};
  object["message"] = json_string(error.message);
  object["suggestion"] = json_string_or_null(error.cure);
  if (!error.sqlstate.empty()) object["sqlstate"] = json_string(error.sqlstate);
  return json_text(json::object{{"errors", json::array{std::move(object)}}});
}

}  // namespace pgpassage::app
