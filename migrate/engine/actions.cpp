#include "migrate/engine/actions.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <tuple>

#include "migrate/engine/capacity.hpp"
#include "migrate/engine/comparison.hpp"
#include "migrate/engine/globals.hpp"
#include "migrate/engine/outage.hpp"
#include "migrate/engine/roles.hpp"
#include "migrate/engine/sessions.hpp"
#include "migrate/engine/target_lock.hpp"
#include "migrate/engine/writers.hpp"
#include "migrate/log.hpp"
#include "migrate/pg/wait.hpp"
#include "migrate/validate/validate.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

std::vector<std::string> names_of(const Servers& servers) {
  std::vector<std::string> names;
  for (const auto& [name, shape] : servers.databases) names.push_back(name);
  return names;
}

// The first that failed; that something was canceled is no reason.
Result<void> first_failure(const std::vector<Result<void>>& results) {
  Result<void> answer;
  for (const auto& result : results)
    if (!result && (answer || answer.error().code == Errc::canceled)) answer = result;
  return answer;
}

}  // namespace

Actions::Actions(const Request& request, const Observer& observer, const Checks& checks,
                 std::vector<std::string>& remaining)
    : request_{request},
      observer_{observer},
      checks_{checks},
      remaining_{remaining},
      so_far_{request.resumption.value_or(Resumption{})} {
  observer_.database = [this, tell = observer.database](const DatabaseRecord& record) {
    databases_.insert_or_assign(record.name, record);
    if (tell) tell(record);
  };
}

asio::awaitable<Result<Event>> Actions::meet_prerequisites() {
  auto servers = co_await inspect_servers(request_);
  if (!servers) co_return tl::unexpected(std::move(servers.error()));
  servers_ = std::move(*servers);
  if (request_.option == MigrationOption::migrate)
    if (const auto free = co_await refuse_others(); !free) co_return tl::unexpected(free.error());
  co_return Event::prerequisites_met;
}

// Databases of those names that are not what an earlier run of this migration made.
asio::awaitable<Result<void>> Actions::refuse_others() const {
  Servers others = servers_;
  for (const auto& [name, standing] : so_far_.standings)
    if (standing.made != Made::nothing) others.databases.erase(name);
  co_return co_await refuse_existing(request_, others);
}

asio::awaitable<Result<Event>> Actions::validate() {
  Request named = request_;
  named.databases = names_of(servers_);  // a rule looks into every database, also when all of them were asked for
  named.overwrite = named.overwrite || request_.resumption;  // what an earlier run made is in nobody's way
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

asio::awaitable<Result<Event>> Actions::migrate_data() {
  auto lock = co_await lock_target(request_.target, names_of(servers_), deadline());
  if (!lock) co_return tl::unexpected(lock.error());
  lock_ = std::move(*lock);
  if (const auto free = co_await refuse_others(); !free) co_return tl::unexpected(free.error());
  if (const auto brought = co_await bring_roles(); !brought) co_return tl::unexpected(brought.error());
  if (const auto next = co_await next_transaction(request_.source, deadline())) first_transaction_ = *next;
  const auto copied = co_await copy_all();
  if (copied) co_return Event::data_copied;
  co_await shield_from_cancellation();
  co_await leave();
  co_return tl::unexpected(copied.error());
}

asio::awaitable<Result<void>> Actions::bring_roles() {
  if (request_.roles == RoleHandling::none) co_return Result<void>{};
  auto source = co_await connect_anywhere(request_.source, names_of(servers_).front(), deadline());
  if (!source) co_return tl::unexpected(about("source", source.error()));
  auto target = co_await connect_anywhere(request_.target, {}, deadline());
  if (!target) co_return tl::unexpected(about("target", target.error()));
  const std::function<void(std::string)> say = [this](std::string text) { remaining_.push_back(std::move(text)); };
  co_return co_await migrate::bring_roles(*source, *target, request_.roles, say);
}

asio::awaitable<Result<void>> Actions::copy_all() {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const Capacity capacity = co_await measure_capacity(request_);
  const LaneLimits limits = default_lanes(capacity, request_.jobs, request_.index_jobs);
  Scheduler scheduler{executor, limits};
  Turns turns{executor};
  Common common{request_, observer_, servers_, scheduler, turns, remaining_, so_far_.joined_roles};
  std::vector<Work> copies;
  for (const auto& name : names_of(servers_)) copies.push_back(copy(common, name));
  const auto results = co_await run_together(std::move(copies));
  co_return first_failure(results);
}

asio::awaitable<Result<void>> Actions::copy(Common& common, std::string database) {
  Standing& standing = so_far_.standings[database];
  DatabaseRun run{common, database, standing, so_far_.tables[database]};
  const auto copied = co_await copy_database(std::move(run));
  if (copied) co_return copied;
  co_await shield_from_cancellation();
  co_await say_what_is_left(standing);
  co_return copied;
}

asio::awaitable<Result<Event>> Actions::complete() {
  auto compared = co_await compare();
  co_await leave();
  co_return compared;
}

void Actions::settle() {
  for (auto& [name, record] : databases_) {
    if (record.state != WorkState::in_progress) continue;
    remaining_.push_back(
        fmt::format("database {} was copied, but not compared with the source: `pgpassage verify` of this migration "
                    "compares it",
                    quote_identifier(name)));
    end(name, WorkState::canceled, {"copied, but not compared with the source", {}, {}});
  }
}

asio::awaitable<Result<Event>> Actions::compare() {
  Verification all;
  for (const auto& name : names_of(servers_)) {
    auto found = co_await compare(name);
    if (!found) co_return tl::unexpected(std::move(found.error()));
    append(all, std::move(*found));
    if (observer_.verified) observer_.verified(all);
  }
  if (disagreement(all).empty()) co_return Event::verified;
  if (!has_difference(all)) co_return tl::unexpected(unread(all));
  co_return tl::unexpected(co_await difference_of(std::move(all)));
}

// From its beginning again when a server is lost meanwhile.
asio::awaitable<Result<Verification>> Actions::verify(std::string database) {
  Outage outage{request_.outage_time};
  for (bool reached = true;; reached = false) {
    auto found = co_await checks_.verify(request_, database);
    if (found || !outage.may_pass(found.error(), reached || connection_lost(found.error()), 0)) co_return found;
    if (auto waited = co_await outage.wait(); !waited) co_return tl::unexpected(waited.error());
  }
}

// Succeeded is only what was compared and found the same.
asio::awaitable<Result<Verification>> Actions::compare(std::string database) {
  databases_[database].phase = "verify";
  observer_.database(DatabaseRecord{databases_[database]});
  auto found = co_await verify(database);
  const std::string disagrees = found ? disagreement(*found) : found.error().message;
  if (found || found.error().code != Errc::canceled)
    end(database, disagrees.empty() ? WorkState::succeeded : WorkState::failed, {disagrees, {}, {}});
  co_return found;
}

asio::awaitable<Error> Actions::difference_of(Verification found) {
  const auto now = co_await next_transaction(request_.source, deadline());
  co_return difference(found, now && first_transaction_ ? *now - *first_transaction_ : 0);
}

void Actions::end(const std::string& database, WorkState state, const Trouble& trouble) {
  DatabaseRecord record = databases_[database];
  record.state = state;
  record.phase.clear();
  record.ended = std::chrono::system_clock::now();
  record.error = trouble;
  observer_.database(record);
}

// A statement that was canceled may have done its work before it heard of that: the target is asked.
asio::awaitable<void> Actions::say_what_is_left(const Standing& standing) {
  if (standing.made == Made::nothing) co_return;
  const auto there = co_await oid_on_target(request_, standing.database);
  const std::string name = quote_identifier(standing.database);
  if (!there)
    remaining_.push_back(fmt::format(
        "database {} on the target is probably incomplete: the target could not be asked what is there", name));
  else if (*there != 0)
    remaining_.push_back(fmt::format(
        "database {} on the target is incomplete and was left as it is: resume the migration, or drop it", name));
  else if (request_.overwrite)
    remaining_.push_back(fmt::format("database {} is not on the target any more, if it was there", name));
}

asio::awaitable<void> Actions::leave() {
  if (so_far_.joined_roles.empty()) co_return;
  auto target = co_await connect_anywhere(request_.target, {}, deadline());
  if (!target) {
    remaining_.push_back("the target's login is still a member of roles that it joined for the migration");
    co_return;
  }
  co_await leave_roles(*target, std::exchange(so_far_.joined_roles, {}));
  if (observer_.joined_roles) std::ignore = observer_.joined_roles({});
}

}  // namespace pgpassage::migrate
