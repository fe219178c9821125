#include "netcheck/topology/document/document.hpp"

#include <algorithm>
#include <cstring>

#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::document {

const Node* value_of(const Node& mapping, std::string_view key) {
  if (mapping.kind != Kind::mapping) return nullptr;
  for (const Node* name = mapping.begin(); name != mapping.end(); name = name->after()->after())
    if (name->scalar() && name->text() == key) return name->after();
  return nullptr;
}

std::size_t size_of(const Node& parent) {
  if (parent.kind == Kind::sequence) return parent.size;
  if (parent.kind != Kind::mapping) return 0;
  return children_of(parent);
}

std::uint32_t children_of(const Node& parent) {
  std::uint32_t count = 0;
  for (const Node* child = parent.begin(); child != parent.end(); child = child->after()) ++count;
  return count;
}

std::string_view Document::keep(std::string_view text) {
  if (text.empty()) return {};
  char* copy = static_cast<char*>(texts->allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

namespace {

/// Written so that compilers count many bytes at once.
int characters_in(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += (byte & 0xC0) != 0x80 ? 1 : 0;  // not the continuation of a character
  return static_cast<int>(count);
}

}  // namespace

Location Position::at(std::size_t offset) {
  offset = std::min(offset, text_.size());
  while (offset_ < offset) {
    const std::string_view rest = text_.substr(offset_, offset - offset_);
    const std::size_t line_end = rest.find('\n');
    if (line_end == rest.npos) {
      location_.column += characters_in(rest);
      offset_ = offset;
    } else {
      ++location_.line;
      location_.column = 1;
      offset_ += line_end + 1;
    }
  }
  return location_;
}

Location PlaceIndex::at(std::size_t offset) const {
  constexpr std::size_t step = 4096;
  offset = std::min(offset, text_.size());
  if (marks_.empty()) {
    Position position{text_};
    for (std::size_t mark = 0; mark <= text_.size(); mark += step) marks_.push_back(position.at(mark));
  }
  const std::size_t mark = offset / step;
  return Position{text_, mark * step, marks_[mark]}.at(offset);
}

std::size_t offset_of_character(std::string_view text, std::size_t number) {
  for (std::size_t offset = 0; offset < text.size(); ++offset) {
    if ((text[offset] & 0xC0) == 0x80) continue;
    if (number == 0) return offset;
    --number;
  }
  return text.size();
}

std::string shown_at(std::string_view text, std::size_t offset) {
  constexpr std::size_t near = 250;  // bytes, more than a message shows
  offset = std::min(offset, text.size());
  const std::string_view around = text.substr(offset - std::min(offset, near)).substr(0, 2 * near);
  if (around.find_first_of("@=") != around.npos || reading::mentions_password(around)) return {};
  std::string_view line = text.substr(offset, near);
  line = line.substr(0, line.find_first_of("\r\n"));
  line = line.substr(0, invalid_utf8_at(line));
  line = line.substr(0, line.find_last_not_of(" \t") + 1);
  return line.empty() ? std::string{} : " at " + reading::quoted(line);
}

std::size_t invalid_utf8_at(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
    const unsigned first = byte(i);
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xC2 && first < 0xE0 ? 2
                               : first >= 0xE0 && first < 0xF0 ? 3
                               : first >= 0xF0 && first < 0xF5 ? 4
                                                               : 0;
    if (length == 0) return i;
    for (std::size_t k = 1; k < length; ++k)
      if ((byte(i + k) & 0xC0) != 0x80) return i;
    const unsigned second = byte(i + 1);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool outside = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
    if (overlong || outside) return i;
    i += length;
  }
  return std::string_view::npos;
}

}  // namespace pgpassage::document
