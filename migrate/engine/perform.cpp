#include "migrate/copy/stream.hpp"
#include "migrate/engine/database_work.hpp"
#include "migrate/engine/large_objects.hpp"
#include "migrate/engine/replay.hpp"
#include "migrate/kill_point.hpp"
#include "migrate/log.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::system_clock;

const char* to_string(StepKind kind) {
  switch (kind) {
    case StepKind::table_rows: return "rows";
    case StepKind::large_objects: return "largeObjects";
    case StepKind::statements: return "statements";
    case StepKind::analyze: return "analyze";
    case StepKind::barrier: return "barrier";
  }
  return "barrier";
}

struct Pair {
  Session source, target;
};

asio::awaitable<Result<Pair>> take_pair(DatabaseWork& work) {
  auto source = co_await work.sessions.sources().take();
  if (!source) co_return tl::unexpected(std::move(source.error()));
  auto target = co_await work.sessions.targets().take();
  if (!target) co_return tl::unexpected(std::move(target.error()));
  co_return Pair{std::move(*source), std::move(*target)};
}

void give_back(DatabaseWork& work, Pair pair) {
  work.sessions.sources().give(std::move(pair.source));
  work.sessions.targets().give(std::move(pair.target));
}

void tell_copied(const DatabaseWork& work, const TableRecord& table) {
  log().info("table copied database={} table={} rows={} bytes={} took={:.1f}s", work.run.database, table.table,
             table.rows, table.bytes, std::chrono::duration<double>(table.took).count());
}

asio::awaitable<Result<void>> copy_piece(DatabaseWork& work, std::size_t index, std::size_t piece) {
  const CopyTable& table = work.catalog.tables[index];
  Tally& tally = work.telling.tally();
  if (tally.table(index).state == WorkState::succeeded) co_return Result<void>{};  // by an earlier run
  auto pair = co_await take_pair(work);
  if (!pair) co_return tl::unexpected(std::move(pair.error()));
  tally.begin(index, Clock::now());
  std::int64_t told = 0;
  const auto& ranges = work.ranges[index];
  const CopyStatements statements = copy_statements(table, ranges[piece], ranges.size() == 1);
  const std::function<void(const Copied&)> progress = [&](const Copied& now) {
    tally.add(index, now.bytes - std::exchange(told, now.bytes));
    kill_point("rows.chunk");
  };
  const auto copied = co_await copy_rows(pair->source, pair->target, statements, progress);
  if (!copied) {
    if (copied.error().code != Errc::canceled) tally.fail(index, copied.error().message);
    co_return tl::unexpected(about("table " + table.name, copied.error()));
  }
  if (const auto complete = tally.end_piece(index, copied->rows, Clock::now())) tell_copied(work, *complete);
  give_back(work, std::move(*pair));
  co_return Result<void>{};
}

asio::awaitable<Result<void>> copy_objects(DatabaseWork& work) {
  if (work.large_objects_kept) co_return Result<void>{};
  auto pair = co_await take_pair(work);
  if (!pair) co_return tl::unexpected(std::move(pair.error()));
  const auto copied = co_await copy_large_objects(pair->source, pair->target);
  if (!copied) co_return tl::unexpected(about("large objects", copied.error()));
  give_back(work, std::move(*pair));
  co_return Result<void>{};
}

// "already exists", and "multiple primary keys": built by an earlier run, whose end the ledger did not see.
bool is_there_already(const std::string& sqlstate) {
  return sqlstate == "42P07" || sqlstate == "42710" || sqlstate == "42P16";
}

Remark remark_of(DatabaseWork& work) {
  Remark say = work.telling.remark();
  if (!work.resumed) return say;
  return [say](const std::string& text, const std::string& sqlstate) {
    if (!is_there_already(sqlstate)) say(text, sqlstate);
  };
}

// An index is made in one transaction, and what is said of it afterwards in others: saying it twice is no harm.
SchemaEntry without_creation(SchemaEntry entry) {
  std::erase_if(entry.statements, [](const std::string& statement) { return statement.starts_with("CREATE "); });
  return entry;
}

asio::awaitable<Result<void>> build(DatabaseWork& work, const SchemaEntry& entry) {
  auto target = co_await work.sessions.targets().take();
  if (!target) co_return tl::unexpected(std::move(target.error()));
  auto done = co_await replay_entry(*target, entry, remark_of(work));
  if (!done && work.resumed && is_there_already(done.error().sqlstate)) {
    const SchemaEntry rest = entry.type == "INDEX" ? without_creation(entry) : SchemaEntry{};
    done = co_await replay_entry(*target, rest, remark_of(work));
  }
  if (!done) co_return tl::unexpected(about("target", done.error()));
  work.sessions.targets().give(std::move(*target));
  co_return Result<void>{};
}

asio::awaitable<Result<void>> analyze(DatabaseWork& work, std::size_t index) {
  const Catalog& catalog = work.catalog;
  const std::size_t tables = catalog.tables.size();
  const std::string& name = index < tables ? catalog.tables[index].name : catalog.analyzed[index - tables];
  auto target = co_await work.sessions.targets().take();
  if (!target) co_return tl::unexpected(std::move(target.error()));
  const auto done = co_await target->execute("ANALYZE " + name);
  if (!done) co_return tl::unexpected(about("target: ANALYZE " + name, done.error()));
  work.sessions.targets().give(std::move(*target));
  co_return Result<void>{};
}

asio::awaitable<Result<void>> perform(DatabaseWork& work, PlanStep step) {
  log().debug("step begins database={} kind={} subject={}", work.run.database, to_string(step.kind), step.subject);
  switch (step.kind) {
    case StepKind::table_rows: co_return co_await copy_piece(work, step.subject, step.piece);
    case StepKind::large_objects: co_return co_await copy_objects(work);
    case StepKind::statements: co_return co_await build(work, work.entries[step.subject]);
    case StepKind::analyze: co_return co_await analyze(work, step.subject);
    case StepKind::barrier: break;
  }
  co_return Result<void>{};
}

}  // namespace

asio::awaitable<Result<void>> perform_step(DatabaseWork& work, PlanStep step) {
  const std::string kind = to_string(step.kind);
  kill_point(kind + ".begin");
  auto done = co_await perform(work, std::move(step));
  kill_point(kind + ".end");
  co_return done;
}

}  // namespace pgpassage::migrate
