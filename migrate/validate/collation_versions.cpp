#include <fmt/format.h>

#include <map>

#include "migrate/validate/work.hpp"

namespace pgpassage::migrate {

using boost::asio::awaitable;

namespace {

constexpr int versions_are_told = 100000;

// Collations of columns, and the database's own as the collation of that name.
constexpr const char* used_query =
    "SELECT DISTINCT c.collname, pg_collation_actual_version(c.oid) FROM pg_collation c"
    " WHERE pg_collation_actual_version(c.oid) IS NOT NULL AND c.collnamespace = 'pg_catalog'::regnamespace AND"
    " (c.oid IN (SELECT a.attcollation FROM pg_attribute a WHERE a.attrelid >= 16384 AND a.attnum > 0) OR c.collname ="
    " (SELECT datcollate FROM pg_database WHERE datname = current_database()))";

constexpr const char* known_query =
    "SELECT collname, pg_collation_actual_version(oid) FROM pg_collation WHERE collnamespace = "
    "'pg_catalog'::regnamespace AND pg_collation_actual_version(oid) IS NOT NULL";

using Versions = std::map<std::string, std::string>;

awaitable<Result<Versions>> versions(Session& session, const char* sql) {
  const auto rows = co_await session.query(sql);
  if (!rows) co_return tl::unexpected(rows.error());
  Versions result;
  for (int row = 0; row < rows->size(); ++row)
    result.emplace(std::string{rows->text(row, 0)}, std::string{rows->text(row, 1)});
  co_return result;
}

}  // namespace

awaitable<Result<void>> check_collation_versions(ValidationWork& work, Session& source, std::string name) {
  if (source.server_version() < versions_are_told) co_return Result<void>{};
  const auto used = co_await versions(source, used_query);
  if (!used) co_return tl::unexpected(used.error());
  const auto known = co_await versions(work.target, known_query);
  if (!known) co_return tl::unexpected(known.error());
  Names other;
  for (const auto& [collation, version] : *used)
    if (const auto there = known->find(collation); there != known->end() && there->second != version)
      other.push_back(fmt::format("{}: {} on the source, {} on the target", collation, version, there->second));
  add(work, "DB031", name, name, other, "Collations are of other versions on the target");
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
