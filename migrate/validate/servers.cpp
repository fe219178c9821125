#include <fmt/format.h>

#include "migrate/schema/program.hpp"
#include "migrate/validate/work.hpp"

namespace pgpassage::migrate {

using boost::asio::awaitable;

namespace {

// azure_pg_admin exists on Azure only, and there its absence ends a migration.
awaitable<Result<void>> check_target_login(ValidationWork& work) {
  const auto login = co_await work.target.query(
      "SELECT rolname, rolsuper OR rolcreatedb, rolsuper OR rolcreaterole,"
      " (SELECT pg_has_role(r.oid, 'MEMBER') FROM pg_roles r WHERE r.rolname = 'azure_pg_admin')"
      " FROM pg_roles WHERE rolname = current_user");
  if (!login) co_return tl::unexpected(login.error());
  const std::string name{login->text(0, 0)};
  const bool azure = !login->is_null(0, 3);
  add(work, "SRV007", "", "target", flag(!login->boolean(0, 1), name), "The target's user may not create databases");
  if (azure)
    add(work, "SRV013", "", "target", flag(!login->boolean(0, 3), name),
        "The target's user is not a member of azure_pg_admin");
  add(work, "SRV014", "", "target", flag(!login->boolean(0, 2), name),
      "The target's user cannot join the roles that own things, and may be unable to hand them over",
      azure ? std::optional{ItemState::failed} : std::nullopt);
  co_return Result<void>{};
}

awaitable<Result<void>> check_programs(ValidationWork& work) {
  const auto found = co_await find_programs();
  if (!found) co_return tl::unexpected(found.error());
  const auto chosen =
      choose_programs(*found, work.source.server_version() / 10000, work.target.server_version() / 10000);
  add(work, "SRV011", "", "this machine", chosen ? Names{} : Names{chosen.error().message},
      "The schema cannot be dumped with the programs that are here");
  co_return Result<void>{};
}

// The copy locks every table of a database in one transaction, and so does pg_dump.
constexpr const char* locks_query =
    "SELECT current_setting('max_locks_per_transaction')::bigint * (current_setting('max_connections')::bigint + "
    "current_setting('max_prepared_transactions')::bigint)";

std::string size_text(std::int64_t bytes) {
  if (bytes >= std::int64_t{10} << 30) return fmt::format("{} GB", bytes >> 30);
  return fmt::format("{} MB", (bytes >> 20) + 1);
}

// No SQL function tells an ordinary role how much room is left: a pass only where the whole disk's size was said.
void check_space(ValidationWork& work) {
  const std::int64_t advised = work.bytes + work.bytes / 4;
  const std::string need =
      fmt::format("{} hold the databases, {} are advised", size_text(work.bytes), size_text(advised));
  const auto storage = work.request.target_storage_gb;
  if (!storage) return add(work, "SRV010", "", "target", {need}, "The target's free space cannot be asked in SQL");
  const bool fits = advised <= std::int64_t{*storage} << 30;
  add(work, "SRV010", "", "target", flag(!fits, fmt::format("{}, the target has {} GB", need, *storage)),
      "The target's storage is smaller than what is advised");
}

}  // namespace

awaitable<Result<void>> check_servers(ValidationWork& work) {
  const int source = work.source.server_version(), target = work.target.server_version();
  const auto version = [](int v) {
    return v >= 100000 ? fmt::format("{}.{}", v / 10000, v % 10000) : fmt::format("{}.{}", v / 10000, v / 100 % 100);
  };
  const auto major = [](int v) { return v >= 100000 ? v / 10000 * 100 : v / 100; };
  add(work, "SRV003", "", "source", flag(source < 90500, version(source)), "The source is older than 9.5");
  add(work, "SRV004", "", "target",
      flag(major(target) < major(source), fmt::format("source {}, target {}", version(source), version(target))),
      "The target is older than the source");
  add(work, "SRV005", "", "target", flag(target < 100000, version(target)), "The target is older than 10");
  add(work, "SRV006", "", "migration",
      flag(work.request.databases.size() > 8, std::to_string(work.request.databases.size())),
      "More than eight databases are asked for");
  if (auto done = co_await check_target_login(work); !done) co_return done;
  const auto supers = co_await column(work.source, "SELECT rolname FROM pg_roles WHERE rolsuper AND oid <> 10");
  if (!supers) co_return tl::unexpected(supers.error());
  add(work, "SRV008", "", "source", *supers, "Superusers of the source cannot be superusers on Azure");
  if (auto done = co_await check_source_state(work); !done) co_return done;
  co_return co_await check_programs(work);
}

awaitable<Result<void>> check_capacity(ValidationWork& work) {
  const auto target = co_await work.target.query(locks_query);
  if (!target) co_return tl::unexpected(target.error());
  add(work, "SRV009", "", "target",
      flag(target->integer(0, 0) < work.objects,
           fmt::format("{} locks, {} objects", target->integer(0, 0), work.objects)),
      "The target's lock table is smaller than the largest database");
  const auto source = co_await work.source.query(locks_query);
  if (!source) co_return tl::unexpected(source.error());
  add(work, "SRV012", "", "source",
      flag(source->integer(0, 0) < 2 * work.tables,
           fmt::format("{} locks, {} tables, each locked twice", source->integer(0, 0), work.tables)),
      "The source's lock table is too small for its largest database");
  check_space(work);
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
