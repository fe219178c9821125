#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

#include "migrate/engine/database.hpp"
#include "migrate/engine/engine.hpp"
#include "migrate/engine/roles.hpp"
#include "migrate/engine/servers.hpp"
#include "migrate/engine/writers.hpp"
#include "migrate/log.hpp"
#include "migrate/pg/wait.hpp"
#include "migrate/validate/validate.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
constexpr auto nothrow_awaitable = asio::as_tuple(asio::use_awaitable);

template <class Predicate>
std::vector<std::string> names_of(const Verification& found, Predicate wanted) {
  std::vector<std::string> names;
  for (const auto& item : found.items)
    if (wanted(item)) names.push_back(fmt::format("{} {} {}", item.database, item.kind, item.name));
  return names;
}

std::string count_of(const std::vector<std::string>& objects) {
  return fmt::format("{} object{}", objects.size(), objects.size() == 1 ? "" : "s");
}

std::vector<std::string> differing(const Verification& found) {
  return names_of(found, [](const auto& item) { return item.compared && !item.identical; });
}

std::vector<std::string> not_read(const Verification& found) {
  return names_of(found, [](const auto& item) { return !item.compared; });
}

// What a comparison says of the migration, or of one database; empty: the same.
std::string disagreement(const Verification& found) {
  if (const auto objects = differing(found); !objects.empty())
    return fmt::format("source and target differ in {}, first: {}", count_of(objects), objects.front());
  if (const auto objects = not_read(found); !objects.empty())
    return fmt::format("{} could not be compared, first: {}", count_of(objects), objects.front());
  return {};
}

// Succeeded says that everything was compared: what could not be read cannot be called the same.
Error unread(const Verification& found) {
  return {Errc::differs,
          disagreement(found),
          {},
          "why is listed under Verification; when that is mended, `pgpassage verify` of this migration compares again"};
}

// The work of each action; what the life cycle makes of its result is decided elsewhere.
class Migration {
 public:
  Migration(const Request& request, const Observer& observer, const Checks& checks, std::vector<std::string>& remaining)
      : request_{request}, observer_{observer}, checks_{checks}, remaining_{remaining} {
    observer_.database = [this, tell = observer.database](const DatabaseRecord& record) {
      databases_.insert_or_assign(record.name, record);
      if (tell) tell(record);
    };
  }
  Migration(const Migration&) = delete;
  Migration& operator=(const Migration&) = delete;

  asio::awaitable<Result<Event>> meet_prerequisites() {
    auto servers = co_await inspect_servers(request_);
    if (!servers) co_return tl::unexpected(std::move(servers.error()));
    servers_ = std::move(*servers);
    if (request_.option == MigrationOption::migrate)
      if (const auto free = co_await refuse_existing(request_, servers_); !free) co_return tl::unexpected(free.error());
    co_return Event::prerequisites_met;
  }

  asio::awaitable<Result<Event>> validate() {
    Request named = request_;  // a rule looks into every database, also when all of them were asked for
    named.databases.clear();
    for (const auto& [name, shape] : servers_.databases) named.databases.push_back(name);
    const auto items = co_await checks_.validate(named);
    if (!items) co_return tl::unexpected(items.error());
    if (observer_.validated) observer_.validated(*items);
    const auto count = [&](ItemState state) {
      return std::count_if(items->begin(), items->end(), [&](const auto& item) { return item.state == state; });
    };
    log().info("validation done succeeded={} warnings={} failed={}", count(ItemState::succeeded),
               count(ItemState::warning), count(ItemState::failed));
    co_return passed(*items) ? Event::validation_passed : Event::validation_failed;
  }

  asio::awaitable<Result<Event>> migrate_data() {
    if (const auto free = co_await refuse_existing(request_, servers_); !free) co_return tl::unexpected(free.error());
    if (const auto next = co_await next_transaction(source(), deadline())) first_transaction_ = *next;
    for (const auto& [name, shape] : servers_.databases) {
      Touched touched = Touched::not_at_all;
      DatabaseRun run{request_, observer_, servers_, name, remaining_, joined_roles_, touched};
      const auto copied = co_await copy_database(std::move(run));
      if (!copied) {
        co_await shield_from_cancellation();
        co_await leave();
        co_await say_what_is_left(name, touched);
        co_return tl::unexpected(copied.error());
      }
    }
    co_return Event::data_copied;
  }

  asio::awaitable<Result<Event>> complete() {
    auto compared = co_await compare();
    co_await leave();
    co_return compared;
  }

  // A migration that ended before its comparison leaves databases of which nobody knows that they are the same.
  void settle() {
    for (auto& [name, record] : databases_) {
      if (record.state != WorkState::in_progress) continue;
      remaining_.push_back(
          fmt::format("database {} was copied, but not compared with the source: `pgpassage verify` of this migration "
                      "compares it",
                      quote_identifier(name)));
      end(name, WorkState::canceled, {"copied, but not compared with the source", {}, {}});
    }
  }

 private:
  asio::awaitable<Result<Event>> compare() {
    Verification all;
    for (const auto& [name, shape] : servers_.databases) {
      auto found = co_await compare(name);
      if (!found) co_return tl::unexpected(std::move(found.error()));
      append(all, std::move(*found));
      if (observer_.verified) observer_.verified(all);
    }
    if (disagreement(all).empty()) co_return Event::verified;
    if (differing(all).empty()) co_return tl::unexpected(unread(all));
    co_return tl::unexpected(co_await difference(std::move(all)));
  }

  // Succeeded is only what was compared and found the same.
  asio::awaitable<Result<Verification>> compare(std::string name) {
    databases_[name].phase = "verify";
    observer_.database(DatabaseRecord{databases_[name]});
    auto found = co_await checks_.verify(request_, name);
    const std::string disagrees = found ? disagreement(*found) : found.error().message;
    if (found || found.error().code != Errc::canceled)
      end(name, disagrees.empty() ? WorkState::succeeded : WorkState::failed, {disagrees, {}, {}});
    co_return found;
  }

  void end(const std::string& name, WorkState state, const Trouble& trouble) {
    DatabaseRecord record = databases_[name];
    record.state = state;
    record.phase.clear();
    record.ended = std::chrono::system_clock::now();
    record.error = trouble;
    observer_.database(record);
  }

  // An offline copy stands still at its snapshot: what was written to the source since is missing on the target.
  asio::awaitable<Error> difference(Verification all) {
    Error error{Errc::differs,
                disagreement(all),
                {},
                "what differs is listed under Verification; stop writing to the source, then "
                "migrate again with another --name and --overwrite"};
    const auto now = co_await next_transaction(source(), deadline());
    if (!now || !first_transaction_ || *now == *first_transaction_) co_return error;
    error.message += fmt::format(
        "; probably the source was written to during the migration: it began {} writing transactions meanwhile",
        *now - *first_transaction_);
    error.cure =
        "stop every writer of the source, then migrate again with another --name and "
        "--overwrite; what differs is listed under Verification";
    co_return error;
  }

  ServerAddress source() const { return request_.source; }
  Deadline deadline() const { return std::chrono::steady_clock::now() + request_.connect_time; }

  // A statement that was canceled may have done its work before it heard of that: the target is asked.
  asio::awaitable<void> say_what_is_left(std::string database, Touched touched) {
    if (touched == Touched::not_at_all) co_return;
    const auto there = co_await exists_on_target(request_, database);
    const std::string name = quote_identifier(database);
    if (!there)
      remaining_.push_back(fmt::format(
          "database {} on the target is probably incomplete: the target could not be asked what is there", name));
    else if (*there && touched == Touched::made)
      remaining_.push_back(
          fmt::format("database {} on the target is incomplete and was left as it is: drop it, or "
                      "migrate again with overwriteDbsInTarget (--overwrite)",
                      name));
    else if (!*there && request_.overwrite)
      remaining_.push_back(fmt::format("database {} is not on the target any more, if it was there", name));
  }

  asio::awaitable<void> leave() {
    if (joined_roles_.empty()) co_return;
    auto target = co_await connect_anywhere(request_.target, {}, deadline());
    if (target) co_return co_await leave_roles(*target, std::move(joined_roles_));
    remaining_.push_back("the target's login is still a member of roles that it joined for the migration");
  }

  const Request& request_;
  Observer observer_;
  const Checks& checks_;
  std::vector<std::string>& remaining_;
  Servers servers_;
  std::map<std::string, DatabaseRecord> databases_;  // as they were told last
  std::vector<std::string> joined_roles_;
  std::optional<std::int64_t> first_transaction_;  // the source's next writing one when the copy began
};

// What PostgreSQL's own hint leaves open: a migration that ended is not continued, another one is started.
Trouble trouble_of(const Error& error) {
  Trouble trouble{error.message, error.sqlstate, error.cure};
  if (error.code == Errc::disk_full)
    trouble.cure = "make room on that disk, then migrate again with another --name and --overwrite";
  else if (trouble.cure.empty() && connection_lost(error))
    trouble.cure = "see why the server ended the session, then migrate again with another --name and --overwrite";
  return trouble;
}

asio::awaitable<Result<Event>> perform(Migration& migration, Step now) {
  if (now.stage == first_stage) return migration.meet_prerequisites();
  switch (now.action) {
    case Action::validate: return migration.validate();
    case Action::migrate_data: return migration.migrate_data();
    default: return migration.complete();
  }
}

// Runs `work` so that it can be canceled by whoever canceled us, or by `asked`, which is called once a second.
asio::awaitable<Result<Event>> run_until_asked(asio::awaitable<Result<Event>> work, std::function<bool()> asked) {
  const auto executor = co_await asio::this_coro::executor;
  asio::cancellation_signal stop;
  asio::steady_timer wake{executor};
  std::optional<Result<Event>> result;
  std::exception_ptr escaped;
  asio::co_spawn(executor, std::move(work),
                 asio::bind_cancellation_slot(
                     stop.slot(), asio::bind_executor(executor, [&](std::exception_ptr exception, Result<Event> value) {
                       escaped = exception;
                       result = std::move(value);
                       wake.cancel();
                     })));
  while (!result) {
    wake.expires_after(std::chrono::seconds{1});
    co_await wake.async_wait(nothrow_awaitable);
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto state = co_await asio::this_coro::cancellation_state;
    const bool canceled = state.cancelled() != asio::cancellation_type::none;
    if (result || !(canceled || (asked && asked()))) continue;
    co_await shield_from_cancellation();
    asked = nullptr;
    stop.emit(asio::cancellation_type::terminal);
  }
  if (escaped) std::rethrow_exception(escaped);
  co_return std::move(*result);
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
  Migration migration{request, observer, checks, outcome.remaining};
  Step now{first_stage};
  while (!ended(now.stage.state)) {
    const auto result = co_await run_until_asked(perform(migration, now), observer.cancel_requested);
    Event event = result ? *result : result.error().code == Errc::canceled ? Event::canceled : Event::failed;
    if (event == Event::failed) {
      outcome.trouble = trouble_of(result.error());
      log().error("migration failed substate={} error={}", to_string(now.stage.substate), loggable(result.error()));
    }
    if (event == Event::failed || event == Event::canceled) migration.settle();
    if (observer.remains && !outcome.remaining.empty()) observer.remains(outcome.remaining);
    const auto next = advance(request, observer, now.stage, event, outcome.trouble);
    if (!next) co_return tl::unexpected(next.error());
    now = *next;
    log().info("migration goes on event={} state={} substate={}", to_string(event), to_string(now.stage.state),
               to_string(now.stage.substate));
  }
  outcome.stage = now.stage;
  co_return outcome;
}

}  // namespace pgpassage::migrate
