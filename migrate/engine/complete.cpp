#include "migrate/engine/database_work.hpp"
#include "migrate/engine/hand_over.hpp"
#include "migrate/engine/sequences.hpp"
#include "migrate/kill_point.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

asio::awaitable<Result<void>> hand_everything_over(DatabaseWork& work, Session& target) {
  auto done = co_await join(work, target, work.telling.remark());
  kill_point("complete.joined");
  if (done) done = co_await hand_over(target, work.entries, work.catalog, work.telling.remark());
  kill_point("complete.handed_over");
  if (!done) co_return tl::unexpected(about("target", done.error()));
  if (work.catalog.large_objects.count > 0)
    done = co_await hand_over_large_objects(work.sessions.holder(), target, work.telling.remark());
  if (done) done = co_await create_event_triggers(target, work.entries, work.telling.remark());
  co_return done;
}

}  // namespace

asio::awaitable<Result<void>> complete_database(DatabaseWork& work) {
  work.telling.phase("completing");
  auto target = co_await work.sessions.targets().take();
  if (!target) co_return tl::unexpected(std::move(target.error()));
  kill_point("complete.begin");
  auto done = co_await copy_sequences(work.sessions.holder(), *target, work.catalog.sequences);
  if (!done) co_return tl::unexpected(about("sequences", done.error()));
  // One database after the other: they join the same roles, and whoever changes a role that another session is changing
  // is refused.
  kill_point("complete.sequences");
  done = co_await work.run.common.turns.run(hand_everything_over(work, *target));
  if (done) done = co_await flush_to_disk(*target);
  if (!done) co_return done;
  kill_point("complete.done");
  co_await work.sessions.holder().execute("COMMIT");
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
