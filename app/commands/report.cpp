#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "app/assess_file.hpp"
#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/open_ledger.hpp"
#include "app/output.hpp"
#include "app/report/formats.hpp"
#include "app/report/migration_report.hpp"

namespace pgpassage::app {
namespace {

/// A name of a migration has no dot, so what has one is a file that is missing.
bool is_file(const std::string& subject) {
  std::error_code unreadable;
  return subject == "-" || subject.find('.') != subject.npos || std::filesystem::exists(subject, unreadable);
}

int report_migration(const CommonOptions& common, const std::string& name) {
  if (common.format == Format::json) return run(common, ShowOptions{name});  // has everything
  if (drawn_from_report(common.format))
    return tell(common, Error{Errc::input, "the report of a migration is text or json in this version", {}, {}});
  auto ledger = open_ledger(common);
  if (!ledger) return ledger.error();
  const auto detail = detail_of(common, *ledger, name);
  if (!detail) return detail.error();
  return finish(common, render_migration_report_text(*detail, std::chrono::system_clock::now(), result_style(common)),
                ExitCode::success);
}

}  // namespace

int run(const CommonOptions& common, const ReportOptions& options) {
  if (!is_file(options.subject)) {
    if (!options.edition.empty() || !options.live || options.time_limit)
      return tell(common, Error{Errc::input,
                                "--edition, --no-live and --time-limit need a topology file",
                                {},
                                fmt::format("'{}' is taken for the name of a migration", options.subject)});
    return report_migration(common, options.subject);
  }
  const AssessmentRequest request{options.subject,
                                  options.edition,
                                  options.live,
                                  options.time_limit.value_or(std::chrono::seconds{10}),
                                  options.report,
                                  options.agent};
  const auto assessed = assess_file(common, request, "report");
  if (!assessed) return assessed.error();
  const scenarios::Assessment& assessment = assessed->assessment;
  return finish(common, render_assessment(common, *assessed, request, Depth::full), exit_code(assessment.verdict));
}

}  // namespace pgpassage::app
