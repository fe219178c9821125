#include "migrate/apply/tables.hpp"

#include <fmt/format.h>

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

// {}: how many of the index's columns are its key; the rest (INCLUDE, from 11 on) identify nothing.
constexpr auto identity_query = R"(
SELECT n.nspname, c.relname, a.attname
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
   AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'n' THEN false ELSE i.indisprimary END
 CROSS JOIN pg_catalog.generate_series(0, {} - 1) AS k(place)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[k.place]
 WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY c.oid, k.place)";

// {}: whether a column is generated, which targets know from 12 on.
constexpr auto table_query = R"(
SELECT n.nspname, c.relname, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
       a.attname, pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod), {}
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY c.oid, a.attnum)";

}  // namespace

asio::awaitable<Result<IdentityColumns>> read_identities(Session& source) {
  const char* const key_columns = source.server_version() >= 110000 ? "i.indnkeyatts" : "i.indnatts";
  const auto rows = co_await source.query(fmt::format(identity_query, key_columns));
  if (!rows) co_return tl::unexpected(rows.error());
  IdentityColumns identities;
  for (int row = 0; row < rows->size(); ++row)
    identities[{std::string{rows->text(row, 0)}, std::string{rows->text(row, 1)}}].emplace_back(rows->text(row, 2));
  co_return identities;
}

asio::awaitable<Result<cdc::TargetTables>> read_target_tables(Session& target, IdentityColumns identities) {
  const char* const generated = target.server_version() >= 120000 ? "a.attgenerated <> ''" : "false";
  const auto rows = co_await target.query(fmt::format(table_query, generated));
  if (!rows) co_return tl::unexpected(rows.error());
  cdc::TargetTables tables;
  for (int row = 0; row < rows->size(); ++row) {
    const std::pair name{std::string{rows->text(row, 0)}, std::string{rows->text(row, 1)}};
    cdc::TargetTable& table = tables[name];
    table.quoted = rows->text(row, 2);
    if (const auto key = identities.find(name); key != identities.end()) table.key = key->second;
    if (rows->is_null(row, 3)) continue;  // a table without columns
    table.columns.push_back({std::string{rows->text(row, 3)}, std::string{rows->text(row, 4)},
                             std::string{rows->text(row, 5)}, rows->boolean(row, 6)});
  }
  co_return tables;
}

}  // namespace pgpassage::migrate
