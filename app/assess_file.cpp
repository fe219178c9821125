#include "app/assess_file.hpp"

#include <fmt/format.h>

#include "app/failure.hpp"
#include "app/live.hpp"
#include "app/logging.hpp"
#include "app/output.hpp"
#include "app/report/check_json.hpp"
#include "app/report/check_text.hpp"
#include "app/report/formats.hpp"
#include "app/report/readiness_report.hpp"
#include "app/report_stamp.hpp"
#include "app/topology_file.hpp"
#include "app/waiver_file.hpp"
#include "scenarios/matrix/matrix.hpp"

namespace pgpassage::app {
namespace {

std::vector<std::string> options_of(const AssessmentRequest& request) {
  std::vector<std::string> options;
  if (!request.edition.empty()) options.push_back("--edition " + request.edition);
  if (request.live)
    options.push_back(fmt::format("--time-limit {}", std::chrono::duration<double>(request.time_limit).count()));
  else
    options.emplace_back("--no-live");
  if (request.waivers.ignored) options.emplace_back("--no-waivers");
  return options;
}

Provenance provenance_of(const AssessedFile& assessed, const AssessmentRequest& request) {
  Provenance provenance = provenance_here(request.report);
  provenance.inputs = {{"topology", assessed.subject.file, assessed.subject.sha256}};
  if (const WaiversUsed& waivers = assessed.subject.waivers; !waivers.file.empty())
    provenance.inputs.push_back({"waivers", waivers.file, waivers.sha256});
  provenance.edition = assessed.assessment.edition;
  provenance.options = options_of(request);
  provenance.probes = probes_of(assessed.assessment);
  return provenance;
}

std::chrono::sys_days day_of(const ReportSettings& settings) {
  return std::chrono::floor<std::chrono::days>(report_time(settings));
}

}  // namespace

std::string edition_for(const Topology& topology, const std::string& asked_for) {
  if (!asked_for.empty()) return asked_for;
  return topology.edition.empty() ? std::string{scenarios::default_edition} : topology.edition;
}

tl::expected<AssessedFile, int> assess_file(const CommonOptions& common, const AssessmentRequest& request,
                                            std::string_view command) {
  auto file = open_migration_topology(request.file, command);
  if (!file) return tl::unexpected(tell(common, file.error()));
  const auto waivers = open_waivers(request.waivers);
  if (!waivers) return tl::unexpected(tell(common, waivers.error()));
  const Topology& topology = file->topology;
  auto assessment = scenarios::assess(topology, edition_for(topology, request.edition));
  if (!assessment) return tl::unexpected(tell(common, assessment.error()));
  if (request.live) assessment = with_live(topology, std::move(*assessment), request.agent, request.time_limit);
  auto accepted = apply_waivers(*assessment, waivers->content, day_of(request.report));
  log_of("scenarios")
      .info("topology judged file={} sha256={} edition={} scenario={} verdict={}", request.file, file->sha256,
            assessment->edition, assessment->scenario.id, to_string(assessment->verdict));
  Subject subject = subject_of(topology, request.file, file->sha256, request.live);
  subject.waivers = {waivers->path, waivers->sha256, std::move(accepted)};
  return AssessedFile{std::move(subject), std::move(*assessment), std::move(file->topology)};
}

std::string render_assessment(const CommonOptions& common, const AssessedFile& assessed,
                              const AssessmentRequest& request, Depth depth) {
  const auto& [subject, assessment, topology] = assessed;
  const bool report = drawn_from_report(common.format) || depth == Depth::full;
  if (!report && common.format == Format::json) return render_json(assessment, subject);
  if (!report) return render_text(assessment, subject, result_style(common), depth);
  const Provenance provenance = provenance_of(assessed, request);
  if (common.format == Format::text)
    return render_text(assessment, subject, result_style(common), depth) +
           provenance_text(provenance, result_style(common));
  return render_report(readiness_report(assessment, subject, topology, provenance), common.format);
}

}  // namespace pgpassage::app
