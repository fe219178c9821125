#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "migrate/plan/steps.hpp"
#include "netcheck/base/error.hpp"

/// Runs a plan: several steps at once, each on a strand of its own. Live.
namespace pgpassage::migrate {

struct Schedule {
  LaneLimits limits;
  /// Performs the step with that index. Runs on the step's own strand.
  std::function<boost::asio::awaitable<Result<void>>(std::size_t step)> perform;
  std::function<void(std::size_t step)> finished;  ///< on the caller's executor, after each step
  std::function<void()> tick;                      ///< on the caller's executor, about once a second
};

/// Ends when all steps are done. After the first error, or when canceled, nothing new starts, what runs is canceled,
/// and that error is returned when everything has stopped.
boost::asio::awaitable<Result<void>> run_plan(const Plan& plan, Schedule schedule);

}  // namespace pgpassage::migrate
