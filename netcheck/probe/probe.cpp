#include "netcheck/probe/probe.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <string_view>

#include "netcheck/probe/async.hpp"
#include "netcheck/probe/connect_error.hpp"
#include "netcheck/probe/greeting.hpp"
#include "netcheck/probe/ladder.hpp"
#include "netcheck/probe/route.hpp"
#include "netcheck/probe/server_error.hpp"
#include "netcheck/probe/silence.hpp"
#include "netcheck/probe/startup.hpp"
#include "netcheck/probe/tls.hpp"

namespace pgpassage::netcheck {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace asio::experimental::awaitable_operators;

constexpr std::chrono::milliseconds long_way{100};  ///< a round trip that a session of many statements feels

/// The deadline, or whoever asked, ended the wait: the step stays under way, and `give_up` says what that means.
bool given_up(error_code error) { return error == asio::error::operation_aborted; }

void connected(Ladder& ladder, std::string detail) {
  ladder.observation().observed = Observed::connected;
  ladder.observation().detail = std::move(detail);
}

bool find_route(tcp::socket& socket, const tcp::endpoint& peer, Ladder& ladder) {
  ladder.begin(StepKind::route);
  const Observation& observation = ladder.observation();
  const Route route = route_to(socket.get_executor(), *observation.address, peer.port());
  if (route.error) {
    const ConnectError why = connect_error_of(route.error);
    return ladder.fail(why.observed, why.cause, why.words), false;
  }
  ladder.pass(fmt::format("from {}{}", route.source_address ? route.source_address->to_string() : "no address",
                          route.mtu > 0 ? fmt::format(", MTU {}", route.mtu) : ""));
  return true;
}

/// A SYN that was repeated, or a long way, is said here, where nothing else has added to the time.
void judge_connection(tcp::socket& socket, Ladder& ladder) {
  const auto state = tcp_state_of(socket.native_handle());
  if (!state) return ladder.pass();
  const std::string round_trip =
      fmt::format("round trip {:.1f} ms", static_cast<double>(state->round_trip.count()) / 1e3);
  if (state->resent > 0)
    return ladder.poor("packet-loss", fmt::format("connected when the request was sent again; {}", round_trip));
  if (state->round_trip >= long_way) return ladder.poor("high-latency", round_trip);
  ladder.pass(round_trip);
}

asio::awaitable<bool> connect(tcp::socket& socket, tcp::endpoint peer, Ladder& ladder) {
  ladder.begin(StepKind::tcp);
  const auto [error] = co_await socket.async_connect(peer, nothrow_awaitable);
  if (given_up(error)) co_return false;
  if (error) {
    const ConnectError why = connect_error_of(error);
    ladder.fail(why.observed, why.cause, why.words);
    co_return false;
  }
  error_code ignored;
  const auto local = socket.local_endpoint(ignored);
  ladder.observation().source_address = IpAddress::parse(local.address().to_string());
  judge_connection(socket, ladder);
  co_return true;
}

/// S or N; absent when the ladder ends here.
asio::awaitable<std::optional<Speaker>> request_ssl(tcp::socket& socket, Ladder& ladder) {
  ladder.begin(StepKind::ssl_request);
  std::array<char, 512> bytes{};
  co_await asio::async_write(socket, asio::buffer(ssl_request), nothrow_awaitable);  // reading shows what went wrong
  const auto [error, size] = co_await socket.async_read_some(asio::buffer(bytes), nothrow_awaitable);
  if (given_up(error)) co_return std::nullopt;
  const std::string_view answer{bytes.data(), size};
  const Greeting greeting = greeting_of(answer);
  if (error == asio::error::eof)
    ladder.fail(Observed::not_postgres, "closed", "the connection was closed without an answer to SSLRequest");
  else if (error)
    ladder.fail(Observed::not_postgres, "reset",
                "the connection broke without an answer to SSLRequest: " + error.message());
  else if (greeting.speaker == Speaker::somebody_else)
    ladder.fail(Observed::not_postgres, "not-postgres", greeting.detail);
  else if (greeting.speaker == Speaker::postgres_error) {
    const auto said = server_error_of(answer).value_or(ServerError{});
    ladder.fail(Observed::connected, cause_of_refusal(said.sqlstate, said.routine), greeting.detail);
  } else {
    ladder.observation().tls_offered = greeting.speaker == Speaker::postgres_with_tls;
    ladder.pass(ladder.observation().tls_offered ? "S: TLS is offered" : "N: no TLS");
    co_return greeting.speaker;
  }
  co_return std::nullopt;
}

asio::awaitable<bool> secure(TlsStream& stream, const ConnectionParameters& wanted, Ladder& ladder) {
  ladder.begin(StepKind::tls);
  const std::string host = wanted.host.empty() ? ladder.observation().address->to_string() : wanted.host;
  const auto peer = co_await shake_hands(stream, host);
  if (!peer && peer.error().code == Errc::canceled) co_return false;
  if (!peer) {
    ladder.fail(Observed::tls_failed, "tls-handshake-failed", peer.error().message);
    co_return false;
  }
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const SslModeVerdict verdict = verdict_of(wanted.ssl_mode.value_or(SslMode::prefer), *peer, now);
  if (!verdict.cause.empty()) {
    ladder.fail(Observed::tls_failed, verdict.cause,
                fmt::format("sslMode {} refuses the server: {}", to_string(verdict.mode), verdict.why));
    co_return false;
  }
  connected(ladder, peer->version);
  ladder.pass(describe(*peer, now));
  co_return true;
}

/// What libpq would do before anybody is asked for a password. The words of a refusal are the flow's detail as well.
void judge_startup(const StartupAnswer& answer, Ladder& ladder) {
  using Kind = StartupAnswer::Kind;
  if (answer.kind == Kind::admitted) return ladder.pass(answer.evidence);
  if (answer.kind == Kind::wants_login) return ladder.pass("the server asks for " + answer.evidence);
  ladder.fail(Observed::connected, answer.cause, answer.evidence);
}

template <class Stream>
asio::awaitable<void> start_session(Stream& stream, const ConnectionParameters& wanted, Ladder& ladder) {
  if (wanted.user.empty()) co_return;
  ladder.begin(StepKind::startup);
  const std::string message = startup_message(wanted.user, wanted.database);
  co_await asio::async_write(stream, asio::buffer(message), nothrow_awaitable);  // reading shows what went wrong
  std::string received;
  for (StartupAnswer answer;;) {
    std::array<char, 4096> bytes{};
    const auto [error, size] = co_await stream.async_read_some(asio::buffer(bytes), nothrow_awaitable);
    if (given_up(error)) co_return;
    received.append(bytes.data(), size);
    answer = startup_answer_of(received);
    if (answer.kind != StartupAnswer::Kind::incomplete) co_return judge_startup(answer, ladder);
    if (error)
      co_return ladder.fail(Observed::connected, "startup-closed",
                            "the server closed the connection after the startup message: " + error.message());
  }
}

/// Writes down each step as it is made, so that a deadline finds how far it came.
asio::awaitable<void> climb(tcp::socket& socket, tcp::endpoint peer, const ConnectionParameters& wanted,
                            Ladder& ladder) {
  if (!find_route(socket, peer, ladder)) co_return;
  if (!co_await connect(socket, peer, ladder)) co_return;
  const auto speaker = co_await request_ssl(socket, ladder);
  if (!speaker) co_return;
  if (*speaker == Speaker::postgres_with_tls) {
    TlsStream stream = tls_client(socket, wanted.host);
    if (co_await secure(stream, wanted, ladder)) co_await start_session(stream, wanted, ladder);
    co_return;
  }
  connected(ladder, {});
  if (!wants_tls(wanted)) co_return co_await start_session(socket, wanted, ladder);
  ladder.begin(StepKind::tls);
  ladder.fail(Observed::tls_failed, "tls-refused",
              fmt::format("the server has TLS switched off, and sslMode is {}", to_string(*wanted.ssl_mode)));
}

/// The deadline came before the end of the step.
void give_up(tcp::socket& socket, bool canceled, Ladder& ladder) {
  if (!ladder.under_way()) ladder.begin(StepKind::tcp);
  if (canceled) return ladder.fail(Observed::not_probed, "canceled", "the probe was canceled");
  const Silence silence = silence_at(*ladder.under_way(), tcp_state_of(socket.native_handle()));
  ladder.fail(silence.observed, silence.cause, silence.words);
}

tcp::endpoint endpoint_of(const IpAddress& address, Port port) {
  error_code error;  // what IpAddress holds, Asio reads
  return {asio::ip::make_address(address.to_string(), error), port};
}

asio::awaitable<Observation> probe(IpAddress address, Port port, Deadline deadline, ConnectionParameters wanted) {
  Observation observation{.observed = Observed::not_probed, .address = address, .port = port};
  Ladder ladder{observation};
  const auto executor = co_await asio::this_coro::executor;
  const tcp::endpoint peer = endpoint_of(address, port);
  tcp::socket socket{executor};
  error_code error;
  socket.open(peer.protocol(), error);
  if (error) {
    const ConnectError why = connect_error_of(error);
    ladder.begin(StepKind::tcp);
    ladder.fail(why.observed, why.cause, why.words);
    co_return observation;
  }
  const auto started = Deadline::clock::now();
  asio::steady_timer timer{executor, deadline};
  const auto first = co_await (timer.async_wait(nothrow_awaitable) || climb(socket, peer, wanted, ladder));
  if (first.index() == 0) give_up(socket, bool{std::get<0>(std::get<0>(first))}, ladder);
  observation.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Deadline::clock::now() - started);
  co_return observation;
}

}  // namespace

asio::awaitable<Observation> probe_postgres(IpAddress address, Port port, Deadline deadline,
                                            ConnectionParameters wanted) {
  Observation observation{.observed = Observed::not_probed, .address = address, .port = port};
  observation.detail = "the time limit had passed before this probe could begin";
  if (deadline <= Deadline::clock::now()) co_return observation;
  auto probing = probe(address, port, deadline, std::move(wanted));
  co_return co_await on_own_strand(std::move(probing));
}

}  // namespace pgpassage::netcheck
