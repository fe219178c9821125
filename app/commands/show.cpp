#include "app/agent/client/shown.hpp"
#include "app/commands/commands.hpp"
#include "app/open_ledger.hpp"
#include "app/output.hpp"
#include "app/report/migration_report.hpp"

namespace pgpassage::app {

/// The exit code says that the migration could be shown, not how it went: its state is in the result.
int run(const CommonOptions& common, const ShowOptions& options) {
  if (!agent::url_of(options.agent).empty())
    return agent::show(common, options.agent, "GET",
                       "/v1/migrations/" + agent::path_segment(options.name) + agent::wanted_form(common));
  auto ledger = open_ledger(common);
  if (!ledger) return ledger.error();
  const auto detail = detail_of(common, *ledger, options.name);
  if (!detail) return detail.error();
  const auto now = std::chrono::system_clock::now();
  return finish(common,
                common.format == Format::json ? render_migration_json(*detail, now)
                                              : render_migration_text(*detail, now, result_style(common)),
                ExitCode::success);
}

}  // namespace pgpassage::app
