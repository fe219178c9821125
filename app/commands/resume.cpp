#include "app/commands/commands.hpp"
#include "app/crossing.hpp"
#include "app/failure.hpp"
#include "app/open_ledger.hpp"
#include "app/run_recorded.hpp"
#include "app/run_to_end.hpp"
#include "app/server_lookup.hpp"
#include "migrate/engine/servers.hpp"

namespace pgpassage::app {
namespace {

// Those of the first run, unless others are given now.
Result<migrate::Request> request_of(const migrate::NewMigration& record, const ResumeOptions& options) {
  auto crossing = crossing_of_record(record);
  if (!crossing) return tl::unexpected(crossing.error());
  migrate::Request request = std::move(crossing->request);
  if (options.jobs > 0) request.jobs = options.jobs;
  if (options.index_jobs > 0) request.index_jobs = options.index_jobs;
  request.outage_time = options.outage_time.value_or(request.outage_time);
  return request;
}

// As before a new migration: as long as one of the servers lets nobody in, the migration stays as it is.
Result<void> look_first(const migrate::Request& request) {
  const auto found = run_to_end(migrate::inspect_servers(request));
  if (!found) return tl::unexpected(found.error());
  return {};
}

int resume(const CommonOptions& common, migrate::Ledger& ledger, migrate::MigrationId id, migrate::Request request) {
  auto finished = ledger.resume(id, migrate::ProcessIdentity::self());
  if (!finished) return tell(common, finished.error());
  request.resumption = std::move(*finished);
  return run_recorded(common, ledger, id, std::move(request));
}

}  // namespace

int run(const CommonOptions& common, const ResumeOptions& options) {
  auto ledger = open_ledger(common);
  if (!ledger) return ledger.error();
  const auto detail = detail_of(common, *ledger, options.name);
  if (!detail) return detail.error();
  const auto& [id, record] = std::tie(detail->migration.id, detail->migration.request);
  if (auto stopped = migrate::may_resume(detail->migration); !stopped) return tell(common, stopped.error());
  auto request = request_of(record, options);
  if (!request) return tell(common, request.error());
  auto known = look_up(*request);
  if (known) known = look_first(*request);
  if (!known) return tell(common, known.error());
  InterruptionHeld held;  // or the record could stay InProgress, or what succeeded end as canceled
  const int code = resume(common, *ledger, id, std::move(*request));
  held.drop();
  return code;
}

}  // namespace pgpassage::app
