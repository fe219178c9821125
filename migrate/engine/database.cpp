#include "migrate/engine/database.hpp"

#include "migrate/engine/content.hpp"
#include "migrate/engine/database_work.hpp"

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

asio::awaitable<Result<void>> copy_and_build(DatabaseWork& work) {
  const std::vector<std::size_t> pieces = pieces_of(work.ranges);
  const Plan plan = plan_database(work.catalog, work.entries, pieces);
  work.telling.begin_rows(work.catalog.tables, pieces);
  work.telling.phase("data");
  // Named first: g++ 12 destroys an aggregate twice that is made inside the co_await expression.
  Schedule schedule{.perform = [&](std::size_t step) { return perform_step(work, plan[step]); },
                    .finished = [](std::size_t) {},
                    .tick = [&] { work.telling.tell(); }};
  auto done = co_await work.run.common.scheduler.run(plan, std::move(schedule));
  work.telling.tell();
  co_return done;
}

asio::awaitable<Result<void>> copy(DatabaseWork& work) {
  auto done = co_await read_source(work);
  if (done) done = co_await restore_schema(work);
  if (done) done = co_await cut_tables(work);
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
  DatabaseWork work{std::move(run)};
  auto done = co_await copy(work);
  work.telling.end(done);
  co_return done;
}

}  // namespace pgpassage::migrate
