#include "migrate/engine/outage.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds first_pause{500}, longest_pause{15'000};
constexpr int most_losses = 10;

// A server that restarts or cannot be reached; what opened a session before is not a matter of its address.
bool passing(const Error& error) {
  return connection_lost(error) || error.code == Errc::connect_failed || error.code == Errc::timed_out;
}

}  // namespace

bool Outage::may_pass(const Error& error, bool reached, std::size_t finished) {
  if (!passing(error)) return false;
  if (reached) {
    over_ = Clock::now() + time_;
    pause_ = first_pause;
    losses_ = finished > finished_ ? 1 : losses_ + 1;
    finished_ = finished;
  }
  return losses_ <= most_losses && Clock::now() < over_;
}

asio::awaitable<Result<void>> Outage::wait() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_await asio::this_coro::throw_if_cancelled(false);
  asio::steady_timer timer{co_await asio::this_coro::executor, pause_};
  pause_ = std::min(2 * pause_, longest_pause);
  const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  if (error) co_return fail(Errc::canceled, "canceled");
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
