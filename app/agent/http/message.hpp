#pragma once

#include <string>
#include <utility>
#include <vector>

/// HTTP messages as values: what the agent's API needs of them and no more. Beast stays behind http/reader.cpp.
namespace pgpassage::app::agent {

struct HttpRequest {
  std::string method;  ///< "GET"; empty: a method that HTTP does not know
  std::string target;  ///< as it came: path and query, still percent-encoded
  std::string host, authorization, content_type, last_event_id, idempotency_key, origin;  ///< headers; empty: absent
  std::string body;
  bool keep_alive = true;  ///< the client may send another request on this connection
};

struct HttpResponse {
  int status = 200;
  std::string body;  ///< never empty
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// The whole message as it goes over the wire, with Content-Length. Never cached on the way.
std::string to_wire(const HttpResponse& response, bool keep_alive);

/// The head of an event stream, which ends when the connection does.
std::string event_stream_head();

/// A client's request. `headers` beside Host, Accept and those of the body.
std::string to_wire(const HttpRequest& request);

/// The words for a status, "Not Found".
std::string reason_of(int status);

}  // namespace pgpassage::app::agent
