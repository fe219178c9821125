#include "app/live.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "app/logging.hpp"
#include "scenarios/observe/observe.hpp"

namespace pgpassage::app {

scenarios::Assessment with_live(const Topology& topology, scenarios::Assessment assessment, scenarios::Places places,
                                std::chrono::milliseconds time_limit) {
  boost::asio::io_context context;
  auto observed = boost::asio::co_spawn(
      context, scenarios::observe(topology, assessment, std::move(places), deadline_in(time_limit)),
      boost::asio::use_future);
  context.run();
  auto judged = scenarios::judge_live(topology, std::move(assessment), observed.get());
  for (const auto& flow : judged.flows)
    log_of("netcheck")
        .debug("flow observed flow={} from={} to={} port={} predicted={} observed={}", flow.id, flow.from, flow.to,
               flow.port, to_string(flow.trace.predicted), to_string(flow.observation.observed));
  for (const auto& name : judged.names)
    if (name.observed)
      log_of("dns").debug("name asked name={} from={} status={}", name.name, name.from,
                          dns::to_string(name.observed->status));
  return judged;
}

}  // namespace pgpassage::app
