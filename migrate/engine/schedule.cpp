#include "migrate/engine/schedule.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <memory>

#include "migrate/pg/wait.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
constexpr auto nothrow_awaitable = asio::as_tuple(asio::use_awaitable);
using Clock = std::chrono::steady_clock;
constexpr auto tick_interval = std::chrono::seconds{1};

asio::io_context& context_of(const asio::any_io_executor& executor) {
  return static_cast<asio::io_context&>(asio::query(executor, asio::execution::context));
}

Error escaped(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& error) {
    return {Errc::internal, error.what(), {}, {}};
  }
}

// A step on a strand of its own, and how it is stopped.
struct Stop {
  asio::strand<asio::io_context::executor_type> strand;
  std::shared_ptr<asio::cancellation_signal> signal = std::make_shared<asio::cancellation_signal>();

  // Asio hands the signal over to the strand by a plain pointer, and the step may have ended by itself before that is
  // read there: the strand keeps the signal until it has been.
  void emit() const {
    signal->emit(asio::cancellation_type::terminal);
    asio::post(strand, [kept = signal] {});
  }
};

class Runner {
 public:
  Runner(asio::any_io_executor executor, const Plan& plan, Schedule schedule)
      : executor_{executor},
        plan_{plan},
        schedule_{std::move(schedule)},
        chains_{chain_costs(plan)},
        progress_(plan.size(), Progress::waiting),
        wake_{executor} {}

  asio::awaitable<Result<void>> run() {
    while (!error_ && done_ < plan_.size()) {
      start_what_can();
      if (done_ == plan_.size() || error_) break;
      if (running_ == 0) co_return fail(Errc::internal, "the plan has steps that wait for each other");
      const bool go_on = co_await wait_for_a_change();
      if (!go_on) error_ = Error{Errc::canceled, "canceled", {}, {}};
    }
    if (!error_) co_return Result<void>{};
    co_await shield_from_cancellation();  // for good, also in what awaits us: only when nothing else is to be done
    stop_all();
    while (running_ > 0) co_await wait_for_a_change();
    co_return tl::unexpected(*error_);
  }

 private:
  void start_what_can() {
    for (auto step = next(); step < plan_.size(); step = next()) {
      if (plan_[step].kind == StepKind::barrier)
        finish(step);
      else
        start(step);
    }
  }

  std::size_t next() const { return next_step(plan_, chains_, progress_, schedule_.limits); }

  void finish(std::size_t step) {
    progress_[step] = Progress::done;
    ++done_;
    schedule_.finished(step);
  }

  void start(std::size_t step) {
    progress_[step] = Progress::running;
    ++running_;
    const auto ended = [this, step](std::exception_ptr exception, Result<void> result) {
      --running_;
      wake_.cancel();
      if (exception) result = tl::unexpected(escaped(exception));
      if (result) return finish(step);
      if (!error_) error_ = result.error();
    };
    const Stop stop{asio::make_strand(context_of(executor_))};
    stops_.insert_or_assign(step, stop);
    asio::co_spawn(stop.strand, schedule_.perform(step),
                   asio::bind_cancellation_slot(stop.signal->slot(), asio::bind_executor(executor_, ended)));
  }

  void stop_all() {
    for (const auto& [step, stop] : stops_)
      if (progress_[step] == Progress::running) stop.emit();
  }

  // False when this coroutine was canceled. A step that ends also cancels the timer: that is the change.
  asio::awaitable<bool> wait_for_a_change() {
    co_await asio::this_coro::throw_if_cancelled(false);
    wake_.expires_at(next_tick_);
    co_await wake_.async_wait(nothrow_awaitable);
    if (Clock::now() >= next_tick_) {
      next_tick_ = Clock::now() + tick_interval;
      schedule_.tick();
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    co_return state.cancelled() == asio::cancellation_type::none;
  }

  asio::any_io_executor executor_;
  const Plan& plan_;
  Schedule schedule_;
  std::vector<double> chains_;
  std::vector<Progress> progress_;
  std::map<std::size_t, Stop> stops_;
  asio::steady_timer wake_;
  Clock::time_point next_tick_ = Clock::now() + tick_interval;
  std::size_t done_ = 0;
  std::size_t running_ = 0;
  std::optional<Error> error_;
};

}  // namespace

asio::awaitable<Result<void>> run_plan(const Plan& plan, Schedule schedule) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Runner runner{executor, plan, std::move(schedule)};
  co_return co_await runner.run();
}

}  // namespace pgpassage::migrate
