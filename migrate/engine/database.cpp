#include "migrate/engine/database.hpp"

#include <algorithm>
#include <thread>

#include "migrate/catalog/read_catalog.hpp"
#include "migrate/copy/stream.hpp"
#include "migrate/engine/hand_over.hpp"
#include "migrate/engine/large_objects.hpp"
#include "migrate/engine/schedule.hpp"
#include "migrate/engine/sequences.hpp"
#include "migrate/engine/sessions.hpp"
#include "migrate/engine/telling.hpp"
#include "migrate/log.hpp"
#include "migrate/plan/ranges.hpp"
#include "migrate/plan/steps.hpp"
#include "migrate/schema/dump.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::system_clock;

constexpr int ctid_range_scans = 140000;  // the version from which a ctid range does not read the whole table

unsigned or_cores(unsigned jobs) { return jobs > 0 ? jobs : std::clamp(std::thread::hardware_concurrency(), 2U, 8U); }

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

class DatabaseCopy {
 public:
  explicit DatabaseCopy(DatabaseRun run)
      : run_{std::move(run)},
        shape_{run_.servers.databases.at(run_.database)},
        limits_{or_cores(run_.request.jobs), or_cores(run_.request.index_jobs)},
        sessions_{run_.request, run_.database, shape_.encoding},
        telling_{run_.observer, run_.database, run_.remaining} {}

  asio::awaitable<Result<void>> run() {
    auto done = co_await read_source();
    if (done) done = co_await make_schema();
    if (done) done = co_await cut_tables();
    if (done) done = co_await copy_and_build();
    if (done) done = co_await complete();
    telling_.end(done);
    co_return done;
  }

 private:
  asio::awaitable<Result<void>> read_source() {
    telling_.phase("schema");
    if (auto taken = co_await sessions_.take_snapshot(); !taken) co_return taken;
    auto catalog = co_await read_catalog(sessions_.holder());
    if (!catalog) co_return tl::unexpected(about("source", catalog.error()));
    catalog_ = std::move(*catalog);
    std::vector<std::string> names;
    for (const auto& table : catalog_.tables) names.push_back(table.name);
    co_return co_await sessions_.lock(std::move(names));
  }

  // --- schema

  asio::awaitable<Result<void>> make_schema() {
    auto entries =
        co_await dump_schema(run_.servers.programs, run_.request.source, run_.database, sessions_.snapshot());
    if (!entries) co_return tl::unexpected(about("source", entries.error()));
    entries_ = std::move(*entries);
    if (run_.request.overwrite) {
      run_.touched = Touched::dropping;
      if (auto dropped = co_await drop_database(run_.request, run_.database); !dropped) co_return dropped;
    }
    run_.touched = Touched::made;
    if (auto made = co_await create_database(run_.request, run_.database, shape_); !made) co_return made;
    auto target = co_await sessions_.targets().take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    const std::vector<bool> later = post_data(entries_);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const auto& type = entries_[i].type;
      if (later[i] || type == "DATABASE" || type == "DATABASE PROPERTIES") continue;
      if (auto done = co_await replay_entry(*target, entries_[i], telling_.remark()); !done)
        co_return tl::unexpected(about("target", done.error()));
    }
    sessions_.targets().give(std::move(*target));
    telling_.schema_restored(catalog_.tables.size(), entries_.size());
    co_return Result<void>{};
  }

  // --- rows

  asio::awaitable<Result<void>> cut_tables() {
    std::int64_t all = 0;
    for (const auto& table : catalog_.tables) all += table.bytes;
    for (const auto& table : catalog_.tables) {
      auto ranges = co_await ranges_of(table, piece_count(table, all, limits_.copy, run_.request.cutting));
      if (!ranges) co_return tl::unexpected(std::move(ranges.error()));
      ranges_.push_back(std::move(*ranges));
    }
    co_return Result<void>{};
  }

  asio::awaitable<Result<std::vector<std::string>>> ranges_of(const CopyTable& table, int pieces) {
    std::vector<std::string> whole{""};
    if (pieces < 2) co_return whole;
    if (sessions_.holder().server_version() >= ctid_range_scans) co_return ctid_ranges(table.pages, pieces);
    if (table.integer_key.empty()) co_return whole;
    const auto span = co_await sessions_.holder().query(
        fmt::format("SELECT min({0}), max({0}) FROM ONLY {1}", table.integer_key, table.name));
    if (!span) co_return tl::unexpected(about("source", span.error()));
    if (span->is_null(0, 0)) co_return whole;
    co_return key_ranges(table.integer_key, {span->integer(0, 0), span->integer(0, 1)}, pieces);
  }

  asio::awaitable<Result<void>> copy_and_build() {
    std::vector<std::size_t> pieces;
    for (const auto& ranges : ranges_) pieces.push_back(ranges.size());
    plan_ = plan_database(catalog_, entries_, pieces);
    telling_.begin_rows(catalog_.tables, pieces);
    telling_.phase("data");
    // Named first: g++ 12 destroys an aggregate twice that is made inside the co_await expression.
    Schedule schedule{.limits = limits_,
                      .perform = [this](std::size_t step) { return perform(step); },
                      .finished = [](std::size_t) {},
                      .tick = [this] { telling_.tell(); }};
    auto done = co_await run_plan(plan_, std::move(schedule));
    telling_.tell();
    co_return done;
  }

  asio::awaitable<Result<void>> perform(std::size_t index) {
    const PlanStep& step = plan_[index];
    log().debug("step begins database={} step={} kind={}", run_.database, index, to_string(step.kind));
    switch (step.kind) {
      case StepKind::table_rows: co_return co_await copy_piece(step.subject, step.piece);
      case StepKind::large_objects: co_return co_await copy_objects();
      case StepKind::statements: co_return co_await build(entries_[step.subject]);
      case StepKind::analyze: co_return co_await analyze(step.subject);
      case StepKind::barrier: break;
    }
    co_return Result<void>{};
  }

  asio::awaitable<Result<void>> copy_piece(std::size_t index, std::size_t piece) {
    const CopyTable& table = catalog_.tables[index];
    auto source = co_await sessions_.sources().take();
    if (!source) co_return tl::unexpected(std::move(source.error()));
    auto target = co_await sessions_.targets().take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    telling_.tally().begin(index, Clock::now());
    std::int64_t told = 0;
    const CopyStatements statements = copy_statements(table, ranges_[index][piece], ranges_[index].size() == 1);
    const std::function<void(const Copied&)> progress = [&](const Copied& now) {
      telling_.tally().add(index, now.bytes - std::exchange(told, now.bytes));
    };
    const auto copied = co_await copy_rows(*source, *target, statements, progress);
    if (!copied) {
      if (copied.error().code != Errc::canceled) telling_.tally().fail(index, copied.error().message);
      co_return tl::unexpected(about("table " + table.name, copied.error()));
    }
    const auto complete = telling_.tally().end_piece(index, copied->rows, Clock::now());
    if (complete)
      log().info("table copied database={} table={} rows={} bytes={} took={:.1f}s", run_.database, table.name,
                 complete->rows, complete->bytes, std::chrono::duration<double>(complete->took).count());
    sessions_.sources().give(std::move(*source));
    sessions_.targets().give(std::move(*target));
    co_return Result<void>{};
  }

  asio::awaitable<Result<void>> copy_objects() {
    auto source = co_await sessions_.sources().take();
    if (!source) co_return tl::unexpected(std::move(source.error()));
    auto target = co_await sessions_.targets().take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    const auto copied = co_await copy_large_objects(*source, *target);
    if (!copied) co_return tl::unexpected(about("large objects", copied.error()));
    sessions_.sources().give(std::move(*source));
    sessions_.targets().give(std::move(*target));
    co_return Result<void>{};
  }

  asio::awaitable<Result<void>> build(const SchemaEntry& entry) {
    auto target = co_await sessions_.targets().take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    const auto done = co_await replay_entry(*target, entry, telling_.remark());
    if (!done) co_return tl::unexpected(about("target", done.error()));
    sessions_.targets().give(std::move(*target));
    co_return Result<void>{};
  }

  asio::awaitable<Result<void>> analyze(std::size_t index) {
    const std::size_t tables = catalog_.tables.size();
    const std::string& name = index < tables ? catalog_.tables[index].name : catalog_.analyzed[index - tables];
    auto target = co_await sessions_.targets().take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    const auto done = co_await target->execute("ANALYZE " + name);
    if (!done) co_return tl::unexpected(about("target: ANALYZE " + name, done.error()));
    sessions_.targets().give(std::move(*target));
    co_return Result<void>{};
  }

  // --- the rest

  asio::awaitable<Result<void>> complete() {
    telling_.phase("completing");
    auto target = co_await sessions_.targets().take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    auto done = co_await copy_sequences(sessions_.holder(), *target, catalog_.sequences);
    if (!done) co_return tl::unexpected(about("sequences", done.error()));
    done = co_await hand_over(*target, entries_, catalog_, run_.joined_roles, telling_.remark());
    if (!done) co_return tl::unexpected(about("target", done.error()));
    done = co_await hand_over_large_objects(sessions_.holder(), *target, telling_.remark());
    if (!done) co_return done;
    // A transaction with an id of its own: its commit waits until everything before it is on disk.
    const auto flushed = co_await target->execute("SET synchronous_commit = on; SELECT pg_catalog.txid_current()");
    if (!flushed) co_return tl::unexpected(about("target", flushed.error()));
    co_await sessions_.holder().execute("COMMIT");
    co_return Result<void>{};
  }

  DatabaseRun run_;
  DatabaseShape shape_;
  LaneLimits limits_;
  CopySessions sessions_;
  DatabaseTelling telling_;
  Catalog catalog_;
  std::vector<SchemaEntry> entries_;
  std::vector<std::vector<std::string>> ranges_;
  Plan plan_;
};

}  // namespace

asio::awaitable<Result<void>> copy_database(DatabaseRun run) {
  DatabaseCopy copy{std::move(run)};
  co_return co_await copy.run();
}

}  // namespace pgpassage::migrate
