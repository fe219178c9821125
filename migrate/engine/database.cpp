#include "migrate/engine/database.hpp"

#include "migrate/catalog/read_catalog.hpp"
#include "migrate/engine/database_work.hpp"
#include "migrate/schema/dump.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

asio::awaitable<Result<void>> read_source(DatabaseWork& work) {
  work.telling.phase("schema");
  if (auto taken = co_await work.sessions.take_snapshot(); !taken) co_return taken;
  auto catalog = co_await read_catalog(work.sessions.holder());
  if (!catalog) co_return tl::unexpected(about("source", catalog.error()));
  work.catalog = std::move(*catalog);
  std::vector<std::string> names;
  for (const auto& table : work.catalog.tables) names.push_back(table.name);
  if (auto locked = co_await work.sessions.lock(std::move(names)); !locked) co_return locked;
  auto entries = co_await dump_schema(work.run.common.servers.programs, work.request().source, work.run.database,
                                      work.sessions.snapshot());
  if (!entries) co_return tl::unexpected(about("source", entries.error()));
  work.entries = std::move(*entries);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> copy_and_build(DatabaseWork& work) {
  std::vector<std::size_t> pieces;
  for (const auto& ranges : work.ranges) pieces.push_back(ranges.size());
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
  if (done) done = co_await cut_tables(work, work.run.common.scheduler.limits().copy);
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
