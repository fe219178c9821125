#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <list>

#include "migrate/plan/agenda.hpp"
#include "netcheck/base/error.hpp"

/// Runs plans: several steps at once, each on a strand of its own. Live.
namespace pgpassage::migrate {

struct Schedule {
  /// Performs the step with that index. Runs on the step's own strand.
  std::function<boost::asio::awaitable<Result<void>>(std::size_t step)> perform;
  std::function<void(std::size_t step)> finished;  ///< on the caller's executor, after each step
  std::function<void()> tick;                      ///< on the caller's executor, about once a second
};

/// The plans of several databases share its lanes, and what begins next is the costliest of all of them. Everything but
/// `perform` is called from, and calls back on, one executor.
class Scheduler {
 public:
  Scheduler(boost::asio::any_io_executor executor, LaneLimits limits);
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  LaneLimits limits() const { return limits_; }

  /// Ends when all steps are done. After the first error of this plan, or when canceled, nothing new of it starts, what
  /// runs of it is canceled, and that error is returned when everything of it has stopped.
  boost::asio::awaitable<Result<void>> run(const Plan& plan, Schedule schedule);

 private:
  class Course;  // of one plan
  void start_what_can();
  bool start_one();
  bool idle() const;
  LaneLimits room_beside(const Course& course) const;

  boost::asio::any_io_executor executor_;
  LaneLimits limits_;
  std::list<Course*> courses_;
};

}  // namespace pgpassage::migrate
