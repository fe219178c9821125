#include <algorithm>

#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/diff_report.hpp"
#include "app/topology_file.hpp"

namespace pgpassage::app {
namespace {

/// 0: no flow changed. 1: some open or close. 3: all that changed is what one of the files leaves undecided, or may
/// have changed in what both leave so.
ExitCode exit_code_of(const DiffReport& report) {
  const netcheck::ReachDiff& diff = report.diff;
  using enum netcheck::FlowChange;
  const auto decided = [](const netcheck::ChangedFlows& flows) {
    return flows.change == opens || flows.change == closes;
  };
  if (std::ranges::any_of(diff.changes, decided)) return ExitCode::failed;
  return diff.changes.empty() && !report.leaves_open() ? ExitCode::success : ExitCode::inconclusive;
}

}  // namespace

int run(const CommonOptions& common, const DiffOptions& options) {
  const auto before = open_topology(options.old_file);
  if (!before) return tell(common, before.error());
  const auto after = open_topology(options.file);
  if (!after) return tell(common, after.error());
  const Port port = options.port.value_or(postgres_port);
  const netcheck::ReachDiff diff = netcheck::reach_diff(before->topology, after->topology, port);
  const DiffReport report{*before, *after, diff, port};
  const std::string result =
      common.format == Format::json ? render_diff_json(report) : render_diff_text(report, result_style(common));
  return finish(common, result, exit_code_of(report));
}

}  // namespace pgpassage::app
