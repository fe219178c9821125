#include "app/agent/server/connection.hpp"

#include <array>

#include "app/agent/log.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {
namespace {

using Clock = std::chrono::steady_clock;

std::string address_of(const asio::ip::tcp::socket& socket) {
  boost::system::error_code gone;
  const auto peer = socket.remote_endpoint(gone);
  return gone ? std::string{} : peer.address().to_string();
}

/// A browser's page may make requests to loopback; it cannot leave out its origin, nor the name by which it asked.
bool from_a_page(const HttpRequest& request) {
  if (!request.origin.empty()) return true;
  std::string_view host = request.host;
  host = host.substr(0, host.starts_with('[') ? host.find(']') + 1 : host.find(':'));
  return host != "localhost" && host != "[::1]" && !host.starts_with("127.");
}

}  // namespace

Connection::Connection(Server& server, asio::ip::tcp::socket socket)
    : server_{server},
      executor_{socket.get_executor()},
      caller_{"anybody", address_of(socket)},
      keys_{server.access_.keys()} {
  ++server_.connections_;
  ++server_.strangers_;
  boost::system::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
  if (keys_->tls) {
    tls_ = tls_wire(std::move(socket), keys_->tls);
    wire_ = tls_.get();
  } else {
    plain_ = plain_wire(std::move(socket));
    wire_ = plain_.get();
  }
}

Connection::~Connection() {
  --server_.connections_;
  known();
}

void Connection::known() {
  if (stranger_) --server_.strangers_;
  stranger_ = false;
}

asio::awaitable<void> Connection::run(Server& server, asio::ip::tcp::socket socket) {
  Connection connection{server, std::move(socket)};
  if (co_await connection.welcome())
    while (auto request = co_await connection.next_request())
      if (!co_await connection.answer(std::move(*request))) break;
  const Patience patience{connection.executor_, *connection.wire_, std::chrono::seconds{1}};
  co_await connection.wire_->finish();
}

asio::awaitable<bool> Connection::welcome() {
  if (tls_) {
    const Patience patience{executor_, *wire_, server_.limits_.header_time};
    const auto shaken = co_await tls_->accept();
    if (!shaken) {
      log().info("client refused address={} reason={}", caller_.address, shaken.error().message);
      co_return false;
    }
    certificate_ = tls_->peer();
    if (certificate_) caller_.name = identity_of(*certificate_).name;
  }
  if (!keys_->token) known();
  co_return true;
}

asio::awaitable<Reading> Connection::read_some() {
  std::array<char, 4096> chunk;
  const Transfer read = co_await wire_->read(chunk);
  if (read.error) co_return Reading::malformed;
  co_return reader_.put({chunk.data(), read.bytes});
}

asio::awaitable<std::optional<HttpRequest>> Connection::next_request() {
  Reading reading = reader_.put({});
  if (reading == Reading::header && !reader_.begun()) {
    // A client's first request must come at once; the next ones may take their time.
    const Patience patience{executor_, *wire_, stranger_ ? server_.limits_.header_time : server_.limits_.idle_time};
    reading = co_await read_some();
  }
  if (reading == Reading::header) {
    const Patience patience{executor_, *wire_, server_.limits_.header_time};
    while (reading == Reading::header) reading = co_await read_some();
  }
  if (reading == Reading::body) {
    if (reader_.expects_continue() && !co_await write("HTTP/1.1 100 Continue\r\n\r\n")) co_return std::nullopt;
    const Patience patience{executor_, *wire_, server_.limits_.body_time};
    while (reading == Reading::body) reading = co_await read_some();
  }
  if (reading == Reading::whole) co_return reader_.take();
  if (!reader_.begun()) co_return std::nullopt;  // it went away between two requests
  const HttpResponse why = reading == Reading::too_large ? refusal(413, "tooLarge", "the request is too large")
                                                         : refusal(400, "input", "that is not a request of HTTP/1.1");
  co_await write(to_wire(why, false));
  co_return std::nullopt;
}

bool Connection::still_admitted() {
  const auto now = server_.access_.keys();
  if (now == keys_) return true;
  if (now->tls && certificate_ && !admits(*now->tls, *certificate_)) return false;
  if (!stranger_ && !knows_token(*now, authorization_)) return false;
  keys_ = now;
  return true;
}

std::optional<HttpResponse> Connection::objection(const HttpRequest& request) {
  if (!server_.rate_.take(caller_.address, Clock::now())) {
    HttpResponse response = refusal(429, "tooManyRequests", "too many requests from this address");
    response.headers.emplace_back("Retry-After", "1");
    return response;
  }
  if (!still_admitted()) return refusal(401, "refusedLogin", "these credentials are not admitted any more");
  if (!knows_token(*keys_, request.authorization)) {
    HttpResponse response = refusal(401, "refusedLogin", "the token is missing or wrong");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  }
  if (!tls_ && from_a_page(request)) return refusal(403, "permission", "a web page may not ask this agent");
  return std::nullopt;
}

asio::awaitable<bool> Connection::answer(HttpRequest request) {
  if (auto no = objection(request)) {
    log().warn("request refused caller={} address={} status={}", caller_.name, caller_.address, no->status);
    const bool stays = no->status == 429 && request.keep_alive;
    co_return co_await write(to_wire(*no, stays)) && stays;
  }
  if (keys_->token && !certificate_) caller_.name = "token";
  known();
  authorization_ = request.authorization;
  const bool stays = request.keep_alive;
  log().debug("request method={} target={} caller={} address={}", request.method, request.target, caller_.name,
              caller_.address);
  Reply reply = co_await server_.answer_(std::move(request), caller_);
  if (auto* feed = std::get_if<EventFeed>(&reply)) {
    co_await stream(std::move(*feed));
    co_return false;
  }
  std::string text = to_wire(std::get<HttpResponse>(reply), stays);
  co_return co_await write(std::move(text)) && stays;
}

asio::awaitable<void> Connection::stream(EventFeed feed) {
  bool open = co_await write(event_stream_head());
  while (open) {
    auto text = co_await feed.next();
    if (!text || !still_admitted()) co_return;
    if (!text->empty()) open = co_await write(std::move(*text));
  }
}

asio::awaitable<bool> Connection::write(std::string text) {
  const Patience patience{executor_, *wire_, server_.limits_.write_time};
  co_return !co_await wire_->write(text);
}

}  // namespace pgpassage::app::agent
