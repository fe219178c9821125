#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "app/agent/http/message.hpp"

/// HTTP/1.1 from bytes, as they come. Boost.Beast reads; its types stay in reader.cpp, because they are heavy.
namespace pgpassage::app::agent {

inline constexpr std::size_t most_header_bytes = 16 * 1024;
inline constexpr std::size_t most_request_bytes = 16 * 1024 * 1024;   ///< a topology of 100,000 rules, and room
inline constexpr std::size_t most_response_bytes = 64 * 1024 * 1024;  ///< a migration of many thousand tables

/// What the bytes so far amount to.
enum class Reading {
  header,     ///< more is needed, and the header is not whole yet
  body,       ///< more is needed
  whole,      ///< take() it
  malformed,  ///< not HTTP: nothing sensible can follow on this connection
  too_large   ///< header or body over its limit; likewise
};

/// The requests of one connection, one after the other.
class RequestReader {
 public:
  explicit RequestReader(std::size_t most_body_bytes = most_request_bytes);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// More bytes, or none: what came early belongs to the next request.
  Reading put(std::string_view bytes);
  /// Some bytes of a request have come.
  bool begun() const;
  /// The client waits for "100 Continue" before it sends the body.
  bool expects_continue() const;
  /// The request that is whole; the reader then reads the next one.
  HttpRequest take();

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

/// The answer to one request.
class ResponseReader {
 public:
  ResponseReader();
  ~ResponseReader();
  ResponseReader(const ResponseReader&) = delete;
  ResponseReader& operator=(const ResponseReader&) = delete;

  Reading put(std::string_view bytes);
  Reading end();  ///< the connection was closed: what has no length is whole then
  bool header_whole() const;
  int status() const;         ///< once the header is whole
  bool event_stream() const;  ///< likewise; what follows the header is then in rest()
  bool keep_alive() const;    ///< of a whole answer: another request may follow
  std::string body();         ///< of a whole answer
  std::string rest();         ///< bytes that the parser has not taken

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace pgpassage::app::agent
