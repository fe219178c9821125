#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "app/agent/http/reader.hpp"

namespace pgpassage::app::agent {

namespace http = boost::beast::http;

struct RequestReader::Parser {
  std::size_t most_body_bytes;
  std::string waiting;  // bytes that no message has taken yet
  std::optional<http::request_parser<http::string_body>> message;
  bool some = false;

  void renew() {
    message.emplace();
    message->header_limit(most_header_bytes);
    message->body_limit(most_body_bytes);
    message->eager(true);
    some = false;
  }
};

RequestReader::RequestReader(std::size_t most_body_bytes) : parser_{std::make_unique<Parser>()} {
  parser_->most_body_bytes = most_body_bytes;
  parser_->renew();
}
RequestReader::~RequestReader() = default;

Reading RequestReader::put(std::string_view bytes) {
  parser_->waiting += bytes;
  auto& message = *parser_->message;
  while (!message.is_done() && !parser_->waiting.empty()) {
    boost::system::error_code error;
    const std::size_t taken = message.put(boost::asio::buffer(parser_->waiting), error);
    parser_->waiting.erase(0, taken);
    parser_->some = true;
    if (error == http::error::need_more) break;
    if (error == http::error::header_limit || error == http::error::body_limit) return Reading::too_large;
    if (error) return Reading::malformed;
  }
  // A message of this version must name its host, and only this version is spoken.
  if (message.is_header_done() && message.get().version() != 11) return Reading::malformed;
  if (message.is_done()) return Reading::whole;
  return message.is_header_done() ? Reading::body : Reading::header;
}

bool RequestReader::begun() const { return parser_->some; }

bool RequestReader::expects_continue() const {
  return parser_->message->is_header_done() && parser_->message->get()[http::field::expect] == "100-continue";
}

HttpRequest RequestReader::take() {
  auto message = parser_->message->release();
  parser_->renew();
  const auto header = [&](http::field name) { return std::string{message[name]}; };
  HttpRequest request{.method = {},
                      .target = std::string{message.target()},
                      .host = header(http::field::host),
                      .authorization = header(http::field::authorization),
                      .content_type = header(http::field::content_type),
                      .last_event_id = std::string{message["Last-Event-ID"]},
                      .idempotency_key = std::string{message["Idempotency-Key"]},
                      .origin = header(http::field::origin),
                      .body = std::move(message.body()),
                      .keep_alive = message.keep_alive()};
  if (message.method() != http::verb::unknown) request.method = std::string{message.method_string()};
  return request;
}

}  // namespace pgpassage::app::agent
