#include <filesystem>

#include "app/assess_file.hpp"
#include "app/commands/commands.hpp"
#include "app/output.hpp"
#include "app/report/check_json.hpp"
#include "app/report/check_text.hpp"

namespace pgpassage::app {
namespace {

/// A name of a migration has no dot, so what has one is a file that is missing.
bool is_file(const std::string& subject) {
  std::error_code unreadable;
  return subject == "-" || subject.find('.') != subject.npos || std::filesystem::exists(subject, unreadable);
}

}  // namespace

int run(const CommonOptions& common, const ReportOptions& options) {
  if (!is_file(options.subject)) return run(common, ShowOptions{options.subject});
  const auto assessed =
      assess_file(common, options.subject, options.edition, options.live, options.time_limit, "report");
  if (!assessed) return assessed.error();
  const auto& [subject, assessment] = *assessed;
  const std::string result = common.format == Format::json
                                 ? render_json(assessment, subject)
                                 : render_text(assessment, subject, result_style(common), Depth::full);
  return finish(common, result, exit_code(assessment.verdict));
}

}  // namespace pgpassage::app
