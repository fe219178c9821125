#include "app/agent/http/message.hpp"

#include <fmt/format.h>
#include <boost/beast/http/status.hpp>

namespace pgpassage::app::agent {
namespace {

void add(std::string& text, std::string_view name, std::string_view value) {
  if (!value.empty()) text += fmt::format("{}: {}\r\n", name, value);
}

}  // namespace

std::string reason_of(int status) {
  return std::string{boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status))};
}

std::string to_wire(const HttpResponse& response, bool keep_alive) {
  std::string text = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n"
      "X-Content-Type-Options: nosniff\r\n",
      response.status, reason_of(response.status), response.content_type, response.body.size());
  for (const auto& [name, value] : response.headers) add(text, name, value);
  add(text, "Connection", keep_alive ? "" : "close");
  return text + "\r\n" + response.body;
}

std::string event_stream_head() {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
}

std::string to_wire(const HttpRequest& request) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\n", request.method, request.target);
  add(text, "Host", request.host);
  add(text, "Authorization", request.authorization);
  add(text, "Last-Event-ID", request.last_event_id);
  add(text, "Idempotency-Key", request.idempotency_key);
  add(text, "Connection", request.keep_alive ? "" : "close");
  if (!request.body.empty()) {
    add(text, "Content-Type", "application/json");
    add(text, "Content-Length", std::to_string(request.body.size()));
  }
  return text + "\r\n" + request.body;
}

}  // namespace pgpassage::app::agent
