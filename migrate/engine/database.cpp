#include "migrate/engine/database.hpp"

#include <algorithm>
#include <thread>

#include "migrate/catalog/read_catalog.hpp"
#include "migrate/copy/stream.hpp"
#include "migrate/engine/large_objects.hpp"
#include "migrate/engine/pool.hpp"
#include "migrate/engine/replay.hpp"
#include "migrate/engine/roles.hpp"
#include "migrate/engine/schedule.hpp"
#include "migrate/engine/sequences.hpp"
#include "migrate/engine/tally.hpp"
#include "migrate/plan/ranges.hpp"
#include "migrate/plan/steps.hpp"
#include "migrate/schema/dump.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::system_clock;

constexpr int ctid_range_scans = 140000;  // the version from which a ctid range does not read the whole table

unsigned or_cores(unsigned jobs) { return jobs > 0 ? jobs : std::clamp(std::thread::hardware_concurrency(), 2U, 8U); }

Error about(std::string what, Error error) {
  error.message = fmt::format("{}: {}", what, error.message);
  return error;
}

bool of_schema_or_database(const SchemaEntry& entry) {
  return entry.type == "SCHEMA" || entry.type == "DATABASE" ||
         (entry.type == "ACL" && (entry.name.starts_with("SCHEMA ") || entry.name.starts_with("DATABASE ")));
}

class DatabaseCopy {
 public:
  explicit DatabaseCopy(DatabaseRun run)
      : run_{std::move(run)},
        shape_{run_.servers.databases.at(run_.database)},
        limits_{or_cores(run_.request.jobs), or_cores(run_.request.index_jobs)},
        sources_{[this] { return open_source(); }},
        targets_{[this] { return open_target(); }} {}

  asio::awaitable<Result<void>> run() {
    auto done = co_await read_source();
    if (done) done = co_await make_schema();
    if (done) done = co_await cut_tables();
    if (done) done = co_await copy_and_build();
    if (done) done = co_await complete();
    if (!done) report_failure(done.error());
    co_return done;
  }

 private:
  // --- sessions

  Deadline deadline() const { return std::chrono::steady_clock::now() + run_.request.connect_time; }

  // In the database's own encoding no byte is converted on its way, and none is refused (SQL_ASCII).
  asio::awaitable<Result<Session>> open(const ServerAddress& server) {
    auto session = co_await Session::connect(server, run_.database, deadline());
    if (!session || shape_.encoding == "UTF8") co_return session;
    const auto set = co_await session->execute("SET client_encoding = " + quote_literal(shape_.encoding));
    if (!set) co_return tl::unexpected(set.error());
    co_return session;
  }

  asio::awaitable<Result<Session>> open_source() {
    auto session = co_await open(run_.request.source);
    if (!session) co_return tl::unexpected(about("source", session.error()));
    const auto begun = co_await session->execute(fmt::format(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT {}", quote_literal(snapshot_)));
    if (!begun) co_return tl::unexpected(about("source", begun.error()));
    co_return session;
  }

  asio::awaitable<Result<Session>> open_target() {
    auto session = co_await open(run_.request.target);
    if (!session) co_return tl::unexpected(about("target", session.error()));
    // What is lost when the target crashes is copied again; `complete` flushes before anything is called done.
    const auto set = co_await session->execute(
        "SET synchronous_commit = off; SET check_function_bodies = off; SET xmloption = content;"
        " SET default_tablespace = ''; SET client_min_messages = warning");
    if (!set) co_return tl::unexpected(about("target", set.error()));
    co_return session;
  }

  // --- source

  asio::awaitable<Result<void>> read_source() {
    phase("schema");
    auto session = co_await open(run_.request.source);
    if (!session) co_return tl::unexpected(about("source", session.error()));
    holder_ = std::move(*session);
    const auto begun = co_await holder_.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (!begun) co_return tl::unexpected(about("source", begun.error()));
    const auto snapshot = co_await holder_.query("SELECT pg_catalog.pg_export_snapshot()");
    if (!snapshot) co_return tl::unexpected(about("source", snapshot.error()));
    snapshot_ = snapshot->text(0, 0);
    auto catalog = co_await read_catalog(holder_);
    if (!catalog) co_return tl::unexpected(about("source", catalog.error()));
    catalog_ = std::move(*catalog);
    co_return co_await lock_tables();
  }

  // Nobody changes a table between now and its copy.
  asio::awaitable<Result<void>> lock_tables() {
    constexpr std::size_t at_once = 200;
    for (std::size_t first = 0; first < catalog_.tables.size(); first += at_once) {
      std::string names;
      for (std::size_t i = first; i < std::min(first + at_once, catalog_.tables.size()); ++i)
        names += fmt::format("{}ONLY {}", names.empty() ? "" : ", ", catalog_.tables[i].name);
      const auto locked = co_await holder_.execute("LOCK TABLE " + names + " IN ACCESS SHARE MODE");
      if (!locked) co_return tl::unexpected(about("source", locked.error()));
    }
    co_return Result<void>{};
  }

  // --- schema

  asio::awaitable<Result<void>> make_schema() {
    auto entries = co_await dump_schema(run_.servers.programs, run_.request.source, run_.database, snapshot_);
    if (!entries) co_return tl::unexpected(about("source", entries.error()));
    entries_ = std::move(*entries);
    if (run_.request.overwrite) {
      run_.touched = Touched::dropping;
      if (auto dropped = co_await drop_database(run_.request, run_.database); !dropped) co_return dropped;
    }
    run_.touched = Touched::made;
    if (auto made = co_await create_database(run_.request, run_.database, shape_); !made) co_return made;
    auto target = co_await targets_.take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    const std::vector<bool> later = post_data(entries_);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const auto& type = entries_[i].type;
      if (later[i] || type == "DATABASE" || type == "DATABASE PROPERTIES") continue;
      if (auto done = co_await replay_entry(*target, entries_[i], remark()); !done)
        co_return tl::unexpected(about("target", done.error()));
    }
    targets_.give(std::move(*target));
    note(fmt::format("schema of {} is on the target: {} tables", quote_identifier(run_.database),
                     catalog_.tables.size()));
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
    if (holder_.server_version() >= ctid_range_scans) co_return ctid_ranges(table.pages, pieces);
    if (table.integer_key.empty()) co_return whole;
    const auto span =
        co_await holder_.query(fmt::format("SELECT min({0}), max({0}) FROM ONLY {1}", table.integer_key, table.name));
    if (!span) co_return tl::unexpected(about("source", span.error()));
    if (span->is_null(0, 0)) co_return whole;
    co_return key_ranges(table.integer_key, {span->integer(0, 0), span->integer(0, 1)}, pieces);
  }

  asio::awaitable<Result<void>> copy_and_build() {
    std::vector<std::size_t> pieces;
    for (const auto& ranges : ranges_) pieces.push_back(ranges.size());
    plan_ = plan_database(catalog_, entries_, pieces);
    tally_ = std::make_unique<Tally>(run_.database, catalog_.tables, pieces, Clock::now());
    phase("data");
    // Named first: g++ 12 destroys an aggregate twice that is made inside the co_await expression.
    Schedule schedule{.limits = limits_,
                      .perform = [this](std::size_t step) { return perform(step); },
                      .finished = [](std::size_t) {},
                      .tick = [this] { tell(); }};
    auto done = co_await run_plan(plan_, std::move(schedule));
    tell();
    co_return done;
  }

  asio::awaitable<Result<void>> perform(std::size_t index) {
    const PlanStep& step = plan_[index];
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
    auto source = co_await sources_.take();
    if (!source) co_return tl::unexpected(std::move(source.error()));
    auto target = co_await targets_.take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    tally_->begin(index, Clock::now());
    std::int64_t told = 0;
    const CopyStatements statements = copy_statements(table, ranges_[index][piece], ranges_[index].size() == 1);
    const std::function<void(const Copied&)> progress = [&](const Copied& now) {
      tally_->add(index, now.bytes - std::exchange(told, now.bytes));
    };
    const auto copied = co_await copy_rows(*source, *target, statements, progress);
    if (!copied) {
      tally_->fail(index, copied.error().message);
      co_return tl::unexpected(about("table " + table.name, copied.error()));
    }
    tally_->end_piece(index, copied->rows, Clock::now());
    sources_.give(std::move(*source));
    targets_.give(std::move(*target));
    co_return Result<void>{};
  }

  asio::awaitable<Result<void>> copy_objects() {
    auto source = co_await sources_.take();
    if (!source) co_return tl::unexpected(std::move(source.error()));
    auto target = co_await targets_.take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    const auto copied = co_await copy_large_objects(*source, *target);
    if (!copied) co_return tl::unexpected(about("large objects", copied.error()));
    sources_.give(std::move(*source));
    targets_.give(std::move(*target));
    co_return Result<void>{};
  }

  asio::awaitable<Result<void>> build(const SchemaEntry& entry) {
    auto target = co_await targets_.take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    const auto done = co_await replay_entry(*target, entry, remark());
    if (!done) co_return tl::unexpected(about("target", done.error()));
    targets_.give(std::move(*target));
    co_return Result<void>{};
  }

  asio::awaitable<Result<void>> analyze(std::size_t index) {
    const std::size_t tables = catalog_.tables.size();
    const std::string& name = index < tables ? catalog_.tables[index].name : catalog_.analyzed[index - tables];
    auto target = co_await targets_.take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    const auto done = co_await target->execute("ANALYZE " + name);
    if (!done) co_return tl::unexpected(about("target: ANALYZE " + name, done.error()));
    targets_.give(std::move(*target));
    co_return Result<void>{};
  }

  // --- the rest

  asio::awaitable<Result<void>> complete() {
    phase("completing");
    auto target = co_await targets_.take();
    if (!target) co_return tl::unexpected(std::move(target.error()));
    auto done = co_await copy_sequences(holder_, *target, catalog_.sequences);
    if (!done) co_return tl::unexpected(about("sequences", done.error()));
    done = co_await hand_over(*target);
    if (done) done = co_await hand_over_large_objects(*target);
    if (!done) co_return tl::unexpected(about("target", done.error()));
    // A transaction with an id of its own: its commit waits until everything before it is on disk.
    const auto flushed = co_await target->execute("SET synchronous_commit = on; SELECT pg_catalog.txid_current()");
    if (!flushed) co_return tl::unexpected(about("target", flushed.error()));
    co_await holder_.execute("COMMIT");
    finish(WorkState::succeeded, {});
    co_return Result<void>{};
  }

  // Schemas and the database come first: a table's new owner needs CREATE on its schema.
  asio::awaitable<Result<void>> hand_over(Session& target) {
    auto joined = co_await join_roles(target, catalog_.roles, remark());
    if (!joined) co_return tl::unexpected(std::move(joined.error()));
    run_.joined_roles.insert(run_.joined_roles.end(), joined->begin(), joined->end());
    std::vector<SchemaEntry> first;
    std::vector<SchemaEntry> others;
    for (const auto& entry : entries_) (of_schema_or_database(entry) ? first : others).push_back(entry);
    for (const auto* entries : {&first, &others})
      for (const auto kind : {StatementKind::ownership, StatementKind::privileges}) {
        const auto statements = statements_of(*entries, kind);
        if (auto done = co_await replay_attributes(target, statements, remark()); !done) co_return done;
      }
    // Settings of the database last: a connection limit would also limit us.
    std::vector<std::string> properties;
    for (const auto& entry : entries_)
      if (entry.type == "DATABASE PROPERTIES") properties = entry.statements;
    co_return co_await replay_attributes(target, properties, remark());
  }

  asio::awaitable<Result<void>> hand_over_large_objects(Session& target) {
    LargeObjectPage page{.more = true};
    while (page.more) {
      auto next = co_await large_object_attributes(holder_, page.last);
      if (!next) co_return tl::unexpected(about("large objects", next.error()));
      page = std::move(*next);
      for (const auto* statements : {&page.comments, &page.ownership, &page.privileges})
        if (auto done = co_await replay_attributes(target, *statements, remark()); !done) co_return done;
    }
    co_return Result<void>{};
  }

  // --- telling

  void note(const std::string& text) {
    if (run_.observer.note) run_.observer.note(text);
  }

  // Steps on other strands may remark at the same time.
  Remark remark() {
    return [this](std::string text) {
      const std::lock_guard lock{remarks_mutex_};
      run_.remaining.push_back(fmt::format("{}: {}", quote_identifier(run_.database), text));
    };
  }

  DatabaseRecord record() {
    DatabaseRecord result{.name = run_.database, .state = WorkState::in_progress, .started = started_};
    if (tally_) result = tally_->database(Clock::now());
    result.started = started_;
    result.phase = phase_;
    return result;
  }

  void phase(std::string name) {
    phase_ = std::move(name);
    if (run_.observer.database) run_.observer.database(record());
  }

  void tell() {
    if (run_.observer.database) run_.observer.database(record());
    if (run_.observer.tables && tally_) run_.observer.tables(tally_->changed_tables());
  }

  void finish(WorkState state, const Trouble& trouble) {
    DatabaseRecord result = record();
    result.state = state;
    result.error = trouble;
    result.ended = Clock::now();
    result.bytes_per_second = 0;
    if (state == WorkState::succeeded) result.phase.clear();
    if (run_.observer.database) run_.observer.database(result);
  }

  void report_failure(const Error& error) {
    if (error.code == Errc::canceled) return finish(WorkState::canceled, {});
    finish(WorkState::failed, {error.message, error.sqlstate, error.cure});
  }

  DatabaseRun run_;
  DatabaseShape shape_;
  LaneLimits limits_;
  SessionPool sources_;
  SessionPool targets_;
  Session holder_;  // keeps the snapshot and the locks
  std::string snapshot_;
  Catalog catalog_;
  std::vector<SchemaEntry> entries_;
  std::vector<std::vector<std::string>> ranges_;
  Plan plan_;
  std::unique_ptr<Tally> tally_;
  std::mutex remarks_mutex_;
  std::string phase_;
  Time started_ = Clock::now();
};

}  // namespace

asio::awaitable<Result<void>> copy_database(DatabaseRun run) {
  DatabaseCopy copy{std::move(run)};
  co_return co_await copy.run();
}

}  // namespace pgpassage::migrate
