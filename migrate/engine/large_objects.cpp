#include "migrate/engine/large_objects.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

constexpr std::size_t small_bytes = 64 * 1024;   // objects up to here travel together
constexpr std::size_t chunk_bytes = 512 * 1024;  // larger ones in pieces of this
constexpr int objects_at_once = 64;
constexpr int attributes_at_once = 5000;

// bytea's hex form: \x and two digits a byte.
std::size_t bytes_of(std::string_view hex) { return hex.size() < 2 ? 0 : (hex.size() - 2) / 2; }

asio::awaitable<Result<void>> copy_rest(Session& source, Session& target, std::string oid) {
  for (std::size_t offset = small_bytes;; offset += chunk_bytes) {
    const std::vector<Parameter> where{oid, std::to_string(offset), std::to_string(chunk_bytes)};
    const auto chunk = co_await source.query("SELECT pg_catalog.lo_get($1, $2, $3)", where);
    if (!chunk) co_return tl::unexpected(chunk.error());
    const std::size_t size = bytes_of(chunk->text(0, 0));
    if (size > 0) {
      const std::vector<Parameter> what{oid, std::to_string(offset), std::string{chunk->text(0, 0)}};
      const auto put = co_await target.query("SELECT pg_catalog.lo_put($1, $2, $3)", what);
      if (!put) co_return tl::unexpected(put.error());
    }
    if (size < chunk_bytes) co_return Result<void>{};
  }
}

asio::awaitable<Result<void>> create(Session& target, const Rows& rows) {
  std::string oids;
  std::string contents;
  for (int row = 0; row < rows.size(); ++row) {
    oids += fmt::format("{}{}", row == 0 ? "{" : ",", rows.text(row, 0));
    contents += fmt::format("{}\"\\{}\"", row == 0 ? "{" : ",", rows.text(row, 1));  // the backslash of \x, escaped
  }
  const std::vector<Parameter> parameters{oids + "}", contents + "}"};
  const auto created = co_await target.query(
      "SELECT pg_catalog.lo_from_bytea(o, d) FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.bytea[]) AS t(o, d)",
      parameters);
  if (!created) co_return tl::unexpected(created.error());
  co_return Result<void>{};
}

// Every column but the oid may be NULL: nothing to do for it.
constexpr auto attributes = R"(
SELECT m.oid,
       'COMMENT ON LARGE OBJECT ' || m.oid || ' IS ' || pg_catalog.quote_literal(pg_catalog.obj_description(m.oid, 'pg_largeobject')) || ';',
       'ALTER LARGE OBJECT ' || m.oid || ' OWNER TO ' || pg_catalog.quote_ident(r.rolname) || ';',
       CASE WHEN m.lomacl IS NOT NULL THEN
         'REVOKE ALL ON LARGE OBJECT ' || m.oid || ' FROM ' || pg_catalog.quote_ident(r.rolname) || ';' END,
       (SELECT string_agg('GRANT ' || a.privilege_type || ' ON LARGE OBJECT ' || m.oid || ' TO '
                          || coalesce(pg_catalog.quote_ident(g.rolname), 'PUBLIC')
                          || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END || ';', E'\n')
          FROM pg_catalog.aclexplode(m.lomacl) a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee)
  FROM pg_catalog.pg_largeobject_metadata m JOIN pg_catalog.pg_roles r ON r.oid = m.lomowner
 WHERE m.oid > $1 ORDER BY m.oid LIMIT $2)";

void add(std::vector<std::string>& statements, const Rows& rows, int row, int column) {
  if (!rows.is_null(row, column)) statements.emplace_back(rows.text(row, column));
}

}  // namespace

asio::awaitable<Result<std::int64_t>> copy_large_objects(Session& source, Session& target) {
  std::int64_t count = 0;
  std::string last = "0";
  for (;;) {
    const std::vector<Parameter> page{last, std::to_string(small_bytes), std::to_string(objects_at_once)};
    const auto rows = co_await source.query(
        "SELECT oid, pg_catalog.lo_get(oid, 0, $2) FROM pg_catalog.pg_largeobject_metadata"
        " WHERE oid > $1 ORDER BY oid LIMIT $3",
        page);
    if (!rows) co_return tl::unexpected(rows.error());
    if (rows->empty()) co_return count;
    if (const auto created = co_await create(target, *rows); !created) co_return tl::unexpected(created.error());
    for (int row = 0; row < rows->size(); ++row)
      if (bytes_of(rows->text(row, 1)) == small_bytes) {
        const auto rest = co_await copy_rest(source, target, std::string{rows->text(row, 0)});
        if (!rest) co_return tl::unexpected(rest.error());
      }
    count += rows->size();
    last = rows->text(rows->size() - 1, 0);
  }
}

asio::awaitable<Result<LargeObjectPage>> large_object_attributes(Session& source, std::int64_t after) {
  const std::vector<Parameter> page{std::to_string(after), std::to_string(attributes_at_once)};
  const auto rows = co_await source.query(attributes, page);
  if (!rows) co_return tl::unexpected(rows.error());
  LargeObjectPage result{.last = after, .more = rows->size() == attributes_at_once};
  for (int row = 0; row < rows->size(); ++row) {
    result.last = rows->integer(row, 0);
    add(result.comments, *rows, row, 1);
    add(result.ownership, *rows, row, 2);
    add(result.privileges, *rows, row, 3);
    add(result.privileges, *rows, row, 4);
  }
  co_return result;
}

}  // namespace pgpassage::migrate
