#include "migrate/engine/database_work.hpp"
#include "migrate/engine/hand_over.hpp"
#include "migrate/engine/sequences.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

asio::awaitable<Result<void>> hand_everything_over(DatabaseWork& work, Session& target) {
  auto& joined = work.run.common.joined_roles;
  auto done = co_await hand_over(target, work.entries, work.catalog, joined, work.telling.remark());
  if (!done) co_return tl::unexpected(about("target", done.error()));
  if (work.catalog.large_objects.count > 0)
    done = co_await hand_over_large_objects(work.sessions.holder(), target, work.telling.remark());
  if (done) done = co_await create_event_triggers(target, work.entries, work.telling.remark());
  co_return done;
}

// A transaction with an id of its own: its commit waits until everything before it is on disk.
asio::awaitable<Result<void>> wait_for_the_disk(Session& target) {
  const auto flushed = co_await target.execute("SET synchronous_commit = on; SELECT pg_catalog.txid_current()");
  if (!flushed) co_return tl::unexpected(about("target", flushed.error()));
  co_return Result<void>{};
}

}  // namespace

asio::awaitable<Result<void>> complete_database(DatabaseWork& work) {
  work.telling.phase("completing");
  auto target = co_await work.sessions.targets().take();
  if (!target) co_return tl::unexpected(std::move(target.error()));
  auto done = co_await copy_sequences(work.sessions.holder(), *target, work.catalog.sequences);
  if (!done) co_return tl::unexpected(about("sequences", done.error()));
  // One database after the other: they join the same roles, and whoever changes a role that another session is changing
  // is refused.
  done = co_await work.run.common.turns.run(hand_everything_over(work, *target));
  if (done) done = co_await wait_for_the_disk(*target);
  if (!done) co_return done;
  co_await work.sessions.holder().execute("COMMIT");
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
