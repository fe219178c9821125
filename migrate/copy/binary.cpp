#include "migrate/copy/binary.hpp"

namespace pgpassage::migrate {
namespace {

constexpr std::string_view signature{"PGCOPY\n\377\r\n\0", 11};
constexpr std::size_t header_bytes = 19;  // signature, flags, and the length of an extension that no version has

template <class Number>
void append(std::string& text, Number number) {
  for (int shift = 8 * (static_cast<int>(sizeof number) - 1); shift >= 0; shift -= 8)
    text += static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xff);
}

// Takes a number in network order off the front; what is too short reads as -1, which ends every reading.
std::int64_t take(std::string_view& text, std::size_t bytes) {
  if (text.size() < bytes) return -1;
  std::uint64_t value = (static_cast<unsigned char>(text.front()) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<unsigned char>(text[i]);
  text.remove_prefix(bytes);
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::vector<std::string_view> fields_of_row(std::string_view message) {
  if (message.starts_with(signature) && message.size() >= header_bytes) message.remove_prefix(header_bytes);
  std::vector<std::string_view> fields;
  for (std::int64_t left = take(message, 2); left > 0; --left) {
    const std::int64_t bytes = take(message, 4);
    const auto length = static_cast<std::size_t>(bytes < 0 ? 0 : bytes);
    if (message.size() < length) return {};
    fields.push_back(message.substr(0, length));
    message.remove_prefix(length);
  }
  return fields;
}

std::int64_t number_of(std::string_view field) {
  if (field.size() == 8) return take(field, 8);
  return field.size() == 4 ? take(field, 4) & 0xffffffff : 0;  // oids have no sign
}

std::string binary_oid(std::uint32_t oid) {
  std::string text;
  append(text, oid);
  return text;
}

std::string binary_bigint(std::int64_t number) {
  std::string text;
  append(text, number);
  return text;
}

std::string binary_array(ElementType type, const std::vector<std::string>& elements) {
  std::string text;
  append(text, std::int32_t{elements.empty() ? 0 : 1});  // dimensions
  append(text, std::int32_t{0});                         // no NULLs
  append(text, static_cast<std::uint32_t>(type));
  if (elements.empty()) return text;
  append(text, static_cast<std::int32_t>(elements.size()));
  append(text, std::int32_t{1});  // the lower bound
  for (const std::string& element : elements) {
    append(text, static_cast<std::int32_t>(element.size()));
    text += element;
  }
  return text;
}

}  // namespace pgpassage::migrate
