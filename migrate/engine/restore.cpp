#include "migrate/engine/database_work.hpp"
#include "migrate/engine/digest.hpp"
#include "migrate/engine/replay.hpp"
#include "migrate/engine/servers.hpp"
#include "migrate/kill_point.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

Result<void> stand(DatabaseWork& work, Standing standing) {
  standing.database = work.run.database;
  if (const auto& tell = work.run.common.observer.standing)
    if (auto kept = tell(standing); !kept) return kept;
  work.run.standing = std::move(standing);
  return {};
}

// What an earlier run began may be replaced: its own database, and one that it may just have made, as long as nobody
// has put anything into it.
asio::awaitable<Result<bool>> ours(DatabaseWork& work, std::int64_t oid) {
  const Standing& standing = work.run.standing;
  if (work.request().overwrite || standing.oid == oid) co_return true;
  if (standing.made != Made::begun) co_return false;
  co_return co_await empty_on_target(work.request(), work.run.database);
}

asio::awaitable<Result<void>> make_room(DatabaseWork& work) {
  const auto oid = co_await oid_on_target(work.request(), work.run.database);
  if (!oid) co_return tl::unexpected(oid.error());
  if (*oid != 0) {
    const auto replaced = co_await ours(work, *oid);
    if (!replaced) co_return tl::unexpected(replaced.error());
    if (!*replaced)
      co_return fail_with_cure(Errc::already_exists, "drop or rename it there, then resume",
                               "the target has another database {} than the one that this migration made",
                               quote_identifier(work.run.database));
  }
  if (auto told = stand(work, {.made = Made::begun}); !told) co_return told;
  if (*oid != 0) co_return co_await drop_database(work.request(), work.run.database);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> make_database(DatabaseWork& work) {
  if (auto free = co_await make_room(work); !free) co_return free;
  auto made = co_await create_database(work.request(), work.run.database, work.shape);
  if (!made) co_return made;
  kill_point("restore.made");
  const auto oid = co_await oid_on_target(work.request(), work.run.database);
  if (!oid) co_return tl::unexpected(oid.error());
  Standing standing{.made = Made::empty, .oid = *oid};
  co_return stand(work, std::move(standing));
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

asio::awaitable<Result<bool>> may_go_on(DatabaseWork& work) {
  const Standing& standing = work.run.standing;
  if (standing.made != Made::schema || standing.schema != digest_of(work.entries)) co_return false;
  const auto oid = co_await oid_on_target(work.request(), work.run.database);
  if (!oid) co_return tl::unexpected(oid.error());
  co_return *oid == standing.oid;
}

asio::awaitable<Result<void>> restore_schema(DatabaseWork& work) {
  if (auto made = co_await make_database(work); !made) co_return made;
  auto target = co_await work.sessions.targets().take();
  if (!target) co_return tl::unexpected(std::move(target.error()));
  if (auto done = co_await replay_entries(*target, before_rows(work.entries), work.telling.remark()); !done)
    co_return tl::unexpected(about("target", done.error()));
  kill_point("restore.entries");
  if (auto flushed = co_await flush_to_disk(*target); !flushed) co_return flushed;
  work.sessions.targets().give(std::move(*target));
  kill_point("restore.done");
  Standing standing{.made = Made::schema, .oid = work.run.standing.oid, .schema = digest_of(work.entries)};
  if (auto told = stand(work, std::move(standing)); !told) co_return told;
  work.telling.schema_restored(work.catalog.tables.size(), work.entries.size());
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
