#include "app/commands/report_commands.hpp"
#include "app/failure.hpp"
#include "app/input_file.hpp"
#include "app/output.hpp"
#include "app/report/compare/compare.hpp"
#include "app/report/json_text.hpp"
#include "app/topology_file.hpp"

namespace pgpassage::app {
namespace {

Result<ReadReport> read_file(const std::string& path) {
  const Result<std::string> text = read_input(path, "a report");
  if (!text) return fail(Errc::input, "cannot read '{}': {}", path, text.error().message);
  return read_report(path, sha256_of(*text), *text);
}

Result<ReportComparison> compared(const std::vector<std::string>& files) {
  Result<ReadReport> before = read_file(files.front());
  if (!before) return tl::unexpected(before.error());
  Result<ReadReport> after = read_file(files.back());
  if (!after) return tl::unexpected(after.error());
  return compare_reports(std::move(*before), std::move(*after));
}

std::string rendered(const CommonOptions& common, const ReportComparison& comparison) {
  switch (common.format) {
    case Format::json: return json_text(comparison_json(comparison));
    case Format::html: return render_html(comparison_document(comparison));
    case Format::markdown: return render_markdown(comparison_document(comparison));
    default: return render_comparison_text(comparison, result_style(common));
  }
}

ExitCode exit_code_of(const ReportComparison& comparison) {
  if (comparison.got_worse()) return ExitCode::failed;
  return comparison.brought_undecided() ? ExitCode::inconclusive : ExitCode::success;
}

}  // namespace

int compare_reports(const CommonOptions& common, const ReportOptions& options) {
  const Result<ReportComparison> comparison = compared(options.compared);
  if (!comparison) return tell(common, comparison.error());
  return finish(common, rendered(common, *comparison), exit_code_of(*comparison));
}

}  // namespace pgpassage::app
