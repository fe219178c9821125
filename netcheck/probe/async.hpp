#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

/// What every coroutine that waits for a socket needs.
namespace pgpassage {

/// `const auto [error, bytes] = co_await socket.async_read_some(buffer, nothrow_awaitable);`
inline constexpr auto nothrow_awaitable = boost::asio::as_tuple(boost::asio::use_awaitable);

/// Runs a coroutine on a strand of its own, and continues where the caller was. `||` and cancellation touch a
/// coroutine's operations from the side: without a strand that is a data race as soon as the io_context has threads.
template <class T>
boost::asio::awaitable<T> on_own_strand(boost::asio::awaitable<T> coroutine) {
  const auto executor = co_await boost::asio::this_coro::executor;
  co_return co_await boost::asio::co_spawn(boost::asio::make_strand(executor), std::move(coroutine),
                                           boost::asio::use_awaitable);
}

}  // namespace pgpassage
