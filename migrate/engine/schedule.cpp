#include "migrate/engine/schedule.hpp"

#include <algorithm>
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

  void emit() const {
    signal->emit(asio::cancellation_type::terminal);
    keep();
  }

  // Asio hands the signal over to the strand by a plain pointer, and the step may have ended by itself before that is
  // read there, or is just ending: the strand keeps the signal until it has done what it is doing.
  void keep() const {
    asio::post(strand, [kept = signal] {});
  }
};

unsigned room(unsigned limit, unsigned used) { return limit - std::min(limit, used); }

}  // namespace

// One plan on its way to its end.
class Scheduler::Course {
 public:
  Course(Scheduler& all, const Plan& plan, Schedule schedule)
      : all_{all}, plan_{plan}, schedule_{std::move(schedule)}, agenda_{plan}, wake_{all.executor_} {}

  asio::awaitable<Result<void>> run() {
    while (!error_ && !done()) {
      all_.start_what_can();
      if (done() || error_) break;
      if (all_.idle()) co_return fail(Errc::internal, "the plan has steps that wait for each other");
      const bool go_on = co_await wait_for_a_change();
      if (!go_on) error_ = Error{Errc::canceled, "canceled", {}, {}};
    }
    if (!error_) co_return Result<void>{};
    co_await shield_from_cancellation();  // for good, also in what awaits us: only when nothing else is to be done
    stop_all();
    while (running() > 0) co_await wait_for_a_change();
    co_return tl::unexpected(*error_);
  }

  // The step of this plan to begin now, when its lanes have that much room left; the plan's size: none.
  std::size_t next(LaneLimits limits) const { return error_ ? plan_.size() : agenda_.next(limits); }
  bool has(std::size_t step) const { return step < plan_.size(); }
  double cost_from(std::size_t step) const { return agenda_.cost_from(step); }
  LaneLimits running_in_lanes() const { return agenda_.running_in_lanes(); }
  std::size_t running() const { return stops_.size(); }

  void begin(std::size_t step) {
    if (plan_[step].kind == StepKind::barrier)
      finish(step);
    else
      start(step);
  }

 private:
  bool done() const { return agenda_.done() == plan_.size(); }

  void finish(std::size_t step) {
    agenda_.finish(step);
    schedule_.finished(step);
    if (done()) wake_.cancel();
  }

  void start(std::size_t step) {
    agenda_.begin(step);
    const auto ended = [this, step](std::exception_ptr exception, Result<void> result) {
      stops_.extract(step).mapped().keep();
      wake_.cancel();
      if (exception) result = tl::unexpected(escaped(exception));
      if (result)
        finish(step);
      else if (!error_)
        error_ = result.error();
      all_.start_what_can();  // also of others: a lane has room again
    };
    const Stop stop{asio::make_strand(context_of(all_.executor_))};
    stops_.insert_or_assign(step, stop);
    asio::co_spawn(stop.strand, schedule_.perform(step),
                   asio::bind_cancellation_slot(stop.signal->slot(), asio::bind_executor(all_.executor_, ended)));
  }

  void stop_all() {
    for (const auto& [step, stop] : stops_) stop.emit();
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

  Scheduler& all_;
  const Plan& plan_;
  Schedule schedule_;
  Agenda agenda_;
  std::map<std::size_t, Stop> stops_;  // of the steps that run
  asio::steady_timer wake_;
  Clock::time_point next_tick_ = Clock::now() + tick_interval;
  std::optional<Error> error_;
};

Scheduler::Scheduler(asio::any_io_executor executor, LaneLimits limits)
    : executor_{std::move(executor)}, limits_{limits} {}

asio::awaitable<Result<void>> Scheduler::run(const Plan& plan, Schedule schedule) {
  Course course{*this, plan, std::move(schedule)};
  const auto at = courses_.insert(courses_.end(), &course);
  auto done = co_await course.run();
  courses_.erase(at);
  co_return done;
}

bool Scheduler::idle() const {
  return std::all_of(courses_.begin(), courses_.end(), [](const Course* course) { return course->running() == 0; });
}

LaneLimits Scheduler::room_beside(const Course& course) const {
  LaneLimits left = limits_;
  for (const Course* other : courses_) {
    if (other == &course) continue;
    left.copy = room(left.copy, other->running_in_lanes().copy);
    left.index = room(left.index, other->running_in_lanes().index);
  }
  return left;
}

bool Scheduler::start_one() {
  Course* best = nullptr;
  std::size_t step = 0;
  for (Course* course : courses_) {
    const std::size_t candidate = course->next(room_beside(*course));
    if (!course->has(candidate) || (best && course->cost_from(candidate) <= best->cost_from(step))) continue;
    best = course;
    step = candidate;
  }
  if (best) best->begin(step);
  return best != nullptr;
}

void Scheduler::start_what_can() {
  while (start_one()) {
  }
}

}  // namespace pgpassage::migrate
