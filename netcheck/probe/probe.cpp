#include "netcheck/probe/probe.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <string_view>

#include "netcheck/probe/async.hpp"
#include "netcheck/probe/greeting.hpp"
#include "netcheck/probe/tls.hpp"

namespace pgpassage::netcheck {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace asio::experimental::awaitable_operators;

/// Why connecting failed; the causes behind each error were measured on Linux.
Observed observed_of(error_code error) {
  switch (error.value()) {
    case ECONNREFUSED: return Observed::refused;
    case ETIMEDOUT: return Observed::timed_out;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case ECANCELED: return Observed::not_probed;
    case ECONNRESET: return Observed::not_postgres;
    default: return Observed::unreachable;
  }
}

std::string words_of(error_code error) {
  switch (error.value()) {
    case EACCES:  // a local route "prohibit"
    case EINVAL:  // a local route "blackhole"
    case EPERM:   // a local packet filter
      return error.message() + ": a route or a packet filter of this machine forbids it";
    case EAFNOSUPPORT:
    case EADDRNOTAVAIL: return error.message() + ": this machine has no address of that family";
    case EMFILE:
    case ENFILE: return error.message() + ": raise the limit of open files (ulimit -n)";
    default: return error.message();
  }
}

void note(Observation& observation, Observed observed, std::string detail) {
  observation.observed = observed;
  observation.detail = std::move(detail);
}

/// What the answer to SSLRequest shows; a server that offers TLS is taken at its word.
asio::awaitable<void> judge_greeting(tcp::socket& socket, std::string_view bytes, Observation& observation) {
  const Greeting greeting = greeting_of(bytes);
  if (greeting.speaker == Speaker::somebody_else) co_return note(observation, Observed::not_postgres, greeting.detail);
  if (greeting.speaker != Speaker::postgres_with_tls) co_return note(observation, Observed::connected, greeting.detail);
  observation.tls_offered = true;
  const auto version = co_await shake_hands(socket);
  if (version)
    note(observation, Observed::connected, *version);
  else
    note(observation, Observed::tls_failed, version.error().message);
}

/// Writes into `observation` as it goes, so that a deadline finds how far it came.
asio::awaitable<void> converse(tcp::socket& socket, tcp::endpoint peer, Observation& observation) {
  const auto [connect_error] = co_await socket.async_connect(peer, nothrow_awaitable);
  if (connect_error) co_return note(observation, observed_of(connect_error), words_of(connect_error));
  error_code ignored;
  observation.source_address = IpAddress::parse(socket.local_endpoint(ignored).address().to_string());
  std::array<char, 512> bytes{};
  co_await asio::async_write(socket, asio::buffer(ssl_request), nothrow_awaitable);  // reading shows what went wrong
  const auto [read_error, size] = co_await socket.async_read_some(asio::buffer(bytes), nothrow_awaitable);
  if (read_error == asio::error::eof)
    co_return note(observation, Observed::not_postgres, "the connection was closed without an answer to SSLRequest");
  if (read_error)
    co_return note(observation, Observed::not_postgres,
                   "the connection broke without an answer to SSLRequest: " + read_error.message());
  co_await judge_greeting(socket, std::string_view{bytes.data(), size}, observation);
}

std::string silence_of(const Observation& observation) {
  if (!observation.source_address) return "no answer to the connection request until the deadline";
  if (observation.tls_offered) return "the server offered TLS, and the handshake did not end until the deadline";
  return "TCP connected, but no answer to SSLRequest until the deadline";
}

tcp::endpoint endpoint_of(const IpAddress& address, Port port) {
  error_code error;  // what IpAddress holds, Asio reads
  return {asio::ip::make_address(address.to_string(), error), port};
}

asio::awaitable<Observation> probe(IpAddress address, Port port, Deadline deadline) {
  Observation observation{.observed = Observed::not_probed, .address = address, .port = port};
  const auto executor = co_await asio::this_coro::executor;
  const tcp::endpoint peer = endpoint_of(address, port);
  tcp::socket socket{executor};
  error_code error;
  socket.open(peer.protocol(), error);
  if (error) {
    note(observation, observed_of(error), words_of(error));
    co_return observation;
  }
  const auto started = Deadline::clock::now();
  asio::steady_timer timer{executor, deadline};
  const auto first = co_await (timer.async_wait(nothrow_awaitable) || converse(socket, peer, observation));
  if (first.index() == 0) {
    const bool canceled = bool{std::get<0>(std::get<0>(first))};
    note(observation, canceled ? Observed::not_probed : Observed::timed_out,
         canceled ? "the probe was canceled" : silence_of(observation));
  }
  observation.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Deadline::clock::now() - started);
  co_return observation;
}

}  // namespace

asio::awaitable<Observation> probe_postgres(IpAddress address, Port port, Deadline deadline) {
  Observation observation{.observed = Observed::not_probed, .address = address, .port = port};
  observation.detail = "the time limit had passed before this probe could begin";
  if (deadline <= Deadline::clock::now()) co_return observation;
  auto probing = probe(address, port, deadline);
  co_return co_await on_own_strand(std::move(probing));
}

}  // namespace pgpassage::netcheck
