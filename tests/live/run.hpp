#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

namespace pgpassage::live {

/// Runs one coroutine to its end on a context of its own, and hands out what it returned.
template <class T>
T run(boost::asio::awaitable<T> work) {
  boost::asio::io_context context;
  std::optional<T> result;
  std::exception_ptr escaped;
  boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr error, T value) {
    escaped = error;
    result.emplace(std::move(value));
  });
  context.run();
  if (escaped) std::rethrow_exception(escaped);
  return std::move(*result);
}

}  // namespace pgpassage::live
