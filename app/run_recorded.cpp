#include "app/run_recorded.hpp"

#include <algorithm>

#include "app/engine_checks.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/progress/progress.hpp"
#include "app/recording.hpp"
#include "app/report/migration_report.hpp"
#include "app/run_to_end.hpp"

namespace pgpassage::app {
namespace {

using migrate::Ledger;
using migrate::MigrationId;
using migrate::Observer;
using Clock = std::chrono::steady_clock;

// What is told to the ledger is also shown.
class Teller {
 public:
  Teller(Ledger& ledger, MigrationId id, const CommonOptions& common, const migrate::NewMigration& wanted)
      : ledger_{ledger}, id_{id}, display_{common.quiet, error_style(common).color}, snapshot_{.name = wanted.name} {
    for (const std::string& database : wanted.databases) snapshot_.databases.push_back({.name = database});
  }

  Observer observer() {
    Observer observer = recorded(ledger_, id_);
    observer.advance = [this, keep = observer.advance](migrate::Event event, const migrate::Trouble& trouble) {
      return shown(keep(event, trouble));
    };
    observer.database = [this, keep = observer.database](const migrate::DatabaseRecord& record) {
      keep(record);
      show(record);
    };
    // Asked about once a second: the clock on the screen goes on while a long statement reports nothing.
    observer.cancel_requested = [this, asked = observer.cancel_requested] {
      display_.update(snapshot());
      return asked();
    };
    return observer;
  }

  void finish() { display_.finish(snapshot()); }

 private:
  Result<migrate::Step> shown(Result<migrate::Step> step) {
    if (step) snapshot_.stage = step->stage;
    display_.update(snapshot());
    return step;
  }

  void show(const migrate::DatabaseRecord& record) {
    auto& all = snapshot_.databases;
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const auto& other) { return other.name == record.name; });
    if (known == all.end())
      all.push_back(record);
    else
      *known = record;
    display_.update(snapshot());
  }

  const ProgressSnapshot& snapshot() {
    snapshot_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_);
    return snapshot_;
  }

  Ledger& ledger_;
  MigrationId id_;
  ProgressDisplay display_;
  ProgressSnapshot snapshot_;
  Clock::time_point started_ = Clock::now();
};

int show_end(const CommonOptions& common, const migrate::MigrationDetail& detail) {
  const auto now = std::chrono::system_clock::now();
  const auto& [name, state] = std::tie(detail.migration.request.name, detail.migration.stage.state);
  return finish_done(
      common,
      common.format == Format::json ? render_migration_json(detail, now)
                                    : render_migration_text(detail, now, result_style(common)),
      exit_code_of(state),
      fmt::format("{} has ended as {}; `pgpassage show {}` shows the result", name, to_string(state), name));
}

}  // namespace

ExitCode exit_code_of(migrate::State state) {
  switch (state) {
    case migrate::State::succeeded: return ExitCode::success;
    case migrate::State::canceled: return ExitCode::canceled;
    default: return ExitCode::failed;
  }
}

int run_recorded(const CommonOptions& common, Ledger& ledger, MigrationId id, migrate::Request request) {
  const auto accepted = ledger.detail(id);
  if (!accepted) return tell(common, accepted.error());
  Teller teller{ledger, id, common, accepted->migration.request};
  const auto outcome = run_to_end(migrate::run_migration(std::move(request), teller.observer(), usual_checks()));
  teller.finish();
  if (!outcome) return tell(common, outcome.error());
  const auto detail = ledger.detail(id);
  return detail ? show_end(common, *detail) : tell(common, detail.error());
}

}  // namespace pgpassage::app
