#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/migration_report.hpp"
#include "migrate/state/ledger.hpp"

namespace pgpassage::app {

int run(const CommonOptions& common, const ListOptions&) {
  const auto home = migrate::home_directory();
  if (!home) return tell(common, home.error());
  auto ledger = migrate::Ledger::open(*home);
  if (!ledger) return tell(common, ledger.error());
  const auto migrations = ledger->list();
  if (!migrations) return tell(common, migrations.error());
  const auto now = std::chrono::system_clock::now();
  return finish(common,
                common.format == Format::json ? render_list_json(*migrations, now)
                                              : render_list_text(*migrations, now, result_style(common)),
                ExitCode::success);
}

}  // namespace pgpassage::app
