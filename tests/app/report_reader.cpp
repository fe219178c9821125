#include "report_reader.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/report/formats.hpp"

namespace pgpassage::app {
namespace {

namespace json = boost::json;

/// Every text that a reader of the format sees, in the order of the document, joined.
std::string seen_in_json(const json::value& value) {
  std::string text;
  if (value.is_string()) text = std::string{value.get_string()} + "\n";
  if (value.is_int64()) text = std::to_string(value.get_int64()) + "\n";
  if (value.is_uint64()) text = std::to_string(value.get_uint64()) + "\n";
  if (value.is_array())
    for (const json::value& element : value.get_array()) text += seen_in_json(element);
  if (value.is_object())
    for (const auto& member : value.get_object()) text += seen_in_json(member.value());
  return text;
}

std::string seen_in_xml(const pugi::xml_node& node) {
  std::string text = std::string{node.value()} + "\n";
  for (const pugi::xml_attribute& attribute : node.attributes()) text += std::string{attribute.value()} + "\n";
  for (const pugi::xml_node& child : node.children()) text += seen_in_xml(child);
  return text;
}

std::string seen_in_markdown(std::string text) {
  for (const std::string_view mark : {"\\`", "\\*", "\\_", "\\[", "\\]", "\\|", "\\~", "\\$"})
    text = replaced(std::move(text), mark, mark.substr(1));
  text = replaced(std::move(text), "\\\\", "\\");
  text = replaced(replaced(replaced(std::move(text), "&lt;", "<"), "&gt;", ">"), "&#64;", "@");
  return replaced(std::move(text), "&amp;", "&");
}

}  // namespace

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

pugi::xml_document xml_of(const std::string& text) {
  pugi::xml_document xml;
  const auto options = pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single;
  const pugi::xml_parse_result parsed = xml.load_string(text.c_str(), options);
  EXPECT_TRUE(parsed) << parsed.description();
  return xml;
}

std::string seen_by_reader(const Report& report, Format format) {
  const std::string text = render_report(report, format);
  switch (format) {
    case Format::junit: return seen_in_markdown(seen_in_xml(xml_of(text)));
    case Format::json:
    case Format::sarif: return seen_in_json(json::parse(text));
    case Format::html: return replaced(seen_in_xml(xml_of(text)), " \\\n  ", " ");  // commands over several lines
    default: return seen_in_markdown(text);
  }
}

}  // namespace pgpassage::app
