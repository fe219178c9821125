#include "netcheck/probe/greeting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace pgpassage::netcheck {
namespace {

bool printable(char c) { return c >= ' ' && c <= '~'; }

/// The first line, short enough for a message.
std::string excerpt(std::string_view bytes) {
  constexpr std::size_t longest = 80;
  std::string text{bytes.substr(0, std::min(bytes.find_first_of("\r\n"), longest))};
  std::replace_if(
      text.begin(), text.end(), [](char c) { return !printable(c); }, '.');
  return text;
}

/// The message and the SQLSTATE of an ErrorResponse of protocol 3: 'E', a length, then fields of a letter and a text.
std::optional<std::string> error_response(std::string_view bytes) {
  if (bytes.size() < 6 || bytes[1] != 0 || bytes[2] != 0) return std::nullopt;  // no error has 64 KB
  std::string message, sqlstate;
  for (std::string_view fields = bytes.substr(5); !fields.empty() && fields.front() != 0;) {
    const std::size_t end = std::min(fields.find('\0'), fields.size());
    if (fields.front() == 'M') message = excerpt(fields.substr(1, end - 1));
    if (fields.front() == 'C') sqlstate = excerpt(fields.substr(1, end - 1));
    fields.remove_prefix(std::min(end + 1, fields.size()));
  }
  if (message.empty()) return std::nullopt;
  return sqlstate.empty() ? message : fmt::format("{} (SQLSTATE {})", message, sqlstate);
}

/// 'E', a text, and a zero byte at its end.
std::optional<std::string> bare_error(std::string_view bytes) {
  if (bytes.size() < 3 || bytes.back() != 0 || !printable(bytes[1])) return std::nullopt;
  return excerpt(bytes.substr(1, bytes.size() - 2));
}

std::string likeness(std::string_view bytes) {
  const std::string text = excerpt(bytes);
  if (bytes.starts_with("HTTP/")) return fmt::format("answers like an HTTP server: {}", text);
  if (bytes.starts_with("SSH-")) return fmt::format("answers like an SSH server: {}", text);
  if (bytes.starts_with("220") || bytes.starts_with("+OK"))
    return fmt::format("answers like a mail or FTP server: {}", text);
  // A TLS record: alert (21) or handshake (22), version 3.x.
  if (bytes.size() > 1 && (bytes[0] == 21 || bytes[0] == 22) && bytes[1] == 3)
    return "answers with TLS, not with PostgreSQL";
  // MySQL's first packet: three bytes of length, packet number 0, protocol 10, then the version as text.
  if (bytes.size() > 5 && bytes[3] == 0 && bytes[4] == 10)
    return fmt::format("answers like a MySQL server: {}", excerpt(bytes.substr(5)));
  return fmt::format("answers something that is not PostgreSQL: {}", text);
}

}  // namespace

Greeting greeting_of(std::string_view bytes) {
  if (bytes == "S") return {Speaker::postgres_with_tls, {}};
  if (bytes == "N") return {Speaker::postgres_without_tls, {}};
  if (bytes.starts_with('E'))
    if (const auto error = bytes.size() > 1 && bytes[1] == 0 ? error_response(bytes) : bare_error(bytes))
      return {Speaker::postgres_error, *error};
  return {Speaker::somebody_else, likeness(bytes)};
}

}  // namespace pgpassage::netcheck
