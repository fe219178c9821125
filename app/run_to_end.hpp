#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <csignal>

#include "app/interruption.hpp"
#include "app/two_threads.hpp"
#include "netcheck/base/error.hpp"

namespace pgpassage::app {

/// A terminal that goes away asks us to stop, unless nohup said that it does not matter.
inline bool hang_up_is_ignored() {
  struct sigaction now {};
  return sigaction(SIGHUP, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

/// What a signal did before, again when this ends: the signal_set leaves the system's default behind.
class SignalsAsBefore {
 public:
  SignalsAsBefore() {
    for (std::size_t i = 0; i < numbers.size(); ++i) sigaction(numbers[i], nullptr, &before_[i]);
  }
  ~SignalsAsBefore() {
    for (std::size_t i = 0; i < numbers.size(); ++i) sigaction(numbers[i], &before_[i], nullptr);
  }
  SignalsAsBefore(const SignalsAsBefore&) = delete;
  SignalsAsBefore& operator=(const SignalsAsBefore&) = delete;

 private:
  static constexpr std::array numbers{SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, numbers.size()> before_{};
};

/// Runs work with servers on a context of two threads. Ctrl-C, SIGTERM and SIGHUP cancel the coroutine, which stops its
/// statements on the servers before it ends; what it then returns is the result. Rethrows what escaped it.
template <class T>
Result<T> run_to_end(boost::asio::awaitable<Result<T>> work) {
  namespace asio = boost::asio;
  const InterruptionHeld held;  // while handlers change, the system's default is in force
  const SignalsAsBefore signals_as_before;
  asio::io_context context;
  const auto strand = asio::make_strand(context);
  asio::cancellation_signal stop;
  asio::signal_set signals{strand, SIGINT, SIGTERM};
  if (!hang_up_is_ignored()) signals.add(SIGHUP);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) stop.emit(asio::cancellation_type::terminal);
  });
  const InterruptionAwaited awaited;  // also by a caller that holds them
  return run_on_two_threads(context, strand, std::move(work), stop.slot(), [&] { signals.cancel(); });
}

}  // namespace pgpassage::app
