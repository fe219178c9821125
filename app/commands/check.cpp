#include "app/assess_file.hpp"
#include "app/commands/commands.hpp"
#include "app/output.hpp"

namespace pgpassage::app {

int run(const CommonOptions& common, const CheckOptions& options) {
  if (options.all_pairs) return run_all_pairs(common, options);
  const AssessmentRequest request{options.file,   options.edition, options.live,   options.time_limit,
                                  options.report, options.agent,   options.waivers};
  const auto assessed = assess_file(common, request, "check");
  if (!assessed) return assessed.error();
  const scenarios::Assessment& assessment = assessed->assessment;
  return finish(common, render_assessment(common, *assessed, request, Depth::brief), exit_code(assessment.verdict));
}

}  // namespace pgpassage::app
