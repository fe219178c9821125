#include "migrate/apply/applier.hpp"

#include <fmt/format.h>

#include "migrate/cdc/sql/statements.hpp"
#include "migrate/log.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
using Done = Result<void>;

constexpr auto make_progress_table =
    "CREATE SCHEMA IF NOT EXISTS pgpassage; "
    "CREATE TABLE IF NOT EXISTS pgpassage.progress (slot text PRIMARY KEY, lsn pg_lsn NOT NULL)";

asio::awaitable<Done> execute(Session& session, const std::string& sql) {
  const auto done = co_await session.execute(sql);
  co_return done ? Done{} : tl::unexpected(done.error());
}

asio::awaitable<Done> run(Session& session, cdc::Statement statement, const std::string& table) {
  if (statement.sql.empty()) co_return Done{};
  const auto rows = co_await session.query(std::move(statement.sql), std::move(statement.parameters));
  if (!rows) co_return tl::unexpected(rows.error());
  if (rows->affected() == static_cast<long long>(statement.rows)) co_return Done{};
  co_return fail(Errc::differs, "{} of {} rows of {} are on the target to be changed", rows->affected(), statement.rows,
                 table);
}

bool hopeless(const Error& error) { return error.code == Errc::canceled || connection_lost(error); }

}  // namespace

asio::awaitable<Result<Applier>> Applier::open(Session target, cdc::TargetTables tables, std::string slot) {
  Applier applier{std::move(target), std::move(tables), std::move(slot)};
  if (auto prepared = co_await applier.prepare(); !prepared) co_return tl::unexpected(prepared.error());
  co_return applier;
}

asio::awaitable<Done> Applier::prepare() {
  const auto silent = co_await session_.execute("SET session_replication_role = replica");
  silent_ = silent.has_value();
  if (!silent && silent.error().code != Errc::permission) co_return tl::unexpected(silent.error());
  if (auto made = co_await execute(session_, make_progress_table); !made) co_return made;
  const std::vector<Parameter> parameters{slot_};
  const auto rows = co_await session_.query(
      "INSERT INTO pgpassage.progress VALUES ($1, '0/0') "
      "ON CONFLICT (slot) DO UPDATE SET lsn = progress.lsn RETURNING lsn",
      parameters);
  if (!rows) co_return tl::unexpected(rows.error());
  applied_ = cdc::Lsn::parse(rows->text(0, 0)).value_or(cdc::Lsn{});
  co_return Done{};
}

cdc::KeyOf Applier::key_of() const {
  return [this](const cdc::Relation& relation) {
    const auto found = tables_.find({relation.schema, relation.name});
    return found == tables_.end() ? std::vector<std::string>{} : found->second.key;
  };
}

asio::awaitable<Done> Applier::apply(cdc::Batch& batch) {
  const bool nothing = batch.changes() == 0 && !open_;
  if (!nothing && !std::exchange(open_, true))
    if (auto begun = co_await execute(session_, "BEGIN"); !begun) co_return begun;
  if (auto done = co_await apply_tables(batch.take()); !done) {
    co_await session_.cancel();
    co_return done;
  }
  counters_.transactions += batch.transactions();
  const bool ends = batch.ends();
  const cdc::Lsn end = batch.end();
  batch.clear();
  if (nothing) applied_ = std::max(applied_, end);
  if (nothing || !ends) co_return Done{};
  co_return co_await commit(end);
}

asio::awaitable<Done> Applier::apply_tables(std::vector<cdc::TableChanges> tables) {
  if (auto done = co_await truncate(tables); !done) co_return done;
  for (const cdc::TableChanges& changes : tables)
    if (auto done = co_await apply_table(changes); !done) co_return done;
  co_return Done{};
}

// All in one statement: they may refer to each other.
asio::awaitable<Done> Applier::truncate(const std::vector<cdc::TableChanges>& tables) {
  std::vector<const cdc::TargetTable*> truncated;
  bool restart_identity = false;
  for (const cdc::TableChanges& changes : tables) {
    if (!changes.truncated) continue;
    const auto table = target_of(tables_, *changes.relation);
    if (!table) co_return tl::unexpected(table.error());
    truncated.push_back(*table);
    restart_identity = restart_identity || changes.restart_identity;
  }
  counters_.truncates += truncated.size();
  if (truncated.empty()) co_return Done{};
  co_return co_await execute(session_, cdc::truncate_statement(truncated, restart_identity));
}

asio::awaitable<Done> Applier::apply_table(const cdc::TableChanges& changes) {
  const auto table = target_of(tables_, *changes.relation);
  if (!table) co_return tl::unexpected(table.error());
  count(changes);
  if (changes.as_set) {
    if (auto kept = co_await execute(session_, "SAVEPOINT batch"); !kept) co_return kept;
    const auto done = co_await apply_set(**table, changes);
    if (!done && hopeless(done.error())) co_return done;
    const auto after = co_await execute(session_, done ? "RELEASE batch" : "ROLLBACK TO batch; RELEASE batch");
    if (done) ++counters_.sets;
    if (done || !after) co_return after;
    log().debug("batch is applied row by row table={} reason={}", (*table)->quoted, done.error().sqlstate);
  }
  ++counters_.in_order;
  co_return co_await apply_in_order(**table, changes);
}

asio::awaitable<Done> Applier::apply_set(const cdc::TargetTable& table, const cdc::TableChanges& changes) {
  auto statements = set_statements(table, changes);
  if (!statements) co_return tl::unexpected(statements.error());
  for (cdc::Statement& statement : *statements)
    if (auto done = co_await run(session_, std::move(statement), table.quoted); !done) co_return done;
  co_return Done{};
}

asio::awaitable<Done> Applier::apply_in_order(const cdc::TargetTable& table, const cdc::TableChanges& changes) {
  for (const cdc::RowChange& change : changes.in_order) {
    auto statement = row_statement(table, change);
    if (!statement) co_return tl::unexpected(statement.error());
    if (auto done = co_await run(session_, std::move(*statement), table.quoted); !done) co_return done;
  }
  co_return Done{};
}

asio::awaitable<Done> Applier::commit(cdc::Lsn end) {
  const std::vector<Parameter> parameters{slot_, end.to_string()};
  auto written = co_await session_.query("UPDATE pgpassage.progress SET lsn = $2 WHERE slot = $1", parameters);
  if (!written) co_return tl::unexpected(written.error());
  if (written->affected() != 1) co_return fail(Errc::differs, "somebody removed our row of pgpassage.progress");
  if (auto done = co_await execute(session_, "COMMIT"); !done) co_return done;
  open_ = false;
  applied_ = end;
  co_return Done{};
}

void Applier::count(const cdc::TableChanges& changes) {
  for (const cdc::RowChange& change : changes.in_order) {
    counters_.inserts += change.kind == cdc::RowChange::Kind::insert ? 1 : 0;
    counters_.updates += change.kind == cdc::RowChange::Kind::update ? 1 : 0;
    counters_.deletes += change.kind == cdc::RowChange::Kind::remove ? 1 : 0;
  }
}

asio::awaitable<Done> Applier::forget() {
  const std::vector<Parameter> parameters{slot_};
  const auto gone = co_await session_.query("DELETE FROM pgpassage.progress WHERE slot = $1", parameters);
  if (!gone) co_return tl::unexpected(gone.error());
  const auto left = co_await session_.query("SELECT 1 FROM pgpassage.progress LIMIT 1");
  if (!left) co_return tl::unexpected(left.error());
  if (!left->empty()) co_return Done{};
  co_return co_await execute(session_, "DROP TABLE pgpassage.progress; DROP SCHEMA pgpassage");
}

}  // namespace pgpassage::migrate
