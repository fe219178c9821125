#include "netcheck/reach/trace.hpp"
#include "app/assess_file.hpp"
#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/resolution_report.hpp"
#include "app/report/trace_text.hpp"
#include "app/topology_file.hpp"
#include "dns/zones/answer.hpp"
#include "scenarios/verdict/flows.hpp"

namespace pgpassage::app {
namespace {

using netcheck::Place;

Port port_of(const TraceOptions& options, const Place& to) {
  if (options.port) return *options.port;
  return to.server != nullptr ? to.server->port : postgres_port;
}

/// The flow of the migration between these two, which check judges too: both must say the same.
std::optional<scenarios::FlowAssessment> required_flow(const Topology& topology, const Place& from, const Place& to,
                                                       Port port) {
  if (!topology.migration || to.server == nullptr) return std::nullopt;
  const auto assessment = scenarios::assess(topology, edition_for(topology, {}));
  if (!assessment) return std::nullopt;
  for (const scenarios::FlowAssessment& flow : assessment->flows)
    if (flow.from == from.node && flow.to == to.node && flow.port == port) return flow;
  return std::nullopt;
}

/// Any other flow. A server is asked for by its name, so the name is part of the way.
scenarios::FlowAssessment other_flow(const Topology& topology, const Place& from, Place to, Port port) {
  scenarios::FlowAssessment flow;
  flow.id = from.node + "->" + to.node;
  flow.from = from.node;
  flow.to = to.node;
  flow.port = port;
  if (to.server == nullptr) {
    flow.trace = netcheck::trace_flow(topology, from, to, port);
    return flow;
  }
  flow.answer = dns::resolve(topology, from, dns::name_of(*to.server));
  if (!to.address && !flow.answer.addresses.empty()) to.address = flow.answer.addresses.front();
  const scenarios::Destination destination{
      .server = to.server, .place = to, .due = to.address, .private_due = to.address && !to.address->global()};
  flow.trace = scenarios::with_name(netcheck::trace_flow(topology, from, to, port), from, *to.server, flow.answer,
                                    scenarios::outcome_of(flow.answer, destination));
  return flow;
}

int run_flow(const CommonOptions& common, const TraceOptions& options, const Topology& topology, const Place& from) {
  const auto to = netcheck::place_of(topology, options.to);
  if (!to) return tell(common, to.error());
  const Port port = port_of(options, *to);
  const auto required = required_flow(topology, from, *to, port);
  const auto flow = required ? *required : other_flow(topology, from, *to, port);
  const std::string result = common.format == Format::json
                                 ? render_trace_json(flow)
                                 : render_trace_text(flow, options.file, result_style(common));
  return finish(common, result, exit_code(flow.trace.predicted));
}

/// 0: to addresses. 1: to none. 3: the file leaves it open.
ExitCode exit_code_of(dns::AnswerKind kind) {
  if (kind == dns::AnswerKind::addresses) return ExitCode::success;
  return kind == dns::AnswerKind::unknown ? ExitCode::inconclusive : ExitCode::failed;
}

int run_name(const CommonOptions& common, const TraceOptions& options, const Topology& topology, const Place& from) {
  const ResolutionReport report{options.file, options.name, from.node,
                                dns::resolution_of(topology, from, options.name)};
  const std::string result = common.format == Format::json ? render_resolution_json(report)
                                                           : render_resolution_text(report, result_style(common));
  return finish(common, result, exit_code_of(report.resolution.answer.kind));
}

/// All machines of a VNet resolve alike, so for a name the VNet itself is a place too.
Result<Place> place_for(const Topology& topology, const TraceOptions& options) {
  auto place = netcheck::place_of(topology, options.from);
  const VirtualNetwork* network = find_virtual_network(topology, options.from);
  if (place || network == nullptr || options.name.empty()) return place;
  Place whole;
  whole.kind = Place::Kind::in_virtual_network;
  whole.node = network->name;
  whole.virtual_network = network->name;
  return whole;
}

}  // namespace

int run(const CommonOptions& common, const TraceOptions& options) {
  const auto file = open_topology(options.file);
  if (!file) return tell(common, file.error());
  const auto from = place_for(file->topology, options);
  if (!from) return tell(common, from.error());
  return options.name.empty() ? run_flow(common, options, file->topology, *from)
                              : run_name(common, options, file->topology, *from);
}

}  // namespace pgpassage::app
