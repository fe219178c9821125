#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <vector>

#include "netcheck/base/error.hpp"

/// Several pieces of work at the same time, on one executor. Live.
namespace pgpassage::migrate {

using Work = boost::asio::awaitable<Result<void>>;

/// Runs them all on the caller's executor, and answers when all have ended, with what each returned. When the caller is
/// canceled, or `asked_to_stop` (asked once a second; empty: never) says so, all of them are canceled. Rethrows what
/// escaped from one.
boost::asio::awaitable<std::vector<Result<void>>> run_together(std::vector<Work> works,
                                                               std::function<bool()> asked_to_stop = {});

/// One piece of work at a time, in no particular order, among coroutines of one executor.
class Turns {
 public:
  explicit Turns(boost::asio::any_io_executor executor);

  /// Runs `work` as soon as nobody else's is running. Errc::canceled.
  boost::asio::awaitable<Result<void>> run(Work work);

 private:
  bool taken_ = false;
  boost::asio::steady_timer free_;  // never runs out: canceling it wakes those who wait
};

}  // namespace pgpassage::migrate
