#pragma once

#include <optional>
#include <string>
#include <string_view>

/// PostgreSQL's ErrorResponse as values. Pure.
namespace pgpassage::netcheck {

struct ServerError {
  std::string message;   ///< the first line, short enough for a report; unprintable bytes are dots
  std::string sqlstate;  ///< empty when the server gave none
  std::string routine;   ///< the function in the server that complains: unlike the message it is never translated
};

/// Reads 'E', a length, then fields of a letter and a text; absent when `bytes` are no such thing or have no message.
/// Source: PostgreSQL documentation, "Message Formats", ErrorResponse; "Error and Notice Message Fields".
std::optional<ServerError> server_error_of(std::string_view bytes);

/// "sorry, too many clients already (SQLSTATE 53300)"
std::string in_words(const ServerError& error);

/// The first line of bytes from outside, at most 80 characters, unprintable ones as dots.
std::string excerpt(std::string_view bytes);

}  // namespace pgpassage::netcheck
