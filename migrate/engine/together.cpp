#include "migrate/engine/together.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <list>
#include <utility>

#include "migrate/pg/wait.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
constexpr auto nothrow_awaitable = asio::as_tuple(asio::use_awaitable);

asio::awaitable<bool> was_canceled() {
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

class Together {
 public:
  Together(asio::any_io_executor executor, std::vector<Work> works)
      : executor_{executor},
        wake_{executor},
        results_(works.size(), fail(Errc::internal, "did not end")),
        left_{works.size()} {
    for (std::size_t i = 0; i < works.size(); ++i) start(i, std::move(works[i]));
  }

  asio::awaitable<std::vector<Result<void>>> end(std::function<bool()> asked_to_stop) {
    bool stopping = false;
    while (left_ > 0) {
      wake_.expires_after(asked_to_stop || stopping ? std::chrono::seconds{1} : std::chrono::hours{24});
      co_await wake_.async_wait(nothrow_awaitable);
      const bool canceled = co_await was_canceled();
      if (left_ == 0) break;
      if (!stopping && !canceled && !(asked_to_stop && asked_to_stop())) continue;
      // Again and again: work that was cleaning up when it was asked first did not hear of it.
      if (!std::exchange(stopping, true)) co_await shield_from_cancellation();
      for (auto& signal : signals_) signal.emit(asio::cancellation_type::terminal);
    }
    if (escaped_) std::rethrow_exception(escaped_);
    co_return std::move(results_);
  }

 private:
  void start(std::size_t i, Work work) {
    const auto ended = [this, i](const std::exception_ptr& exception, Result<void> result) {
      if (exception) escaped_ = exception;
      results_[i] = std::move(result);
      if (--left_ == 0) wake_.cancel();
    };
    signals_.emplace_back();
    asio::co_spawn(executor_, std::move(work),
                   asio::bind_cancellation_slot(signals_.back().slot(), asio::bind_executor(executor_, ended)));
  }

  asio::any_io_executor executor_;
  asio::steady_timer wake_;
  std::list<asio::cancellation_signal> signals_;
  std::vector<Result<void>> results_;
  std::size_t left_;
  std::exception_ptr escaped_;
};

}  // namespace

asio::awaitable<std::vector<Result<void>>> run_together(std::vector<Work> works, std::function<bool()> asked_to_stop) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Together together{executor, std::move(works)};
  co_return co_await together.end(std::move(asked_to_stop));
}

Turns::Turns(asio::any_io_executor executor) : free_{executor, asio::steady_timer::time_point::max()} {}

asio::awaitable<Result<void>> Turns::run(Work work) {
  while (taken_) {
    co_await free_.async_wait(nothrow_awaitable);
    if (co_await was_canceled()) co_return fail(Errc::canceled, "canceled");
  }
  taken_ = true;
  auto done = co_await std::move(work);
  taken_ = false;
  free_.cancel();
  co_return done;
}

}  // namespace pgpassage::migrate
