#include "migrate/probe/probe_session.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include "migrate/probe/carriage.hpp"
#include "netcheck/probe/async.hpp"
#include "netcheck/probe/ladder.hpp"
#include "netcheck/probe/silence.hpp"
#include "netcheck/probe/startup.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using netcheck::Ladder;
using netcheck::Observation;
using netcheck::Observed;
using netcheck::StepKind;
using netcheck::TcpState;
using Clock = Deadline::clock;
using Carry = asio::awaitable<Result<void>> (*)(Session&, std::size_t);

constexpr std::size_t large_bytes = 64 * 1024, first_bytes = 1024 * 1024, most_bytes = 64 * 1024 * 1024;

/// Another descriptor of a session's socket, which is still there to be asked after libpq has closed its own.
class KeptSocket {
 public:
  KeptSocket() = default;
  KeptSocket(const KeptSocket&) = delete;
  KeptSocket& operator=(const KeptSocket&) = delete;
  ~KeptSocket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  void keep(int socket) { descriptor_ = dup(socket); }
  std::optional<TcpState> state() const { return netcheck::tcp_state_of(descriptor_); }

 private:
  int descriptor_ = -1;
};

std::string cause_of(const Error& error) {
  if (error.code == Errc::timed_out) return "timed-out";
  if (!error.sqlstate.empty())  // by the message, since libpq does not tell the server's routine
    return netcheck::cause_of_refusal(error.sqlstate,
                                      error.message.find("pg_hba") == std::string::npos ? "" : "ClientAuthentication");
  return error.code == Errc::refused_login ? "password-missing" : "login-failed";
}

std::string words(const Error& error) {
  return error.cure.empty() ? error.message : fmt::format("{}; {}", error.message, error.cure);
}

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

asio::awaitable<Result<double>> round_trip_ms(Session& session) {
  auto least = Clock::duration::max();
  for (int i = 0; i < 5; ++i) {
    const auto began = Clock::now();
    const auto answered = co_await session.query("SELECT 1");
    if (!answered) co_return tl::unexpected(answered.error());
    least = std::min(least, Clock::now() - began);
  }
  co_return seconds(least) * 1e3;
}

asio::awaitable<std::optional<Session>> log_in(const SessionProbe& wanted, Deadline deadline, Ladder& ladder) {
  ladder.begin(StepKind::login);
  auto session = co_await Session::connect(wanted.server, wanted.database, deadline);
  if (!session && session.error().code == Errc::canceled) co_return std::nullopt;
  if (!session) {
    ladder.fail(Observed::connected, cause_of(session.error()), words(session.error()));
    co_return std::nullopt;
  }
  const auto round_trip = co_await round_trip_ms(*session);
  if (!round_trip) {
    if (round_trip.error().code != Errc::canceled)
      ladder.fail(Observed::connected, "login-failed", words(round_trip.error()));
    co_return std::nullopt;
  }
  const int version = session->server_version();
  ladder.pass(fmt::format("PostgreSQL {}.{} as {} to {}{}, round trip {:.1f} ms", version / 10000, version % 10000,
                          PQuser(session->handle()), PQdb(session->handle()),
                          PQsslInUse(session->handle()) == 1 ? " over TLS" : "", *round_trip));
  co_return std::move(*session);
}

asio::awaitable<bool> try_large(Session& session, const KeptSocket& socket, Ladder& ladder) {
  ladder.begin(StepKind::path_mtu);
  const std::vector<Parameter> parameters{std::string(large_bytes, 'x')};
  const auto answered = co_await session.query("SELECT $1::text", parameters);  // as much comes back as went
  if (!answered) {
    if (answered.error().code != Errc::canceled)
      ladder.fail(Observed::connected, "login-failed", words(answered.error()));
    co_return false;
  }
  const auto state = socket.state();
  ladder.pass(fmt::format("{} KB passed each way, path MTU {}", large_bytes / 1024, state ? state->path_mtu : 0));
  co_return true;
}

/// Megabytes a second: a first megabyte tells how many may pass in a second, and those are measured.
asio::awaitable<Result<double>> rate(Session& session, Carry carry) {
  std::size_t bytes = first_bytes;
  double took = 0;
  for (const bool measured : {false, true}) {
    const auto began = Clock::now();
    if (const auto carried = co_await carry(session, bytes); !carried) co_return tl::unexpected(carried.error());
    took = std::max(seconds(Clock::now() - began), 1e-6);
    if (!measured)
      bytes = std::clamp(static_cast<std::size_t>(static_cast<double>(bytes) / took), first_bytes, most_bytes);
  }
  co_return static_cast<double>(bytes) / took / 1e6;
}

std::string rate_text(const Result<double>& rate) {
  return rate ? fmt::format("{:.1f} MB/s", *rate) : fmt::format("not measured ({})", rate.error().message);
}

bool lossy(const TcpState& state) {
  return state.resent * 100 > state.segments_sent || state.out_of_order * 100 > state.segments_received;
}

void judge_throughput(const Result<double>& down, const Result<double>& up, const KeptSocket& socket, Ladder& ladder) {
  const TcpState state = socket.state().value_or(TcpState{});
  const std::string evidence = fmt::format(
      "{} from the server, {} to it; {} of {} segments sent again, {} of {} came out of order", rate_text(down),
      rate_text(up), state.resent, state.segments_sent, state.out_of_order, state.segments_received);
  if (!down && !up) return ladder.fail(Observed::connected, "login-failed", evidence);
  if (lossy(state)) return ladder.poor("packet-loss", evidence);
  if (down.value_or(1) < 1 || up.value_or(1) < 1) return ladder.poor("slow-path", evidence);
  ladder.pass(evidence);
}

asio::awaitable<void> measure(Session& session, const KeptSocket& socket, Ladder& ladder) {
  ladder.begin(StepKind::throughput);
  const auto down = co_await rate(session, receive_bytes);
  if (!down && down.error().code == Errc::canceled) co_return;
  const auto up = co_await rate(session, send_bytes);
  if (!up && up.error().code == Errc::canceled) co_return;
  judge_throughput(down, up, socket, ladder);
}

asio::awaitable<void> climb(const SessionProbe& wanted, Deadline deadline, KeptSocket& socket, Ladder& ladder) {
  auto session = co_await log_in(wanted, deadline, ladder);
  if (!session) co_return;
  socket.keep(PQsocket(session->handle()));
  if (co_await try_large(*session, socket, ladder) && wanted.throughput) co_await measure(*session, socket, ladder);
}

/// The deadline came in the middle of a step.
void give_up(const KeptSocket& socket, Ladder& ladder) {
  if (!ladder.under_way()) return;
  if (*ladder.under_way() == StepKind::login)
    return ladder.fail(Observed::timed_out, "timed-out", "the login did not end until the deadline");
  const netcheck::Silence silence = netcheck::silence_at(*ladder.under_way(), socket.state());
  ladder.fail(silence.observed, silence.cause, silence.words);
}

asio::awaitable<netcheck::ProbeSteps> probe(SessionProbe wanted, Deadline deadline) {
  Observation observation;
  Ladder ladder{observation};
  KeptSocket socket;
  asio::steady_timer timer{co_await asio::this_coro::executor, deadline};
  const auto first = co_await (timer.async_wait(nothrow_awaitable) || climb(wanted, deadline, socket, ladder));
  if (first.index() == 0) give_up(socket, ladder);
  co_return std::move(observation.steps);
}

}  // namespace

asio::awaitable<netcheck::ProbeSteps> probe_session(SessionProbe wanted, Deadline deadline) {
  auto probing = probe(std::move(wanted), deadline);
  co_return co_await on_own_strand(std::move(probing));
}

}  // namespace pgpassage::migrate
