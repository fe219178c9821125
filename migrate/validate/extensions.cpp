#include <fmt/format.h>

#include <algorithm>

#include "migrate/validate/work.hpp"

namespace pgpassage::migrate {

using boost::asio::awaitable;

namespace {

// pg_partman 5 has no trigger-based partitions, postgres_fdw's user mappings have passwords, timescaledb moves only
// in its Apache edition.
const Names delicate{"pg_partman", "postgres_fdw", "timescaledb"};

/// CREATE EXTENSION of the schema's dump asks for the target's default version.
awaitable<Result<void>> check_versions(ValidationWork& work, Session& source, std::string name) {
  const auto used = co_await source.query("SELECT extname, extversion FROM pg_extension ORDER BY 1");
  if (!used) co_return tl::unexpected(used.error());
  Names other, postgis, moving;
  for (int row = 0; row < used->size(); ++row) {
    const std::string extension{used->text(row, 0)};
    const std::string with_version = fmt::format("{} {}", extension, used->text(row, 1));
    if (contains(delicate, extension)) moving.push_back(extension);
    if (!contains(work.target_extensions, extension) || contains(work.target_extension_versions, with_version))
      continue;
    (extension == "postgis" ? postgis : other).push_back(with_version);
  }
  add(work, "DB024", name, name, other, "The target has other versions of extensions");
  add(work, "DB025", name, name, postgis, "The target has another version of PostGIS");
  add(work, "DB026", name, name, moving, "Extensions that need a person's attention");
  co_return Result<void>{};
}

}  // namespace

awaitable<Result<void>> check_extensions(ValidationWork& work, Session& source, std::string name) {
  const auto used = co_await column(source, "SELECT extname FROM pg_extension");
  if (!used) co_return tl::unexpected(used.error());
  Names unavailable = missing(*used, work.target_extensions);
  if (work.allowed_extensions)
    for (const std::string& extension : *used)
      if (extension != "plpgsql" && !contains(*work.allowed_extensions, extension) && !contains(unavailable, extension))
        unavailable.push_back(extension);
  add(work, "DB006", name, name, unavailable, "Extensions are missing on the target or not allow-listed");
  static const Names need_preload{
      "age",     "anon",      "credcheck",  "pg_cron", "pg_partman_bgw", "pg_squeeze", "pg_stat_statements",
      "pgaudit", "pglogical", "timescaledb"};
  Names unloaded;
  for (const std::string& extension : *used)
    if (contains(need_preload, extension) && !contains(work.preloaded, extension)) unloaded.push_back(extension);
  // Without its library pg_stat_statements and the like can be created and only do not work.
  add(work, "DB007", name, name, unloaded, "Libraries are not in shared_preload_libraries of the target",
      work.allowed_extensions ? std::nullopt : std::optional{ItemState::warning});
  const auto misplaced = co_await column(
      source,
      "SELECT extname FROM pg_extension WHERE extnamespace = 'pg_catalog'::regnamespace AND extname NOT LIKE 'pl%'");
  if (!misplaced) co_return tl::unexpected(misplaced.error());
  add(work, "DB008", name, name, *misplaced, "Extensions live in pg_catalog");
  const auto languages = co_await column(source, "SELECT lanname FROM pg_language");
  if (!languages) co_return tl::unexpected(languages.error());
  Names absent;  // one that an extension brings comes with it
  for (const std::string& language : missing(*languages, work.target_languages))
    if (!contains(work.target_extensions, language)) absent.push_back(language);
  add(work, "DB014", name, name, absent, "The target lacks procedural languages");
  co_return co_await check_versions(work, source, name);
}

}  // namespace pgpassage::migrate
