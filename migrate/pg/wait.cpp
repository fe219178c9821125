#include "migrate/pg/wait.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "migrate/pg/errors.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;
constexpr auto nothrow_awaitable = asio::as_tuple(asio::use_awaitable);

Result<void> waited(const boost::system::error_code& error) {
  if (!error) return {};
  if (error == asio::error::operation_aborted) return fail(Errc::canceled, "canceled");
  return fail(Errc::connection_lost, "waiting for the server failed: {}", error.message());
}

// A cancellation that arrived between two waits is only remembered: ask before every wait.
asio::awaitable<bool> canceled() {
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

}  // namespace

asio::awaitable<Result<void>> wait_until_ready(stream_descriptor& descriptor, Readiness what) {
  if (co_await canceled()) co_return fail(Errc::canceled, "canceled");
  const auto [error] = co_await descriptor.async_wait(what, nothrow_awaitable);
  co_return waited(error);
}

asio::awaitable<Result<void>> wait_until_ready(stream_descriptor& descriptor, Readiness what, Deadline deadline) {
  using namespace asio::experimental::awaitable_operators;
  if (co_await canceled()) co_return fail(Errc::canceled, "canceled");
  asio::steady_timer timer{descriptor.get_executor(), deadline};
  const auto first = co_await (descriptor.async_wait(what, nothrow_awaitable) || timer.async_wait(nothrow_awaitable));
  if (first.index() == 0) co_return waited(std::get<0>(std::get<0>(first)));
  if (std::get<0>(std::get<1>(first))) co_return fail(Errc::canceled, "canceled");
  co_return fail(Errc::timed_out, "the server did not answer in time");
}

asio::awaitable<Result<void>> flush(Session& session) {
  for (;;) {
    const int left = PQflush(session.handle());
    if (left == 0) co_return Result<void>{};
    if (left < 0) co_return tl::unexpected(connection_error(session.handle()));
    // Writable is the common case; readable matters when the server answers before it has read everything.
    const auto ready = co_await wait_until_ready(session.descriptor(), Readiness::wait_write);
    if (!ready) co_return ready;
    if (PQconsumeInput(session.handle()) == 0) co_return tl::unexpected(connection_error(session.handle()));
  }
}

asio::awaitable<Result<PgResult>> next_result(Session& session) {
  while (PQisBusy(session.handle()) == 1) {
    const auto ready = co_await wait_until_ready(session.descriptor(), Readiness::wait_read);
    if (!ready) co_return tl::unexpected(ready.error());
    if (PQconsumeInput(session.handle()) == 0) co_return tl::unexpected(connection_error(session.handle()));
  }
  co_return PgResult{PQgetResult(session.handle())};
}

asio::awaitable<void> shield_from_cancellation() {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
}

}  // namespace pgpassage::migrate
