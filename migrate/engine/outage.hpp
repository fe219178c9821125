#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "netcheck/base/deadline.hpp"
#include "netcheck/base/error.hpp"

namespace pgpassage::migrate {

/// Whether servers that went away are still waited for, and how long until the next try: half a second at first, then
/// twice as long each time, up to fifteen. Live.
class Outage {
 public:
  /// `time` is how long one outage may last.
  explicit Outage(std::chrono::seconds time) : time_{time} {}

  /// Whether `error` may pass by itself. `reached`: the servers let us in since the last time, so that another outage
  /// begins. `finished` tells how much has been done so far: an outage that comes again and again without anything done
  /// in between is the work's own doing and does not pass.
  bool may_pass(const Error& error, bool reached, std::size_t finished);
  /// Until the next try. Errc::canceled. A coroutine that was shielded from cancellation can be canceled again.
  boost::asio::awaitable<Result<void>> wait();

 private:
  std::chrono::seconds time_;
  std::chrono::milliseconds pause_{500};
  Deadline over_ = Deadline::min();
  std::size_t finished_ = 0;
  int losses_ = 0;
};

}  // namespace pgpassage::migrate
