#include "migrate/verify/shape.hpp"

#include <fmt/format.h>

#include <charconv>

namespace pgpassage::migrate {

namespace asio = boost::asio;

namespace {

constexpr const char* table_query = R"sql(
SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.relpages, c.relkind,
       coalesce(e.extcondition[pg_catalog.array_position(e.extconfig, c.oid)], ''),
       (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ',' ORDER BY k.n)
          FROM pg_catalog.pg_index i, pg_catalog.generate_subscripts(i.indkey, 1) k(n), pg_catalog.pg_attribute a
         WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = i.indkey[k.n]),
       {}
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
        AND d.objsubid = 0 AND d.deptype = 'e'
  LEFT JOIN pg_catalog.pg_extension e ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND e.oid = d.refobjid
 WHERE (c.relkind IN ('r', 'S', 'f') OR (c.relkind = 'm' AND c.relispopulated)) AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND (e.oid IS NULL OR c.oid = ANY (e.extconfig))
)sql";

constexpr const char* type_query = R"sql(
SELECT t.oid, t.typname, t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace,
       CASE WHEN t.typcategory = 'A' AND t.typlen = -1 AND t.typelem <> 0 THEN 'a' ELSE t.typtype::text END,
       CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE coalesce(r.rngsubtype, {}t.typelem) END, t.typrelid
  FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid {})sql";

constexpr const char* column_query = R"sql(
SELECT a.attrelid, a.attname, a.atttypid, pg_catalog.format_type(a.atttypid, a.atttypmod)
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY a.attrelid, a.attnum)sql";

Type::Kind kind_of(std::string_view letter) {
  switch (letter.empty() ? 'b' : letter.front()) {
    case 'a': return Type::Kind::array;
    case 'c': return Type::Kind::composite;
    case 'd': return Type::Kind::domain;
    case 'r': return Type::Kind::range;
    case 'm': return Type::Kind::multirange;
    default: return Type::Kind::base;
  }
}

std::string sums(const std::string& digest, const std::string& from, DigestForm form) {
  return fmt::format("SELECT pg_catalog.count(*), {} FROM {}",
                     form.counted ? "NULL" : fmt::format("pg_catalog.sum({})", digest), from);
}

Oid oid_at(const Rows& rows, int row, int column) { return static_cast<Oid>(rows.integer(row, column)); }

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  bool quoted = false;
  std::string part;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) {
      parts.push_back(std::exchange(part, {}));
    } else {
      part += c;
    }
  }
  if (!part.empty()) parts.push_back(part);
  return parts;
}

}  // namespace

std::string inherits_columns(int version) {
  return fmt::format(R"sql((c.relkind = 'r' AND {}
  EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid)
  AND c.reltype NOT IN (SELECT y.oid FROM pg_catalog.pg_type y JOIN pg_catalog.pg_attribute u ON u.atttypid = y.oid
                        UNION SELECT y.typelem FROM pg_catalog.pg_type y
                          JOIN pg_catalog.pg_attribute u ON u.atttypid = y.oid)))sql",
                     version >= 100000 ? "NOT c.relispartition AND" : "");
}

asio::awaitable<Result<ComparedShape>> compared_shape(Session& session) {
  ComparedShape shape;
  shape.server_version = session.server_version();
  const char* hash = shape.server_version >= 110000 ? "pg_catalog.hashtextextended('pgpassage', 0)" : "NULL";
  const auto server =
      co_await session.query(fmt::format("SELECT pg_catalog.current_setting('server_encoding'), {}", hash));
  if (!server) co_return tl::unexpected(server.error());
  shape.encoding = server->text(0, 0);
  shape.text_hash = server->text(0, 1);

  std::string type_sql = type_query;
  const bool multiranges = shape.server_version >= 140000;
  type_sql.replace(type_sql.find("{}"), 2, multiranges ? "m.rngtypid, " : "");
  type_sql.replace(type_sql.find("{}"), 2,
                   multiranges ? "LEFT JOIN pg_catalog.pg_range m ON m.rngmultitypid = t.oid" : "");
  const auto types = co_await session.query(type_sql);
  if (!types) co_return tl::unexpected(types.error());
  const auto columns = co_await session.query(column_query);
  if (!columns) co_return tl::unexpected(columns.error());
  std::string table_sql = table_query;
  table_sql.replace(table_sql.find("{}"), 2, inherits_columns(shape.server_version));
  const auto tables = co_await session.query(table_sql);
  if (!tables) co_return tl::unexpected(tables.error());

  std::map<Oid, std::vector<VerifyColumn>> by_relation;
  for (int row = 0; row < columns->size(); ++row)
    by_relation[oid_at(*columns, row, 0)].push_back({.name = std::string{columns->text(row, 1)},
                                                     .type = oid_at(*columns, row, 2),
                                                     .type_name = std::string{columns->text(row, 3)}});
  for (int row = 0; row < types->size(); ++row) {
    Type type{.name = std::string{types->text(row, 1)},
              .builtin = types->boolean(row, 2),
              .kind = kind_of(types->text(row, 3)),
              .inner = oid_at(*types, row, 4),
              .attributes = {}};
    if (type.kind == Type::Kind::composite)
      for (const VerifyColumn& column : by_relation[oid_at(*types, row, 5)])
        type.attributes.emplace_back(column.name, column.type);
    shape.types.emplace(oid_at(*types, row, 0), std::move(type));
  }
  for (int row = 0; row < tables->size(); ++row) {
    if (tables->text(row, 3) == "S") {
      shape.sequences.emplace_back(tables->text(row, 1));
      continue;
    }
    if (tables->text(row, 3) == "f") {
      shape.foreign_tables.emplace_back(tables->text(row, 1));
      continue;
    }
    const Oid oid = oid_at(*tables, row, 0);
    shape.tables.push_back({.oid = oid,
                            .name = std::string{tables->text(row, 1)},
                            .materialized = tables->text(row, 3) == "m",
                            .by_name = tables->boolean(row, 6),
                            .columns = by_relation[oid],
                            .filter = std::string{tables->text(row, 4)},
                            .pages = tables->integer(row, 2),
                            .key = split(tables->text(row, 5))});
  }
  co_return shape;
}

std::string content_query(const Types& types, const TableShape& table, DigestForm form) {
  return sums(row_digest(types, table.columns, form), fmt::format("ONLY {} {}", table.name, table.filter), form);
}

std::string refreshed_query(const Types& types, const TableShape& view, const std::string& definition,
                            DigestForm form) {
  const std::string query = definition.substr(0, definition.rfind(';'));
  return sums(row_digest(types, view.columns, form), fmt::format("({}) v", query), form);
}

asio::awaitable<Result<TableContent>> table_content(Session& session, std::string query) {
  const auto rows = co_await session.query(std::move(query));
  if (!rows) co_return tl::unexpected(rows.error());
  const std::int64_t count = rows->integer(0, 0);
  if (rows->is_null(0, 1)) co_return TableContent{count, count == 0 ? "empty" : ""};
  co_return TableContent{count, std::string{rows->text(0, 1)}};
}

}  // namespace pgpassage::migrate
