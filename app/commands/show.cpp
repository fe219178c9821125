#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/migration_report.hpp"
#include "migrate/state/ledger.hpp"

namespace pgpassage::app {

/// The exit code says that the migration could be shown, not how it went: its state is in the result.
int run(const CommonOptions& common, const ShowOptions& options) {
  const auto home = migrate::home_directory();
  if (!home) return tell(common, home.error());
  auto ledger = migrate::Ledger::open(*home);
  if (!ledger) return tell(common, ledger.error());
  const auto id = ledger->find(options.name);
  if (!id) return tell(common, id.error());
  const auto detail = ledger->detail(*id);
  if (!detail) return tell(common, detail.error());
  const auto now = std::chrono::system_clock::now();
  return finish(common,
                common.format == Format::json ? render_migration_json(*detail, now)
                                              : render_migration_text(*detail, now, result_style(common)),
                ExitCode::success);
}

}  // namespace pgpassage::app
