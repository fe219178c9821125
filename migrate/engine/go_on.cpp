#include <algorithm>

#include "migrate/engine/database_work.hpp"
#include "migrate/engine/roles.hpp"
#include "migrate/engine/servers.hpp"
#include "migrate/engine/strip.hpp"
#include "migrate/kill_point.hpp"
#include "migrate/log.hpp"
#include "migrate/verify/verify.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

Deadline deadline(const DatabaseWork& work) { return std::chrono::steady_clock::now() + work.request().connect_time; }

Remark unsaid() {
  return [](const std::string&, const std::string&) {};  // will be said when everything is handed over
}

// A statement goes on for as long as it takes although who sent it was killed. The target's lock is ours: what calls
// itself pgpassage there is left from an earlier run.
asio::awaitable<Result<void>> end_leftovers(Session& target, std::string database) {
  const std::vector<Parameter> name{std::move(database)};
  const auto ended = co_await target.query(
      "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1"
      " AND application_name = 'pgpassage' AND usename = CURRENT_USER AND pid <> pg_catalog.pg_backend_pid()",
      name);
  if (!ended) co_return tl::unexpected(about("target", ended.error()));
  co_return Result<void>{};
}

// What an earlier run handed over last would keep this one out: owners, and a limit of connections.
asio::awaitable<Result<void>> open_up(DatabaseWork& work) {
  auto target = co_await connect_anywhere(work.request().target, {}, deadline(work));
  if (!target) co_return tl::unexpected(about("target", target.error()));
  if (auto joined = co_await join(work, *target, unsaid()); !joined)
    co_return tl::unexpected(about("target", joined.error()));
  const auto opened = co_await target->execute(
      fmt::format("ALTER DATABASE {} CONNECTION LIMIT -1", quote_identifier(work.run.database)));
  if (!opened) co_return tl::unexpected(about("target", opened.error()));
  co_return co_await end_leftovers(*target, work.run.database);
}

asio::awaitable<Result<SameContent>> compare(DatabaseWork& work) {
  VerifyRequest request{.source = work.request().source,
                        .target = work.request().target,
                        .database = work.run.database,
                        .jobs = work.run.common.scheduler.limits().copy,
                        .source_snapshot = work.sessions.snapshot(),
                        .connect_deadline = deadline(work)};
  std::set<std::string> finished;
  for (const auto& [name, record] : work.run.finished) finished.insert(name);
  co_return co_await same_content(std::move(request), std::move(finished));
}

// Those that are to be copied, by their index. Told before anything of the others is undone.
std::vector<std::size_t> keep(DatabaseWork& work, const SameContent& same) {
  std::vector<std::size_t> others;
  std::map<std::string, TableRecord> kept;
  for (std::size_t i = 0; i < work.catalog.tables.size(); ++i) {
    const std::string& name = work.catalog.tables[i].name;
    if (std::find(same.tables.begin(), same.tables.end(), name) == same.tables.end()) {
      others.push_back(i);
      continue;
    }
    const TableRecord& record = work.run.finished.at(name);
    work.telling.tally().keep(i, record);
    kept.emplace(name, record);
  }
  work.run.finished = std::move(kept);
  work.large_objects_kept = same.large_objects;
  work.telling.tell_tables();
  log().info("tables kept database={} tables={} others={}", work.run.database, work.run.finished.size(), others.size());
  return others;
}

// The only stream of a table empties it by itself, in the transaction that fills it.
asio::awaitable<Result<void>> empty(Session& target, const DatabaseWork& work, std::size_t table) {
  const CopyTable& of = work.catalog.tables[table];
  if (!of.configuration && work.ranges[table].size() == 1) co_return Result<void>{};
  const auto done =
      co_await target.execute(of.configuration ? fmt::format("DELETE FROM ONLY {} {}", of.name, of.condition)
                                               : fmt::format("TRUNCATE ONLY {}", of.name));
  if (!done) co_return tl::unexpected(about("target", done.error()));
  co_return Result<void>{};
}

asio::awaitable<Result<bool>> undo(DatabaseWork& work, std::vector<std::size_t> tables) {
  auto target = co_await work.sessions.targets().take();
  if (!target) co_return tl::unexpected(std::move(target.error()));
  std::vector<std::string> names;
  for (const std::size_t table : tables) names.push_back(work.catalog.tables[table].name);
  const auto stripped = co_await strip_tables(*target, std::move(names));
  if (!stripped) co_return tl::unexpected(about("target", stripped.error()));
  if (!*stripped) co_return false;
  for (const std::size_t table : tables) {
    kill_point("resume.empty");
    if (auto done = co_await empty(*target, work, table); !done) co_return tl::unexpected(done.error());
  }
  if (!work.large_objects_kept)
    if (auto done = co_await remove_large_objects(*target); !done)
      co_return tl::unexpected(about("target: large objects", done.error()));
  work.sessions.targets().give(std::move(*target));
  co_return true;
}

}  // namespace

asio::awaitable<Result<void>> join(DatabaseWork& work, Session& target, Remark remark) {
  Common& common = work.run.common;
  const auto roles = co_await not_joined(target, work.catalog.roles);
  if (!roles) co_return tl::unexpected(roles.error());
  for (const auto& role : *roles)
    if (std::find(common.joined_roles.begin(), common.joined_roles.end(), role) == common.joined_roles.end())
      common.joined_roles.push_back(role);
  if (common.observer.joined_roles)
    if (auto kept = common.observer.joined_roles(common.joined_roles); !kept) co_return kept;
  const auto joined = co_await join_roles(target, work.catalog.roles, std::move(remark));
  if (!joined) co_return tl::unexpected(joined.error());
  co_return Result<void>{};
}

asio::awaitable<Result<bool>> go_on(DatabaseWork& work) {
  work.telling.phase("resuming");
  kill_point("resume.begin");
  if (auto opened = co_await work.run.common.turns.run(open_up(work)); !opened)
    co_return tl::unexpected(opened.error());
  const auto same = co_await compare(work);
  if (!same) co_return tl::unexpected(same.error());
  kill_point("resume.compared");
  auto undone = co_await undo(work, keep(work, *same));
  kill_point("resume.undone");
  co_return undone;
}

}  // namespace pgpassage::migrate
