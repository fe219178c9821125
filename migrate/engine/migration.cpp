#include <optional>

#include "migrate/engine/actions.hpp"
#include "migrate/engine/engine.hpp"
#include "migrate/engine/together.hpp"
#include "migrate/kill_point.hpp"
#include "migrate/log.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

// A server that was there before.
bool lost(const Error& error, Substate where) {
  const bool not_reached = error.code == Errc::connect_failed || error.code == Errc::timed_out;
  return connection_lost(error) || (not_reached && where != Substate::performing_pre_requisite_steps);
}

// What PostgreSQL's own hint leaves open.
Trouble trouble_of(const Error& error, Substate where) {
  Trouble trouble{error.message, error.sqlstate, error.cure};
  if (error.code == Errc::disk_full)
    trouble.cure = "make room on that disk, then `pgpassage resume` this migration";
  else if (lost(error, where))
    trouble.cure = "see why the server is gone, then `pgpassage resume` this migration";
  else if (trouble.cure.empty() && where == Substate::migrating_data)
    trouble.cure = "mend that, then `pgpassage resume` this migration";
  return trouble;
}

asio::awaitable<Result<Event>> perform(Actions& actions, Step now) {
  if (now.stage == first_stage) return actions.meet_prerequisites();
  switch (now.action) {
    case Action::validate: return actions.validate();
    case Action::migrate_data: return actions.migrate_data();
    default: return actions.complete();
  }
}

Work keep(asio::awaitable<Result<Event>> work, std::optional<Event>& event) {
  const auto result = co_await std::move(work);
  if (!result) co_return tl::unexpected(result.error());
  event = *result;
  co_return Result<void>{};
}

asio::awaitable<Result<Event>> perform_until_asked(Actions& actions, Step now, std::function<bool()> asked_to_stop) {
  std::optional<Event> event;
  std::vector<Work> one;
  one.push_back(keep(perform(actions, now), event));
  const auto results = co_await run_together(std::move(one), std::move(asked_to_stop));
  if (!results.front()) co_return tl::unexpected(results.front().error());
  co_return *event;
}

Event event_of(const Result<Event>& result) {
  if (result) return *result;
  return result.error().code == Errc::canceled ? Event::canceled : Event::failed;
}

Result<Step> advance(const Request& request, const Observer& observer, Stage stage, Event event,
                     const Trouble& trouble) {
  if (observer.advance) return observer.advance(event, trouble);
  if (const auto next = step(stage, event, request.mode, request.option)) return *next;
  return fail(Errc::internal, "the life cycle refuses '{}' now", to_string(event));
}

}  // namespace

asio::awaitable<Result<Outcome>> run_migration(Request request, Observer observer, Checks checks) {
  Outcome outcome;
  Actions actions{request, observer, checks, outcome.remaining};
  Step now{first_stage};
  while (!ended(now.stage.state)) {
    const auto result = co_await perform_until_asked(actions, now, observer.cancel_requested);
    const Event event = event_of(result);
    if (event == Event::failed) {
      outcome.trouble = trouble_of(result.error(), now.stage.substate);
      log().error("migration failed substate={} error={}", to_string(now.stage.substate), loggable(result.error()));
    }
    if (event == Event::failed || event == Event::canceled) actions.settle();
    if (observer.remains && !outcome.remaining.empty()) observer.remains(outcome.remaining);
    kill_point(fmt::format("{}.ended", to_string(now.stage.substate)));
    const auto next = advance(request, observer, now.stage, event, outcome.trouble);
    if (!next) co_return tl::unexpected(next.error());
    now = *next;
    kill_point(fmt::format("{}.entered", to_string(now.stage.substate)));
    log().info("migration goes on event={} state={} substate={}", to_string(event), to_string(now.stage.state),
               to_string(now.stage.substate));
  }
  outcome.stage = now.stage;
  co_return outcome;
}

}  // namespace pgpassage::migrate
