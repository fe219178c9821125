#include "netcheck/reach/trace.hpp"
#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/trace_text.hpp"
#include "app/topology_file.hpp"
#include "dns/zones/answer.hpp"

namespace pgpassage::app {
namespace {

using netcheck::Place;
using netcheck::Predicted;

constexpr Port postgres_port = 5432;

Port port_of(const TraceOptions& options, const Place& to) {
  if (options.port) return *options.port;
  return to.server != nullptr ? to.server->port : postgres_port;
}

ExitCode exit_code_of(Predicted predicted) {
  switch (predicted) {
    case Predicted::allowed: return ExitCode::success;
    case Predicted::denied: return ExitCode::failed;
    case Predicted::unknown: return ExitCode::inconclusive;
  }
  return ExitCode::internal;
}

scenarios::FlowAssessment traced(const Topology& topology, const Place& from, Place to, Port port) {
  scenarios::FlowAssessment flow;
  flow.id = from.node + "->" + to.node;
  flow.from = from.node;
  flow.to = to.node;
  flow.port = port;
  if (to.server != nullptr) {
    flow.answer = dns::resolve(topology, from, dns::name_of(*to.server));
    if (!flow.answer.addresses.empty()) to.address = flow.answer.addresses.front();
  }
  flow.trace = netcheck::trace_flow(topology, from, to, port);
  return flow;
}

}  // namespace

int run(const CommonOptions& common, const TraceOptions& options) {
  const auto file = open_topology(options.file);
  if (!file) return tell(common, file.error());
  const auto from = netcheck::place_of(file->topology, options.from);
  if (!from) return tell(common, from.error());
  const auto to = netcheck::place_of(file->topology, options.to);
  if (!to) return tell(common, to.error());
  const scenarios::FlowAssessment flow = traced(file->topology, *from, *to, port_of(options, *to));
  const std::string result = common.format == Format::json
                                 ? render_trace_json(flow)
                                 : render_trace_text(flow, options.file, result_style(common));
  return finish(common, result, exit_code_of(flow.trace.predicted));
}

}  // namespace pgpassage::app
