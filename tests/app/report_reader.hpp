#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "app/options.hpp"
#include "app/report/document.hpp"

/// Reads reports as whoever receives them does.
namespace pgpassage::app {

/// Every text that a reader of the report in that format sees, in the order of the document.
std::string seen_by_reader(const Report& report, Format format);

/// The parsed document; a failure of the test when it is none.
pugi::xml_document xml_of(const std::string& text);

std::string replaced(std::string text, std::string_view what, std::string_view by);

}  // namespace pgpassage::app
