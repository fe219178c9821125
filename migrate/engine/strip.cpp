#include "migrate/engine/strip.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

constexpr int triggers_know_their_parents = 130000;
constexpr const char* dependent_objects = "2BP01";

// One statement a row, in the order in which they can be performed. An inherited constraint or an attached index goes
// with its parent's.
std::string drops(int version) {
  const char* own_trigger = version >= triggers_know_their_parents ? " AND t.tgparentid = 0" : "";
  return fmt::format(R"(
WITH RECURSIVE family AS (
  SELECT x::pg_catalog.regclass::pg_catalog.oid AS oid FROM unnest($1::text[]) x
  UNION SELECT i.inhparent FROM pg_catalog.pg_inherits i JOIN family f ON f.oid = i.inhrelid)
SELECT s FROM (
  SELECT 1 AS n, pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::pg_catalog.regclass, k.conname) AS s
    FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.coninhcount = 0
     AND (k.conrelid IN (SELECT oid FROM family) OR k.confrelid IN (SELECT oid FROM family))
  UNION ALL
  SELECT 2, pg_catalog.format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::pg_catalog.regclass)
    FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal AND t.tgrelid IN (SELECT oid FROM family){}
  UNION ALL
  SELECT 3, pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::pg_catalog.regclass, k.conname)
    FROM pg_catalog.pg_constraint k WHERE k.contype IN ('p', 'u', 'x') AND k.coninhcount = 0
     AND k.conrelid IN (SELECT oid FROM family)
  UNION ALL
  SELECT 4, pg_catalog.format('DROP INDEX %s', i.indexrelid::pg_catalog.regclass)
    FROM pg_catalog.pg_index i WHERE i.indrelid IN (SELECT oid FROM family)
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid)
  UNION ALL
  SELECT 0, pg_catalog.format('DROP EVENT TRIGGER %I', e.evtname) FROM pg_catalog.pg_event_trigger e
   WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = e.oid AND d.deptype = 'e'
                        AND d.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass)) x ORDER BY n)",
                     own_trigger);
}

std::string array_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) {
    text += text.empty() ? "{\"" : ",\"";
    for (const char c : name) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text.empty() ? "{}" : text + "}";
}

}  // namespace

asio::awaitable<Result<bool>> strip_tables(Session& target, std::vector<std::string> tables) {
  const std::vector<Parameter> names{array_of(tables)};
  const auto statements = co_await target.query(drops(target.server_version()), names);
  if (!statements) co_return tl::unexpected(statements.error());
  for (int row = 0; row < statements->size(); ++row) {
    const auto dropped = co_await target.execute(std::string{statements->text(row, 0)});
    if (!dropped && dropped.error().sqlstate == dependent_objects) co_return false;
    if (!dropped) co_return tl::unexpected(dropped.error());
  }
  co_return true;
}

asio::awaitable<Result<void>> remove_large_objects(Session& target) {
  for (;;) {
    const auto removed = co_await target.query(
        "SELECT pg_catalog.lo_unlink(oid) FROM (SELECT oid FROM pg_catalog.pg_largeobject_metadata LIMIT 1000) x");
    if (!removed) co_return tl::unexpected(removed.error());
    if (removed->empty()) co_return Result<void>{};
  }
}

}  // namespace pgpassage::migrate
