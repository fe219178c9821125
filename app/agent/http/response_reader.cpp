#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "app/agent/http/reader.hpp"

namespace pgpassage::app::agent {

namespace http = boost::beast::http;

struct ResponseReader::Parser {
  std::string waiting;
  http::response_parser<http::string_body> message;
};

ResponseReader::ResponseReader() : parser_{std::make_unique<Parser>()} {
  parser_->message.header_limit(most_header_bytes);
  parser_->message.body_limit(most_response_bytes);
  parser_->message.eager(false);  // an event stream's bytes are not ours to gather
}
ResponseReader::~ResponseReader() = default;

Reading ResponseReader::put(std::string_view bytes) {
  parser_->waiting += bytes;
  auto& message = parser_->message;
  while (!message.is_done() && !parser_->waiting.empty()) {
    if (message.is_header_done() && event_stream()) return Reading::body;
    boost::system::error_code error;
    const std::size_t taken = message.put(boost::asio::buffer(parser_->waiting), error);
    parser_->waiting.erase(0, taken);
    if (error == http::error::need_more) break;
    if (error == http::error::header_limit || error == http::error::body_limit) return Reading::too_large;
    if (error) return Reading::malformed;
  }
  if (message.is_done()) return Reading::whole;
  return message.is_header_done() ? Reading::body : Reading::header;
}

Reading ResponseReader::end() {
  boost::system::error_code error;
  if (!parser_->message.got_some()) return Reading::malformed;  // Beast may not be asked then
  if (!parser_->message.is_done()) parser_->message.put_eof(error);
  return !error && parser_->message.is_done() ? Reading::whole : Reading::malformed;
}

bool ResponseReader::header_whole() const { return parser_->message.is_header_done(); }
int ResponseReader::status() const { return static_cast<int>(parser_->message.get().result_int()); }
bool ResponseReader::event_stream() const {
  return parser_->message.get()[http::field::content_type].starts_with("text/event-stream");
}
bool ResponseReader::keep_alive() const { return parser_->message.get().keep_alive(); }
std::string ResponseReader::body() { return parser_->message.get().body(); }
std::string ResponseReader::rest() { return std::move(parser_->waiting); }

}  // namespace pgpassage::app::agent
