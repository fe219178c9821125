#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/matrix_report.hpp"
#include "scenarios/matrix/matrix.hpp"

namespace pgpassage::app {

int run(const CommonOptions& common, const ScenariosOptions& options) {
  const auto edition = edition_or_default(options.edition);
  if (!edition) return tell(common, edition.error());
  const std::string result = common.format == Format::json ? render_matrix_json(**edition)
                                                           : render_matrix_text(**edition, result_style(common));
  return finish(common, result, ExitCode::success);
}

}  // namespace pgpassage::app
