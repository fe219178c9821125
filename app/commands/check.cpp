#include "app/assess_file.hpp"
#include "app/commands/commands.hpp"
#include "app/output.hpp"
#include "app/report/check_json.hpp"
#include "app/report/check_text.hpp"

namespace pgpassage::app {

int run(const CommonOptions& common, const CheckOptions& options) {
  if (options.all_pairs) return run_all_pairs(common, options);
  const auto assessed = assess_file(common, options.file, options.edition, options.live, options.time_limit, "check");
  if (!assessed) return assessed.error();
  const auto& [subject, assessment] = *assessed;
  const std::string result = common.format == Format::json
                                 ? render_json(assessment, subject)
                                 : render_text(assessment, subject, result_style(common), Depth::brief);
  return finish(common, result, exit_code(assessment.verdict));
}

}  // namespace pgpassage::app
