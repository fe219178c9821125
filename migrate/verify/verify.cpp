#include "migrate/verify/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "migrate/log.hpp"
#include "migrate/verify/schema.hpp"
#include "migrate/verify/scope.hpp"
#include "migrate/verify/tables.hpp"

namespace pgpassage::migrate {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

constexpr const char* begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A session that reads `snapshot`; with an empty one it makes its own and says which, so that others can share it.
/// A standby before 10 exports none: then every session has its own.
awaitable<Result<Session>> reader(ServerAddress server, std::string database, Deadline deadline,
                                  std::string& snapshot) {
  auto session = co_await Session::connect(std::move(server), std::move(database), deadline);
  if (!session) co_return session;
  if (auto begun = co_await session->query(begin); !begun) co_return tl::unexpected(begun.error());
  if (!snapshot.empty()) {
    const auto set = co_await session->query(fmt::format("SET TRANSACTION SNAPSHOT {}", quote_literal(snapshot)));
    if (!set) co_return tl::unexpected(set.error());
    co_return session;
  }
  const auto standby = co_await session->query("SELECT pg_catalog.pg_is_in_recovery()");
  if (!standby) co_return tl::unexpected(standby.error());
  if (standby->boolean(0, 0) && session->server_version() < 100000) co_return session;
  const auto exported = co_await session->query("SELECT pg_catalog.pg_export_snapshot()");
  if (!exported) co_return tl::unexpected(exported.error());
  snapshot = exported->text(0, 0);
  co_return session;
}

awaitable<Result<Readers>> reader_pair(VerifyRequest request, std::string& source_snapshot,
                                       std::string& target_snapshot) {
  auto source = co_await reader(request.source, request.database, request.connect_deadline, source_snapshot);
  if (!source) co_return tl::unexpected(source.error());
  auto target = co_await reader(request.target, request.database, request.connect_deadline, target_snapshot);
  if (!target) co_return tl::unexpected(target.error());
  co_return Readers{std::move(*source), std::move(*target)};
}

awaitable<Result<std::vector<Readers>>> open_readers(VerifyRequest request) {
  std::vector<Readers> readers;
  std::string source_snapshot = request.source_snapshot, target_snapshot;
  for (unsigned n = 0; n < (request.jobs ? request.jobs : 4); ++n) {
    auto pair = co_await reader_pair(request, source_snapshot, target_snapshot);
    if (!pair && readers.empty()) co_return tl::unexpected(pair.error());
    if (!pair) break;  // a role's connection limit: fewer at once is only slower
    readers.push_back(std::move(*pair));
  }
  co_return readers;
}

std::string sequence_query(const std::vector<std::string>& names, std::size_t from, std::size_t to) {
  std::string sql;
  for (std::size_t i = from; i < to; ++i)
    sql += fmt::format(
        "{}SELECT {}::text, last_value::text || CASE WHEN is_called THEN '' ELSE ' (not called)' END FROM {}",
        sql.empty() ? "" : " UNION ALL ", quote_literal(names[i]), names[i]);
  return sql;
}

awaitable<Result<std::map<std::string, std::string>>> sequence_values(Session& session,
                                                                      std::vector<std::string> names) {
  std::map<std::string, std::string> values;
  constexpr std::size_t at_once = 200;
  for (std::size_t from = 0; from < names.size(); from += at_once) {
    const auto rows = co_await session.query(sequence_query(names, from, std::min(names.size(), from + at_once)));
    if (!rows) co_return tl::unexpected(rows.error());
    for (int row = 0; row < rows->size(); ++row)
      values.emplace(sparingly_quoted(rows->text(row, 0)), std::string{rows->text(row, 1)});
  }
  co_return values;
}

/// What stays unread is said; a session that broke is an error.
bool fatal(const Error& error) { return connection_lost(error) || error.code == Errc::canceled; }

template <class T>
void not_compared(ItemComparison& item, const Result<T>& source, const Result<T>& target) {
  item.compared = false;
  if (!source) item.differences.push_back(fmt::format("could not be read on the source: {}", source.error().message));
  if (!target) item.differences.push_back(fmt::format("could not be read on the target: {}", target.error().message));
}

awaitable<Result<void>> savepoint(Readers& readers, const char* sql) {
  const auto [source, target] = co_await query_both(readers, sql, sql);
  if (!source) co_return tl::unexpected(source.error());
  if (!target) co_return tl::unexpected(target.error());
  co_return Result<void>{};
}

awaitable<Result<ItemComparison>> compare_sequences(Readers& readers, const ComparedShape& source_shape,
                                                    const ComparedShape& target_shape) {
  ItemComparison item;
  if (auto set = co_await savepoint(readers, "SAVEPOINT q"); !set) co_return tl::unexpected(set.error());
  const auto source = co_await sequence_values(readers.source, source_shape.sequences);
  const auto target = co_await sequence_values(readers.target, target_shape.sequences);
  for (const auto* side : {&source, &target})
    if (!*side && fatal(side->error())) co_return tl::unexpected(side->error());
  if (auto back = co_await savepoint(readers, "ROLLBACK TO q"); !back) co_return tl::unexpected(back.error());
  item.source_count = static_cast<std::int64_t>(source_shape.sequences.size());
  item.target_count = static_cast<std::int64_t>(target_shape.sequences.size());
  if (!source || !target) {
    not_compared(item, source, target);
    co_return item;
  }
  for (const auto& [name, value] : *source) {
    const auto found = target->find(name);
    if (found == target->end()) {
      item.differences.push_back(fmt::format("{} is missing on the target", name));
    } else if (found->second != value) {
      item.differences.push_back(fmt::format("{}: {} on the source, {} on the target", name, value, found->second));
    }
  }
  for (const auto& [name, value] : *target)
    if (!source->contains(name)) item.differences.push_back(fmt::format("{} exists on the target only", name));
  co_return item;
}

// Pieces of 16 MB: lo_get answers with at most 1 GB, an object may have 4 TB.
constexpr const char* large_object_query = R"sql(
WITH RECURSIVE piece AS (
  SELECT oid, 0::bigint AS at, pg_catalog.md5(b) AS h, pg_catalog.length(b) AS n
    FROM (SELECT oid, pg_catalog.lo_get(oid, 0, 16777216) AS b FROM pg_catalog.pg_largeobject_metadata OFFSET 0) first
  UNION ALL
  SELECT oid, at, pg_catalog.md5(b), pg_catalog.length(b)
    FROM (SELECT oid, at + n AS at, pg_catalog.lo_get(oid, at + n, 16777216) AS b FROM piece WHERE n = 16777216 OFFSET 0) next)
SELECT pg_catalog.count(DISTINCT oid), pg_catalog.sum(('x' || pg_catalog.left(d, 16))::bit(64)::bigint),
       pg_catalog.sum(('x' || pg_catalog.right(d, 16))::bit(64)::bigint)
  FROM (SELECT oid, pg_catalog.md5(ROW(oid, at, h)::text) AS d FROM piece OFFSET 0) digests)sql";

awaitable<Result<ItemComparison>> compare_large_objects(Readers& readers) {
  ItemComparison item;
  if (auto set = co_await savepoint(readers, "SAVEPOINT l"); !set) co_return tl::unexpected(set.error());
  const auto [source, target] = co_await query_both(readers, large_object_query, large_object_query);
  for (const auto* side : {&source, &target})
    if (!*side && fatal(side->error())) co_return tl::unexpected(side->error());
  if (auto back = co_await savepoint(readers, "ROLLBACK TO l"); !back) co_return tl::unexpected(back.error());
  if (!source || !target) {
    not_compared(item, source, target);
    co_return item;
  }
  const auto hash = [](const Rows& rows) {
    return rows.is_null(0, 1) ? std::string{"empty"} : fmt::format("{}/{}", rows.text(0, 1), rows.text(0, 2));
  };
  item.source_count = source->integer(0, 0);
  item.target_count = target->integer(0, 0);
  item.source_hash = hash(*source);
  item.target_hash = hash(*target);
  if (item.source_count != item.target_count) {
    item.differences.push_back(fmt::format("{} on the source, {} on the target", item.source_count, item.target_count));
  } else if (item.source_hash != item.target_hash) {
    item.differences.push_back("their number agrees, their numbers or contents differ");
  }
  co_return item;
}

awaitable<Result<std::vector<std::string>>> roles(Session& session) {
  const auto rows = co_await session.query("SELECT rolname FROM pg_catalog.pg_roles");
  if (!rows) co_return tl::unexpected(rows.error());
  std::vector<std::string> names;
  for (int row = 0; row < rows->size(); ++row) names.emplace_back(rows->text(row, 0));
  co_return names;
}

awaitable<Result<void>> compare_schema(Readers& readers, const Filter& filter, DatabaseComparison& comparison) {
  auto source = co_await schema_lines(readers.source);
  if (!source) co_return tl::unexpected(source.error());
  auto target = co_await schema_lines(readers.target);
  if (!target) co_return tl::unexpected(target.error());
  narrow(*source, *target, filter);
  const auto target_roles = co_await roles(readers.target);
  if (!target_roles) co_return tl::unexpected(target_roles.error());
  SchemaDifference result = compare_schemas(*source, readers.source.server_version(), *target,
                                            readers.target.server_version(), *target_roles);
  comparison.schema.source_count = static_cast<std::int64_t>(source->size());
  comparison.schema.target_count = static_cast<std::int64_t>(target->size());
  comparison.schema.differences = std::move(result.differences);
  comparison.notes = std::move(result.notes);
  co_return Result<void>{};
}

struct ComparedShapes {
  ComparedShape source, target;
};

awaitable<Result<ComparedShapes>> compared_shapes(Readers& readers) {
  auto source = co_await compared_shape(readers.source);
  if (!source) co_return tl::unexpected(source.error());
  auto target = co_await compared_shape(readers.target);
  if (!target) co_return tl::unexpected(target.error());
  ComparedShapes both{std::move(*source), std::move(*target)};
  co_return both;
}

void take_tables(DatabaseComparison& comparison, std::vector<TableComparison> tables) {
  for (TableComparison& table : tables) {
    if (!table.note.empty()) comparison.notes.push_back(table.note);
    if (!table.omitted) comparison.tables.push_back(std::move(table));
  }
}

}  // namespace

awaitable<Result<DatabaseComparison>> verify_database(VerifyRequest request) {
  DatabaseComparison comparison{.database = request.database};
  if (request.depth == VerifyDepth::none) {
    comparison.compared = false;
    comparison.notes.push_back("source and target were not compared, because nothing was to be (--verify none)");
    co_return comparison;
  }
  const auto began = std::chrono::steady_clock::now();
  const std::int64_t widest_text = request.widest_text;
  const Filter filter = request.filter;
  const bool counted = request.depth == VerifyDepth::counts;
  auto readers = co_await open_readers(std::move(request));
  if (!readers) co_return tl::unexpected(readers.error());
  Readers& first = readers->front();
  auto shapes = co_await compared_shapes(first);
  if (!shapes) co_return tl::unexpected(shapes.error());
  auto& [source, target] = *shapes;
  narrow(source, target, filter);
  if (auto done = co_await compare_schema(first, filter, comparison); !done) co_return tl::unexpected(done.error());
  auto sequences = co_await compare_sequences(first, source, target);
  if (!sequences) co_return tl::unexpected(sequences.error());
  comparison.sequences = std::move(*sequences);
  if (filter.selects_large_objects()) {
    auto large_objects = co_await compare_large_objects(first);
    if (!large_objects) co_return tl::unexpected(large_objects.error());
    comparison.large_objects = std::move(*large_objects);
  }
  auto tables = co_await compare_tables(*readers, source, target, widest_text, counted);
  if (!tables) co_return tl::unexpected(tables.error());
  take_tables(comparison, std::move(*tables));
  if (counted) comparison.notes.push_back("rows of tables were counted, their content was not compared");
  for (const std::string& name : source.foreign_tables)
    comparison.notes.push_back(fmt::format("foreign table {}: its rows are elsewhere and were not compared", name));
  log().info("database compared database={} tables={} identical={} took={:.1f}s", comparison.database,
             comparison.tables.size(), comparison.identical(),
             std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  co_return comparison;
}

awaitable<Result<SameContent>> same_content(VerifyRequest request, std::set<std::string> tables) {
  const std::int64_t widest_text = request.widest_text;
  auto readers = co_await open_readers(std::move(request));
  if (!readers) co_return tl::unexpected(readers.error());
  Readers& first = readers->front();
  auto shapes = co_await compared_shapes(first);
  if (!shapes) co_return tl::unexpected(shapes.error());
  auto& [source, target] = *shapes;
  const auto unasked = [&](const TableShape& table) { return !tables.contains(table.name); };
  for (auto* shape : {&source, &target}) std::erase_if(shape->tables, unasked);
  SameContent same;
  const auto large_objects = co_await compare_large_objects(first);
  if (!large_objects) co_return tl::unexpected(large_objects.error());
  same.large_objects = large_objects->identical();
  const auto compared = co_await compare_tables(*readers, source, target, widest_text, false);
  if (!compared) co_return tl::unexpected(compared.error());
  for (const TableComparison& table : *compared)
    if (table.identical) same.tables.push_back(table.name);
  co_return same;
}

}  // namespace pgpassage::migrate
