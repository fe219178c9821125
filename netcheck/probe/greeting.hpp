#pragma once

#include <array>
#include <string>
#include <string_view>

/// What answers on a port: the first bytes that come back after an SSLRequest. Pure.
namespace pgpassage::netcheck {

/// SSLRequest: the length, 8, then 80877103, both in network order.
/// Source: PostgreSQL documentation, "Message Formats", SSLRequest.
inline constexpr std::array<unsigned char, 8> ssl_request{0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F};

enum class Speaker {
  postgres_with_tls,     ///< exactly one byte, S
  postgres_without_tls,  ///< exactly one byte, N
  postgres_error,        ///< an ErrorResponse: PostgreSQL, or a pooler that speaks its protocol, and unwilling
  somebody_else
};

struct Greeting {
  Speaker speaker = Speaker::somebody_else;
  std::string detail;  ///< the server's own words, or what they look like; empty for S and N
};

/// Judges the bytes of the first read. PostgreSQL sends one byte and then waits, so "SSH-2.0-..." is not an S: more
/// bytes behind it are somebody else's, or somebody's attempt to be taken for the server before TLS (CVE-2021-23222).
/// An ErrorResponse is read in both its forms: of protocol 3, and the bare text that a server sends when it cannot
/// even start a process. No I/O, cannot fail; unprintable bytes are shown as dots.
Greeting greeting_of(std::string_view bytes);

}  // namespace pgpassage::netcheck
