#include "migrate/engine/database_work.hpp"
#include "migrate/engine/replay.hpp"
#include "migrate/engine/servers.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

asio::awaitable<Result<void>> make_database(DatabaseWork& work) {
  DatabaseRun& run = work.run;
  if (work.request().overwrite) {
    run.touched = Touched::dropping;
    if (auto dropped = co_await drop_database(work.request(), run.database); !dropped) co_return dropped;
  }
  run.touched = Touched::made;
  co_return co_await create_database(work.request(), run.database, work.shape);
}

std::vector<const SchemaEntry*> before_rows(const std::vector<SchemaEntry>& entries) {
  const std::vector<bool> later = post_data(entries);
  std::vector<const SchemaEntry*> before;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (!later[i] && entries[i].type != "DATABASE" && entries[i].type != "DATABASE PROPERTIES")
      before.push_back(&entries[i]);
  return before;
}

}  // namespace

asio::awaitable<Result<void>> restore_schema(DatabaseWork& work) {
  if (auto made = co_await make_database(work); !made) co_return made;
  auto target = co_await work.sessions.targets().take();
  if (!target) co_return tl::unexpected(std::move(target.error()));
  if (auto done = co_await replay_entries(*target, before_rows(work.entries), work.telling.remark()); !done)
    co_return tl::unexpected(about("target", done.error()));
  work.sessions.targets().give(std::move(*target));
  work.telling.schema_restored(work.catalog.tables.size(), work.entries.size());
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
