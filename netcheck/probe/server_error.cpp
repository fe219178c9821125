#include "netcheck/probe/server_error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pgpassage::netcheck {

std::string excerpt(std::string_view bytes) {
  constexpr std::size_t longest = 80;
  std::string text{bytes.substr(0, std::min(bytes.find_first_of("\r\n"), longest))};
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '.');
  return text;
}

std::optional<ServerError> server_error_of(std::string_view bytes) {
  if (!bytes.starts_with('E') || bytes.size() < 6 || bytes[1] != 0 || bytes[2] != 0)
    return std::nullopt;  // no error has 64 KB
  ServerError error;
  for (std::string_view fields = bytes.substr(5); !fields.empty() && fields.front() != 0;) {
    const std::size_t end = std::min(fields.find('\0'), fields.size());
    const std::string text = excerpt(fields.substr(1, end - 1));
    if (fields.front() == 'M') error.message = text;
    if (fields.front() == 'C') error.sqlstate = text;
    if (fields.front() == 'R') error.routine = text;
    fields.remove_prefix(std::min(end + 1, fields.size()));
  }
  if (error.message.empty()) return std::nullopt;
  return error;
}

std::string in_words(const ServerError& error) {
  return error.sqlstate.empty() ? error.message : fmt::format("{} (SQLSTATE {})", error.message, error.sqlstate);
}

}  // namespace pgpassage::netcheck
