#include "app/agent/api/runner.hpp"

#include <tuple>

#include "app/agent/log.hpp"
#include "app/engine_checks.hpp"
#include "app/recording.hpp"
#include "app/two_threads.hpp"

namespace pgpassage::app::agent {
namespace {

namespace asio = boost::asio;
using migrate::MigrationId;
using migrate::Outcome;

Result<Outcome> run_to_end(migrate::Request request, migrate::Observer observer) {
  asio::io_context context;
  try {
    return run_on_two_threads(context, asio::make_strand(context),
                              migrate::run_migration(std::move(request), std::move(observer), usual_checks()));
  } catch (const std::exception& bug) {
    return fail(Errc::internal, "internal error: {}", bug.what());
  }
}

}  // namespace

Runner::~Runner() {
  std::map<MigrationId, std::thread> threads;
  {
    const std::lock_guard lock{mutex_};
    threads.swap(threads_);
  }
  for (auto& [id, thread] : threads) thread.join();
}

Result<MigrationId> Runner::start(Crossing crossing, const std::string& by) {
  const std::lock_guard lock{mutex_};
  join_ended();
  if (threads_.size() >= most_at_once)
    return fail_with_cure(Errc::unsupported, "wait until one has ended", "{} migrations run here, and no more may",
                          threads_.size());
  const auto id = ledger_.create(crossing.record);
  if (!id) return id;
  std::ignore = ledger_.note(*id, fmt::format("handed to the agent by {}", by));
  log().info("migration started name={} by={}", crossing.record.name, by);
  threads_[*id] =
      std::thread{[this, id = *id, request = std::move(crossing.request)]() mutable { run(id, std::move(request)); }};
  return id;
}

void Runner::run(MigrationId id, migrate::Request request) {
  const auto outcome = run_to_end(std::move(request), recorded(ledger_, id));
  if (outcome) {
    log().info("migration ended id={} state={}", id, to_string(outcome->stage.state));
  } else {
    log().error("migration ended id={} reason={}", id, outcome.error().message);
    // Its record would claim for ever that it runs: the process that would have to be gone is this one.
    std::ignore = ledger_.advance(id, migrate::Event::failed, {outcome.error().message, "", outcome.error().cure});
  }
  {
    const std::lock_guard lock{mutex_};
    ended_.push_back(id);
  }
  ended_one_();
}

void Runner::join_ended() {
  for (const MigrationId id : ended_) {
    const auto found = threads_.find(id);
    if (found == threads_.end()) continue;
    found->second.join();
    threads_.erase(found);
  }
  ended_.clear();
}

std::size_t Runner::running() {
  const std::lock_guard lock{mutex_};
  join_ended();
  return threads_.size();
}

void Runner::cancel_all(std::string_view why) {
  const std::lock_guard lock{mutex_};
  join_ended();
  for (const auto& [id, thread] : threads_) {
    std::ignore = ledger_.note(id, why);
    std::ignore = ledger_.request_cancel(id);
  }
}

}  // namespace pgpassage::app::agent
