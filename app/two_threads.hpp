#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <thread>

#include "netcheck/base/error.hpp"

namespace pgpassage::app {

using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;

/// Runs work with servers on a strand of `context`, with this thread and a second one, until the context has nothing
/// left to do. `stop` cancels the work; `ended` is called on the strand when it has ended. Rethrows what escaped it.
template <class T>
Result<T> run_on_two_threads(boost::asio::io_context& context, Strand strand, boost::asio::awaitable<Result<T>> work,
                             boost::asio::cancellation_slot stop = {}, std::function<void()> ended = {}) {
  namespace asio = boost::asio;
  std::optional<Result<T>> outcome;
  std::exception_ptr escaped;
  const auto keep = [&](std::exception_ptr exception, Result<T> result) {
    escaped = exception;
    outcome = std::move(result);
    if (ended) ended();
  };
  asio::co_spawn(strand, std::move(work), asio::bind_cancellation_slot(stop, asio::bind_executor(strand, keep)));
  std::thread second{[&] { context.run(); }};
  context.run();
  second.join();
  if (escaped) std::rethrow_exception(escaped);
  return std::move(*outcome);
}

}  // namespace pgpassage::app
