#include "app/agent/client/client.hpp"

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <fstream>

#include "app/agent/api/errors.hpp"
#include "app/agent/http/reader.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds longest_silence{45};

std::chrono::milliseconds left_until(Deadline deadline) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Deadline::clock::now());
}

Result<std::string> bearer(const std::string& token_file) {
  if (token_file.empty()) return std::string{};
  std::ifstream file{token_file};
  std::string token;
  if (!std::getline(file, token)) return fail(Errc::input, "cannot read the agent's token file {}", token_file);
  if (token.ends_with('\r')) token.pop_back();
  return "Bearer " + token;
}

}  // namespace

std::string path_segment(std::string_view name) {
  return boost::urls::encode(boost::core::string_view{name.data(), name.size()}, boost::urls::unreserved_chars);
}

Result<Client> Client::open(const std::string& url, const Credentials& credentials) {
  auto address = address_of_url(url);
  if (!address) return tl::unexpected(address.error());
  auto authorization = bearer(credentials.token_file);
  if (!authorization) return tl::unexpected(authorization.error());
  Client client;
  client.address_ = std::move(*address);
  client.authorization_ = std::move(*authorization);
  if (!client.address_.encrypted) return client;
  auto tls = client_tls(credentials.tls);
  if (!tls) return tl::unexpected(tls.error());
  client.tls_ = std::move(*tls);
  return client;
}

void Client::complete(HttpRequest& request) const {
  request.host = address_.display().substr(address_.encrypted ? 8 : 7);
  request.authorization = authorization_;
}

Error Client::lost(const error_code& error) const {
  // After its handshake a TLS 1.3 server still may turn the client away, which then shows at the first read.
  if (error.category() == asio::error::get_ssl_category())
    return {Errc::refused_login,
            fmt::format("the agent at {} does not let this client in: {}", address_.display(), error.message()),
            {},
            "give --agent-cert and --agent-key of a certificate that its CA signed and that is not revoked"};
  return {Errc::connection_lost,
          fmt::format("the link to the agent at {} is lost: {}", address_.display(), error.message()),
          {},
          {}};
}

asio::awaitable<Result<std::unique_ptr<Wire>>> Client::connect(Deadline deadline) const {
  const auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver{executor};
  const std::string port = std::to_string(address_.port);
  const auto [unknown, found] = co_await resolver.async_resolve(address_.host, port, nothrow_awaitable);
  if (unknown)
    co_return fail(Errc::connect_failed, "the agent's name {} has no address here: {}", address_.host,
                   unknown.message());
  error_code error = asio::error::host_not_found;
  for (const auto& entry : found) {
    tcp::socket socket{executor};
    asio::steady_timer timer{executor, std::min(deadline, Deadline::clock::now() + std::chrono::seconds{10})};
    timer.async_wait([&socket](const error_code& canceled) {
      error_code ignored;
      if (!canceled) socket.close(ignored);
    });
    const tcp::endpoint peer = entry.endpoint();
    const auto [refused] = co_await socket.async_connect(peer, nothrow_awaitable);
    const bool late = timer.cancel() == 0;
    error = late ? error_code{asio::error::timed_out} : refused;
    if (error) continue;
    socket.set_option(tcp::no_delay{true}, error);
    if (!tls_) co_return plain_wire(std::move(socket));
    auto wire = tls_wire(std::move(socket), tls_);
    const Patience patience{executor, *wire, left_until(deadline)};
    const auto shaken = co_await wire->connect(address_.host);
    if (shaken) co_return std::unique_ptr<Wire>{std::move(wire)};
    if (patience.lost()) co_return fail(Errc::timed_out, "the agent at {} does not answer", address_.display());
    co_return fail_with_cure(Errc::refused_login,
                             "give --agent-ca, and the name or address for which the agent has its certificate",
                             "the agent at {} cannot be trusted: {}", address_.display(), shaken.error().message);
  }
  co_return fail(Errc::connect_failed, "cannot reach the agent at {}: {}", address_.display(), error.message());
}

asio::awaitable<Result<Answer>> Client::exchange(Wire& wire, const std::string& request, bool& reusable) const {
  if (const error_code error = co_await wire.write(request); error) co_return tl::unexpected(lost(error));
  ResponseReader reader;
  std::array<char, 16384> chunk;
  Reading reading = Reading::header;
  while (reading == Reading::header || reading == Reading::body) {
    const Transfer read = co_await wire.read(chunk);
    if (read.error && read.error != asio::error::eof && read.error != asio::ssl::error::stream_truncated)
      co_return tl::unexpected(lost(read.error));
    if (read.error)
      reading = reader.end();
    else
      reading = reader.put({chunk.data(), read.bytes});
    if (read.error && reading != Reading::whole) co_return tl::unexpected(lost(read.error));
  }
  if (reading != Reading::whole) co_return fail(Errc::io, "{} does not answer as an agent does", address_.display());
  reusable = reader.keep_alive();
  co_return Answer{reader.status(), reader.body()};
}

asio::awaitable<Result<Answer>> Client::ask(HttpRequest request, Deadline deadline) {
  complete(request);
  const std::string text = to_wire(request);
  const auto executor = co_await asio::this_coro::executor;
  bool reusable = false;
  Result<Answer> answer = fail(Errc::connection_lost, "not asked");
  if (kept_) {  // the agent may have closed it meanwhile
    const Patience patience{executor, *kept_, left_until(deadline)};
    answer = co_await exchange(*kept_, text, reusable);
  }
  if (!answer && answer.error().code == Errc::connection_lost) {
    kept_.reset();
    auto wire = co_await connect(deadline);
    if (!wire) co_return tl::unexpected(wire.error());
    kept_ = std::move(*wire);
    const Patience patience{executor, *kept_, left_until(deadline)};
    answer = co_await exchange(*kept_, text, reusable);
    if (!answer && patience.lost())
      answer = fail(Errc::timed_out, "the agent at {} does not answer in time", address_.display());
  }
  if (!answer || !reusable) kept_.reset();
  if (!answer || answer->status < 300 || answer->status == 422) co_return answer;
  co_return tl::unexpected(error_of(answer->status, answer->body));
}

asio::awaitable<Result<void>> Client::follow(std::string target, std::string last_event_id,
                                             std::function<bool(const ServerEvent&)> take) {
  HttpRequest request{.method = "GET", .target = std::move(target), .last_event_id = std::move(last_event_id)};
  complete(request);
  const auto wire = co_await connect(deadline_in(std::chrono::seconds{20}));
  if (!wire) co_return tl::unexpected(wire.error());
  const std::string text = to_wire(request);
  if (const error_code error = co_await (*wire)->write(text); error) co_return tl::unexpected(lost(error));
  const auto executor = co_await asio::this_coro::executor;
  ResponseReader head;
  EventReader events;
  std::array<char, 16384> chunk;
  while (!events.overflow()) {
    const Patience patience{executor, **wire, longest_silence};
    const Transfer read = co_await (*wire)->read(chunk);
    if (read.error) co_return tl::unexpected(lost(read.error));
    std::string_view bytes{chunk.data(), read.bytes};
    std::string rest;
    if (!head.header_whole() || !head.event_stream()) {
      const Reading reading = head.put(bytes);
      if (reading == Reading::header) continue;
      if (reading == Reading::whole) co_return tl::unexpected(error_of(head.status(), head.body()));
      if (reading != Reading::body) co_return fail(Errc::io, "{} does not answer as an agent does", address_.display());
      if (!head.event_stream()) continue;
      rest = head.rest();
      bytes = rest;
    }
    for (const ServerEvent& event : events.put(bytes))
      if (!take(event)) co_return Result<void>{};
  }
  co_return fail(Errc::io, "{} does not answer as an agent does", address_.display());
}

}  // namespace pgpassage::app::agent
