#include <algorithm>

#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/pairs_report.hpp"
#include "app/report/trace_text.hpp"
#include "app/topology_file.hpp"

namespace pgpassage::app {
namespace {

constexpr std::uint32_t most_nodes_in_csv = 1000;

/// One cell, explained. As in the matrix no name is asked for.
int explain(const CommonOptions& common, const CheckOptions& options, const Topology& topology, Port port) {
  const auto from = netcheck::place_of(topology, options.from);
  if (!from) return tell(common, from.error());
  const auto to = netcheck::place_of(topology, options.to);
  if (!to) return tell(common, to.error());
  scenarios::FlowAssessment flow;
  flow.id = from->node + "->" + to->node;
  flow.from = from->node;
  flow.to = to->node;
  flow.port = port;
  flow.trace = netcheck::trace_flow(topology, *from, *to, port);
  const std::string result = common.format == Format::json
                                 ? render_trace_json(flow)
                                 : render_trace_text(flow, options.file, result_style(common));
  return finish(common, result, exit_code(flow.trace.predicted));
}

/// The node of the matrix that a NODE of the command line names: by its own name, or by what place_of makes of it.
Result<std::uint32_t> node_named(const Topology& topology, const netcheck::Nodes& nodes, const std::string& name) {
  const auto index = [&](const std::string& wanted) -> std::optional<std::uint32_t> {
    for (std::uint32_t i = 0; i < nodes.size(); ++i)
      if (nodes.all[i].name() == wanted) return i;
    return std::nullopt;
  };
  if (const auto found = index(name)) return *found;
  const auto place = netcheck::place_of(topology, name);
  if (!place) return tl::unexpected(place.error());
  if (const auto found = index(place->node)) return *found;
  return fail(Errc::input, "'{}' is a single address: ask for --from and --to together", name);
}

std::string render_matrix(const CommonOptions& common, const PairsReport& report) {
  switch (common.format) {
    case Format::json: return render_pairs_json(report);
    case Format::csv: return render_pairs_csv(report);
    default: break;
  }
  return render_pairs_text(report, result_style(common));
}

int print_neighbours(const CommonOptions& common, const CheckOptions& options, const PairsReport& report) {
  const bool outwards = options.to.empty();
  const auto node = node_named(*report.topology, report.reach->nodes, outwards ? options.from : options.to);
  if (!node) return tell(common, node.error());
  const std::string result = common.format == Format::json
                                 ? render_neighbours_json(report, *node, outwards)
                                 : render_neighbours_text(report, *node, outwards, result_style(common));
  return finish(common, result, ExitCode::success);
}

}  // namespace

int run_all_pairs(const CommonOptions& common, const CheckOptions& options) {
  const auto file = open_topology(options.file);
  if (!file) return tell(common, file.error());
  const Port port = options.port.value_or(postgres_port);
  if (!options.from.empty() && !options.to.empty()) return explain(common, options, file->topology, port);
  const netcheck::ReachMatrix reach = netcheck::reach_matrix(file->topology, port);
  const PairsReport report{*file, &file->topology, &reach, port};
  if (!options.from.empty() || !options.to.empty()) return print_neighbours(common, options, report);
  if (common.format == Format::csv && reach.nodes.size() > most_nodes_in_csv)
    return tell(common, Error{Errc::input,
                              fmt::format("{} nodes are too many for CSV, which takes {}", reach.nodes.size(),
                                          most_nodes_in_csv),
                              {},
                              "use --format json, or --from NODE or --to NODE"});
  return finish(common, render_matrix(common, report), ExitCode::success);
}

}  // namespace pgpassage::app
