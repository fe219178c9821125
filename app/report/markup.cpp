#include "app/report/markup.hpp"

#include "app/report/text_style.hpp"

namespace pgpassage::app {
namespace {

void append_tag(std::string& markup, std::string_view element, Markup::Attributes attributes) {
  markup.append("<").append(element);
  for (const auto& [name, value] : attributes)
    markup.append(" ").append(name).append("=\"").append(escaped(value)).append("\"");
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char character : printable(text)) {
    switch (character) {
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '&': safe += "&amp;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += character;
    }
  }
  return safe;
}

Markup& Markup::open(std::string_view element, Attributes attributes) {
  append_tag(markup_, element, attributes);
  markup_ += '>';
  return *this;
}

Markup& Markup::close(std::string_view element) {
  markup_.append("</").append(element).append(">");
  return *this;
}

Markup& Markup::text(std::string_view text) {
  markup_ += escaped(text);
  return *this;
}

Markup& Markup::leaf(std::string_view element, std::string_view text, Attributes attributes) {
  return open(element, attributes).text(text).close(element);
}

Markup& Markup::single(std::string_view element, Attributes attributes) {
  append_tag(markup_, element, attributes);
  markup_ += "/>";
  return *this;
}

Markup& Markup::line_end() {
  markup_ += '\n';
  return *this;
}

Markup& Markup::raw(std::string_view markup) {
  markup_ += markup;
  return *this;
}

}  // namespace pgpassage::app
