#include "migrate/engine/dry_run.hpp"
#include "app/commands/commands.hpp"
#include "app/crossing.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/plan_report.hpp"
#include "app/run_to_end.hpp"

namespace pgpassage::app {

int run_dry(const CommonOptions& common, const Crossing& crossing) {
  auto plan = run_to_end(migrate::dry_run(crossing.request));
  if (!plan) return tell(common, plan.error());
  const PlanReport report{.source = crossing.record.source.display(),
                          .target = crossing.record.target.display(),
                          .network_checked = crossing.record.path != migrate::NetworkPath::not_checked,
                          .plan = std::move(*plan)};
  return finish(
      common, common.format == Format::json ? render_plan_json(report) : render_plan_text(report, result_style(common)),
      ExitCode::success);
}

}  // namespace pgpassage::app
