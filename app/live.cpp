#include "app/live.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "scenarios/observe/observe.hpp"

namespace pgpassage::app {

scenarios::Assessment with_live(const Topology& topology, scenarios::Assessment assessment, scenarios::Places places,
                                std::chrono::milliseconds time_limit) {
  boost::asio::io_context context;
  auto observed = boost::asio::co_spawn(
      context, scenarios::observe(topology, assessment, std::move(places), deadline_in(time_limit)),
      boost::asio::use_future);
  context.run();
  return scenarios::judge_live(topology, std::move(assessment), observed.get());
}

}  // namespace pgpassage::app
