#include "migrate/verify/tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <map>
#include <set>

#include "migrate/log.hpp"
#include "migrate/verify/rows.hpp"
#include "migrate/verify/schema.hpp"

namespace pgpassage::migrate {

namespace asio = boost::asio;
using asio::awaitable;
using namespace asio::experimental::awaitable_operators;

namespace {

/// One table's place in the work: its shape on either side, and where the result goes.
struct Pair {
  const TableShape* source = nullptr;  ///< null: only on the target
  const TableShape* target = nullptr;
  TableComparison result;
};

struct Work {
  const ComparedShape& source;
  const ComparedShape& target;
  DigestForm form;
  std::vector<Pair> pairs;  ///< largest first
  std::size_t next = 0;
  std::optional<Error> broken;  ///< a session was lost: everybody stops
};

std::vector<Pair> pairs_of(const ComparedShape& source, const ComparedShape& target) {
  std::map<std::string, Pair> by_name;
  for (const TableShape& table : source.tables) by_name[sparingly_quoted(table.name)].source = &table;
  for (const TableShape& table : target.tables) by_name[sparingly_quoted(table.name)].target = &table;
  std::vector<Pair> pairs;
  for (auto& [name, pair] : by_name) {
    pair.result.name = name;
    pair.result.materialized = (pair.source ? pair.source : pair.target)->materialized;
    pairs.push_back(std::move(pair));
  }
  const auto pages = [](const Pair& pair) { return pair.source ? pair.source->pages : 0; };
  std::stable_sort(pairs.begin(), pairs.end(), [&](const Pair& a, const Pair& b) { return pages(a) > pages(b); });
  return pairs;
}

/// Too long for one text: a row whose text passes 1 GB.
bool too_wide(const Error& error) {
  return error.sqlstate == "54000" || error.sqlstate == "53200" ||
         error.message.find("invalid memory alloc request size") != std::string::npos ||
         error.message.find("out of memory") != std::string::npos;
}

std::string names_of(const TableShape& table) {
  std::vector<std::string> names;
  for (const VerifyColumn& column : table.columns) names.push_back(column.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

/// The query that shows which rows differ, when run on both sides: the key (or the row's place) and its digest.
std::string rows_query(const Work& work, const Pair& pair) {
  DigestForm form = work.form;
  form.widest_text = 0;
  const std::string digest = row_digest(work.source.types, pair.source->columns, form);
  if (pair.source->key.empty())
    return fmt::format("SELECT {} AS digest, count(*) FROM ONLY {} GROUP BY 1 ORDER BY 1", digest, pair.source->name);
  return fmt::format("SELECT {0}, {1} AS digest FROM ONLY {2} ORDER BY {0}", fmt::join(pair.source->key, ", "), digest,
                     pair.source->name);
}

std::string rows_difference(std::int64_t source, std::int64_t target) {
  if (source > target) return fmt::format("{} rows are missing on the target", source - target);
  if (source < target) return fmt::format("the target has {} rows too many", target - source);
  return "the number of rows agrees, their content differs";
}

/// `columns` in the order in which `order` names them.
void put_in_order(std::vector<VerifyColumn>& columns, const std::vector<VerifyColumn>& order) {
  std::map<std::string, VerifyColumn> by_name;
  for (VerifyColumn& column : columns) by_name[column.name] = std::move(column);
  columns.clear();
  for (const VerifyColumn& column : order) columns.push_back(by_name.at(column.name));
}

awaitable<std::tuple<Result<TableContent>, Result<TableContent>>> contents(Readers& readers, const Work& work,
                                                                           const Pair& pair, DigestForm form) {
  TableShape target = *pair.target;
  if (target.by_name) put_in_order(target.columns, pair.source->columns);
  target.filter = pair.source->filter;  // an extension's own idea of its configuration rows may change by version
  co_return co_await (table_content(readers.source, content_query(work.source.types, *pair.source, form)) &&
                      table_content(readers.target, content_query(work.target.types, target, form)));
}

/// A statement that failed aborts its transaction; the savepoint keeps the snapshot for the next table.
awaitable<Result<void>> both(Readers& readers, std::string sql) {
  const auto [source, target] = co_await query_both(readers, sql, sql);
  if (!source) co_return tl::unexpected(source.error());
  if (!target) co_return tl::unexpected(target.error());
  co_return Result<void>{};
}

void judge(const Work& work, Pair& pair, const Result<TableContent>& source, const Result<TableContent>& target) {
  TableComparison& result = pair.result;
  result.compared = source && target;
  if (!source) result.difference = fmt::format("could not be read on the source: {}", source.error().message);
  if (!target) result.difference = fmt::format("could not be read on the target: {}", target.error().message);
  if (!result.compared) return;
  result.source = *source;
  result.target = *target;
  result.identical = result.source == result.target;
  if (result.identical) return;
  result.difference = rows_difference(result.source.rows, result.target.rows);
  if (!work.form.counted) result.next_query = rows_query(work, pair);
}

// Functions that give something else at another time: what a query with them held cannot be reproduced.
// The last column: whether it reads another materialized view, itself or through views, which may be stale too.
constexpr const char* view_query = R"sql(
WITH RECURSIVE used(oid) AS (
  SELECT {0}::pg_catalog.oid
  UNION
  SELECT d.refobjid FROM used u JOIN pg_catalog.pg_rewrite w ON w.ev_class = u.oid
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = w.oid
         AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass)
SELECT pg_catalog.pg_get_viewdef(c.oid), r.ev_action::text ~ 'SQLVALUEFUNCTION' OR EXISTS (
  SELECT FROM pg_catalog.regexp_matches(r.ev_action::text, ':(?:func|opfunc)id (\d+)', 'g') m(id)
    JOIN pg_catalog.pg_proc p ON p.oid = m.id[1]::pg_catalog.oid
   WHERE p.provolatile = 'v' OR (p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
     AND p.proname IN ('now', 'transaction_timestamp', 'statement_timestamp', 'age'))),
  EXISTS (SELECT FROM used u JOIN pg_catalog.pg_class m ON m.oid = u.oid WHERE m.relkind = 'm' AND m.oid <> c.oid)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
 WHERE c.oid = {0})sql";

struct ViewFacts {
  std::string definition;
  bool varies = false;  ///< with time or chance
  bool nested = false;  ///< on another materialized view
};

awaitable<Result<ViewFacts>> view_facts(Session& session, Oid view) {
  const auto rows = co_await session.query(fmt::format(view_query, view));
  if (!rows) co_return tl::unexpected(rows.error());
  if (rows->empty()) co_return fail(Errc::not_found, "the view has no definition");
  co_return ViewFacts{std::string{rows->text(0, 0)}, rows->boolean(0, 1), rows->boolean(0, 2)};
}

void call_stale(TableComparison& result, const TableContent& now, std::string note) {
  result.note = std::move(note);
  result.source = now;
  result.identical = true;
  result.difference.clear();
  result.next_query.clear();
}

/// One that reads another materialized view cannot be made again on the source, where that one may be stale: the
/// target's is right when it holds what its query gives there. What the query reads is compared by itself.
awaitable<Result<void>> judge_nested_view(Readers& readers, const Work& work, Pair& pair) {
  TableComparison& result = pair.result;
  const auto view = co_await view_facts(readers.target, pair.target->oid);
  if (!view) co_return tl::unexpected(view.error());
  const auto now = co_await table_content(
      readers.target, refreshed_query(work.target.types, *pair.target, view->definition, work.form));
  if (!now) co_return tl::unexpected(now.error());
  if (*now == result.target)
    call_stale(result, *now,
               fmt::format("materialized view {} is stale on the source ({} rows), or read one that is: the target "
                           "holds what its query gives there",
                           result.name, result.source.rows));
  co_return Result<void>{};
}

/// A materialized view whose rows differ: the source's may be stale, the target's was made by its query.
awaitable<Result<void>> judge_view_rows(Readers& readers, const Work& work, Pair& pair) {
  TableComparison& result = pair.result;
  const auto view = co_await view_facts(readers.source, pair.source->oid);
  if (!view) co_return tl::unexpected(view.error());
  if (view->varies) {
    result.omitted = true;
    result.note = fmt::format("materialized view {}: its query depends on time or chance, its rows were not compared",
                              result.name);
    co_return Result<void>{};
  }
  const auto now = co_await table_content(
      readers.source, refreshed_query(work.source.types, *pair.source, view->definition, work.form));
  if (!now) co_return tl::unexpected(now.error());
  if (*now != result.target) {
    if (view->nested) co_return co_await judge_nested_view(readers, work, pair);
    co_return Result<void>{};
  }
  call_stale(result, *now,
             fmt::format("materialized view {} is stale on the source ({} rows): the target holds what its query "
                         "gives now",
                         result.name, result.source.rows));
  co_return Result<void>{};
}

/// A query that cannot be run (its tables may not be read) leaves open whether the source's rows are only old.
awaitable<Result<void>> judge_view(Readers& readers, const Work& work, Pair& pair) {
  const auto judged = co_await judge_view_rows(readers, work, pair);
  if (judged) co_return Result<void>{};
  if (connection_lost(judged.error()) || judged.error().code == Errc::canceled)
    co_return tl::unexpected(judged.error());
  TableComparison& result = pair.result;
  result.compared = false;
  result.difference += fmt::format("; whether it is only stale cannot be said: {}", judged.error().message);
  co_return Result<void>{};
}

/// The first few rows that differ join the difference. What keeps them from being found is no error of the comparison.
awaitable<Result<void>> name_rows(Readers& readers, const Work& work, Pair& pair) {
  TableShape target = *pair.target;
  if (target.by_name) put_in_order(target.columns, pair.source->columns);
  target.key = pair.source->key;
  target.filter = pair.source->filter;
  const RowSearch source_side{work.source.types, *pair.source}, target_side{work.target.types, target};
  const auto rows = co_await differing_rows(readers, source_side, target_side, work.form, pair.result.source.rows);
  if (rows) {
    for (const std::string& row : *rows) pair.result.difference += "\n" + row;
    co_return Result<void>{};
  }
  if (connection_lost(rows.error()) || rows.error().code == Errc::canceled) co_return tl::unexpected(rows.error());
  pair.result.difference += fmt::format("\nwhich rows could not be found out: {}", rows.error().message);
  co_return Result<void>{};
}

bool same_but_for_order(const Pair& pair) {
  const auto names = [](const TableShape& table) {
    std::set<std::string> all;
    for (const VerifyColumn& column : table.columns) all.insert(column.name);
    return all;
  };
  return pair.source->by_name && pair.target->by_name && names(*pair.source) == names(*pair.target);
}

bool same_columns(Pair& pair) {
  const std::string source = names_of(*pair.source), target = names_of(*pair.target);
  if (source == target) return true;
  if (same_but_for_order(pair)) {
    pair.result.note = fmt::format(
        "table {}: it inherits, and its columns stand in another order: ({}) on the source, ({}) on the target",
        pair.result.name, source, target);
    return true;
  }
  pair.result.difference = fmt::format("its columns are ({}) on the source, ({}) on the target", source, target);
  return false;
}

awaitable<Result<void>> compare_pair(Readers& readers, const Work& work, Pair& pair) {
  if (!pair.source || !pair.target) {
    const bool view = (pair.source ? pair.source : pair.target)->materialized;
    pair.result.difference = pair.source ? (view ? "is populated on the source only" : "is missing on the target")
                                         : (view ? "is populated on the target only" : "exists on the target only");
    co_return Result<void>{};
  }
  if (!same_columns(pair)) co_return Result<void>{};
  if (auto set = co_await both(readers, "SAVEPOINT t"); !set) co_return set;
  auto [source, target] = co_await contents(readers, work, pair, work.form);
  const bool wide = (!source && too_wide(source.error())) || (!target && too_wide(target.error()));
  if (wide && work.form.form == RowForm::plain) {
    if (auto back = co_await both(readers, "ROLLBACK TO t"); !back) co_return back;
    DigestForm split = work.form;
    split.form = RowForm::split;
    std::tie(source, target) = co_await contents(readers, work, pair, split);
  }
  for (const auto* side : {&source, &target})
    if (!*side && (connection_lost(side->error()) || side->error().code == Errc::canceled))
      co_return tl::unexpected(side->error());
  judge(work, pair, source, target);
  if (pair.result.compared && !pair.result.identical && !work.form.counted) {
    auto look = pair.source->materialized ? judge_view(readers, work, pair) : name_rows(readers, work, pair);
    auto looked = co_await std::move(look);
    if (!looked) co_return looked;
  }
  co_return co_await both(readers, "ROLLBACK TO t");
}

awaitable<void> worker(Readers& readers, Work& work) {
  while (work.next < work.pairs.size() && !work.broken) {
    Pair& pair = work.pairs[work.next++];
    if (auto done = co_await compare_pair(readers, work, pair); !done && !work.broken) work.broken = done.error();
    log().debug("table compared table={} rows={} compared={} identical={}", pair.result.name, pair.result.source.rows,
                pair.result.compared, pair.result.identical);
  }
}

awaitable<void> all_workers(std::vector<Readers>& readers, std::size_t first, Work& work) {
  if (first + 1 == readers.size()) {
    co_await worker(readers[first], work);
  } else {
    co_await (worker(readers[first], work) && all_workers(readers, first + 1, work));
  }
}

}  // namespace

DigestForm digest_form(const ComparedShape& source, const ComparedShape& target) {
  DigestForm form;
  form.hashed = !source.text_hash.empty() && source.text_hash == target.text_hash;
  // SQL_ASCII holds bytes of unknown meaning: they are compared as they are.
  const bool known = source.encoding != "SQL_ASCII" && target.encoding != "SQL_ASCII";
  form.convert = known && source.encoding != target.encoding;
  const bool utf8 = source.encoding == "UTF8" && target.encoding == "UTF8";
  if (form.convert || !(utf8 || form.hashed)) form.form = RowForm::split;
  return form;
}

awaitable<std::tuple<Result<Rows>, Result<Rows>>> query_both(Readers& readers, std::string source_sql,
                                                             std::string target_sql) {
  co_return co_await (readers.source.query(std::move(source_sql)) && readers.target.query(std::move(target_sql)));
}

awaitable<Result<std::vector<TableComparison>>> compare_tables(std::vector<Readers>& readers,
                                                               const ComparedShape& source, const ComparedShape& target,
                                                               std::int64_t widest_text, bool counted) {
  Work work{source, target, digest_form(source, target), pairs_of(source, target), 0, std::nullopt};
  work.form.widest_text = widest_text;
  work.form.counted = counted;
  co_await all_workers(readers, 0, work);
  if (work.broken) co_return tl::unexpected(*work.broken);
  std::vector<TableComparison> results;
  for (Pair& pair : work.pairs) results.push_back(std::move(pair.result));
  std::sort(results.begin(), results.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  co_return results;
}

}  // namespace pgpassage::migrate
