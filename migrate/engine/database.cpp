#include "migrate/engine/database.hpp"

#include "migrate/engine/content.hpp"
#include "migrate/engine/database_work.hpp"
#include "migrate/engine/outage.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

asio::awaitable<Result<void>> read_source(DatabaseWork& work) {
  work.telling.phase("schema");
  auto content =
      co_await read_content(work.sessions, work.request(), work.run.common.servers.programs, work.run.database);
  if (!content) co_return tl::unexpected(std::move(content.error()));
  const Remark remark = work.telling.remark();
  for (const auto& object : content->left_out)
    remark(fmt::format("{} was left out: it needs something that the filter leaves out", object), {});
  work.catalog = std::move(content->catalog);
  work.entries = std::move(content->entries);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> cut_tables(DatabaseWork& work) {
  const unsigned streams = work.run.common.scheduler.limits().copy;
  auto ranges = co_await ranges_of(work.sessions, work.catalog, streams, work.request().cutting);
  if (!ranges) co_return tl::unexpected(std::move(ranges.error()));
  work.ranges = std::move(*ranges);
  co_return Result<void>{};
}

// Committed before anything else begins: what is finished now need not be done again.
void keep_finished(DatabaseWork& work, const PlanStep& step) {
  if (step.kind != StepKind::table_rows) return;
  const TableRecord table = work.telling.tally().table(step.subject);
  if (table.state != WorkState::succeeded) return;
  work.run.finished.insert_or_assign(table.table, table);
  work.telling.tell_tables();
}

// The database with its schema, and in it only tables whose rows are the source's.
asio::awaitable<Result<void>> prepare_target(DatabaseWork& work) {
  auto kept = co_await may_go_on(work);
  if (kept && *kept) {
    work.telling.begin_rows(work.catalog.tables, pieces_of(work.ranges));
    kept = co_await go_on(work);
  }
  if (!kept) co_return tl::unexpected(kept.error());
  work.resumed = *kept;
  if (*kept) co_return Result<void>{};
  work.run.finished.clear();
  work.telling.begin_rows(work.catalog.tables, pieces_of(work.ranges));
  work.telling.tell_tables();
  co_return co_await restore_schema(work);
}

asio::awaitable<Result<void>> copy_and_build(DatabaseWork& work) {
  const std::vector<std::size_t> pieces = pieces_of(work.ranges);
  const Plan plan = plan_database(work.catalog, work.entries, pieces);
  work.telling.phase("data");
  // Named first: g++ 12 destroys an aggregate twice that is made inside the co_await expression.
  Schedule schedule{.perform = [&](std::size_t step) { return perform_step(work, plan[step]); },
                    .finished = [&](std::size_t step) { keep_finished(work, plan[step]); },
                    .tick = [&] { work.telling.tell(); }};
  auto done = co_await work.run.common.scheduler.run(plan, std::move(schedule));
  work.telling.tell();
  co_return done;
}

asio::awaitable<Result<void>> copy(DatabaseWork& work) {
  auto done = co_await read_source(work);
  if (done) done = co_await cut_tables(work);
  if (done) done = co_await prepare_target(work);
  if (done) done = co_await copy_and_build(work);
  if (done) done = co_await complete_database(work);
  co_return done;
}

}  // namespace

DatabaseWork::DatabaseWork(DatabaseRun whole_run)
    : run{std::move(whole_run)},
      shape{run.common.servers.databases.at(run.database)},
      sessions{run.common.request, run.database, shape.encoding},
      telling{run.common.observer, run.database, run.common.remaining} {}

asio::awaitable<Result<void>> copy_database(DatabaseRun run) {
  Outage outage{run.common.request.outage_time};
  for (;;) {
    DatabaseWork work{run};
    const auto done = co_await copy(work);
    const bool reached = !work.sessions.snapshot().empty();
    if (done || !outage.may_pass(done.error(), reached, run.finished.size())) {
      work.telling.end(done);
      co_return done;
    }
    work.telling.lost(done.error());
    if (auto waited = co_await outage.wait(); !waited) {
      work.telling.end(waited);
      co_return waited;
    }
  }
}

}  // namespace pgpassage::migrate
