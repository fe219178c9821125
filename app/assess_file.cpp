#include "app/assess_file.hpp"

#include "app/failure.hpp"
#include "app/live.hpp"
#include "app/logging.hpp"
#include "app/output.hpp"
#include "app/report/check_json.hpp"
#include "app/report/check_text.hpp"
#include "app/report/formats.hpp"
#include "app/report/readiness_report.hpp"
#include "app/topology_file.hpp"
#include "scenarios/matrix/matrix.hpp"
#include "scenarios/observe/observe.hpp"

namespace pgpassage::app {

std::string edition_for(const Topology& topology, const std::string& asked_for) {
  if (!asked_for.empty()) return asked_for;
  return topology.edition.empty() ? std::string{scenarios::default_edition} : topology.edition;
}

tl::expected<AssessedFile, int> assess_file(const CommonOptions& common, const std::string& path,
                                            const std::string& edition, bool live, std::chrono::milliseconds time_limit,
                                            std::string_view command) {
  auto file = open_migration_topology(path, command);
  if (!file) return tl::unexpected(tell(common, file.error()));
  const Topology& topology = file->topology;
  auto assessment = scenarios::assess(topology, edition_for(topology, edition));
  if (!assessment) return tl::unexpected(tell(common, assessment.error()));
  if (live) assessment = with_live(topology, std::move(*assessment), scenarios::places_here(topology), time_limit);
  log_of("scenarios")
      .info("topology judged file={} sha256={} edition={} scenario={} verdict={}", path, file->sha256,
            assessment->edition, assessment->scenario.id, to_string(assessment->verdict));
  Subject subject = subject_of(topology, path, file->sha256, live);
  return AssessedFile{std::move(subject), std::move(*assessment), std::move(file->topology)};
}

std::string render_assessment(const CommonOptions& common, const AssessedFile& assessed, Depth depth) {
  const auto& [subject, assessment, topology] = assessed;
  if (drawn_from_report(common.format))
    return render_report(readiness_report(assessment, subject, topology), common.format);
  if (common.format == Format::json) return render_json(assessment, subject);
  return render_text(assessment, subject, result_style(common), depth);
}

}  // namespace pgpassage::app
