#include "netcheck/probe/greeting.hpp"

#include <fmt/format.h>

#include <optional>

#include "netcheck/probe/server_error.hpp"

namespace pgpassage::netcheck {
namespace {

/// 'E', a text, and a zero byte at its end.
std::optional<std::string> bare_error(std::string_view bytes) {
  if (!bytes.starts_with('E') || bytes.size() < 3 || bytes.back() != 0 || bytes[1] < ' ' || bytes[1] > '~')
    return std::nullopt;
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
  if (const auto error = server_error_of(bytes)) return {Speaker::postgres_error, in_words(*error)};
  if (const auto error = bare_error(bytes)) return {Speaker::postgres_error, *error};
  return {Speaker::somebody_else, likeness(bytes)};
}

}  // namespace pgpassage::netcheck
