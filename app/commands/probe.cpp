#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/assess_file.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/probe_watch.hpp"
#include "app/failure.hpp"
#include "app/live.hpp"
#include "app/output.hpp"
#include "app/report/check_json.hpp"
#include "app/report/check_text.hpp"
#include "app/topology_file.hpp"
#include "netcheck/reach/trace.hpp"
#include "scenarios/verdict/evidence.hpp"

namespace pgpassage::app {
namespace {

using netcheck::Observed;

/// Leaves what starts at `node` and nothing else.
void keep_only(scenarios::Assessment& assessment, const std::string& node) {
  std::erase_if(assessment.flows, [&](const auto& flow) { return flow.from != node; });
  std::erase_if(assessment.names, [&](const auto& name) { return name.from != node; });
}

bool refused_later(const scenarios::FlowAssessment& flow) {
  const netcheck::ProbeStep* weak = netcheck::weak_step(flow.observation.steps);
  return weak != nullptr && weak->outcome == netcheck::StepOutcome::failed;
}

ExitCode exit_code_of(const scenarios::Assessment& assessment) {
  const auto observed = [](Observed value) {
    return [value](const scenarios::FlowAssessment& flow) { return flow.observation.observed == value; };
  };
  const auto connected_or_not_probed = [](const scenarios::FlowAssessment& flow) {
    return flow.observation.observed == Observed::connected || flow.observation.observed == Observed::not_probed;
  };
  if (!std::ranges::all_of(assessment.flows, connected_or_not_probed) ||
      std::ranges::any_of(assessment.flows, refused_later))
    return ExitCode::failed;
  const bool something_left_out =
      assessment.flows.empty() || std::ranges::any_of(assessment.flows, observed(Observed::not_probed));
  return something_left_out ? ExitCode::inconclusive : ExitCode::success;
}

/// A line on the terminal for each name as soon as it is known; the result follows when all are.
scenarios::Heard heard_by(const CommonOptions& common) {
  if (common.quiet || isatty(STDERR_FILENO) == 0) return {};
  return [](const std::string& name, const scenarios::Answered& answered) {
    if (answered.probes.empty()) fmt::print(stderr, "{}: no connection was tried\n", printable(name));
    for (const auto& [port, probes] : answered.probes)
      for (const netcheck::Observation& seen : probes)
        fmt::print(stderr, "{} ({}) port {}: {}\n", printable(name), seen.address->to_string(), port,
                   scenarios::describe(seen.observed));
  };
}

}  // namespace

int run(const CommonOptions& common, const ProbeOptions& options) {
  const auto file = open_migration_topology(options.file, "probe");
  if (!file) return tell(common, file.error());
  auto assessment = scenarios::assess(file->topology, edition_for(file->topology, {}));
  if (!assessment) return tell(common, assessment.error());
  if (!options.from.empty()) {
    const auto place = netcheck::place_of(file->topology, options.from);
    if (!place) return tell(common, place.error());
    keep_only(*assessment, place->node);
  }
  ProbeLogins logins;
  if (options.login || options.throughput) {
    auto found = logins_for(file->topology, *assessment, options.throughput);
    if (!found) return tell(common, found.error());
    logins = std::move(*found);
  }
  const auto ask = [&] {
    return with_live(file->topology, *assessment, options.agent, options.time_limit, logins, heard_by(common));
  };
  if (options.watch) return watch_probes(common, *options.watch, ask);
  const scenarios::Assessment probed = ask();
  const Subject subject = subject_of(file->topology, options.file, file->sha256, true);
  const std::string result = common.format == Format::json ? render_probe_json(probed, subject)
                                                           : render_probe_text(probed, subject, result_style(common));
  return finish(common, result, exit_code_of(probed));
}

}  // namespace pgpassage::app
