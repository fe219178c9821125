#include "app/agent/client/shown.hpp"
#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/open_ledger.hpp"
#include "app/output.hpp"
#include "app/report/migration_report.hpp"

namespace pgpassage::app {

int run(const CommonOptions& common, const ListOptions& options) {
  if (!agent::url_of(options.agent).empty())
    return agent::show(common, options.agent, "GET", "/v1/migrations" + agent::wanted_form(common));
  auto ledger = open_ledger(common);
  if (!ledger) return ledger.error();
  const auto migrations = ledger->list();
  if (!migrations) return tell(common, migrations.error());
  const auto now = std::chrono::system_clock::now();
  TextStyle style = result_style(common);
  style.width = result_columns(common);
  return finish(
      common,
      common.format == Format::json ? render_list_json(*migrations, now) : render_list_text(*migrations, now, style),
      ExitCode::success);
}

}  // namespace pgpassage::app
