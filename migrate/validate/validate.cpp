#include "migrate/validate/validate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "migrate/validate/work.hpp"

namespace pgpassage::migrate {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

Names split_list(std::string text) {
  Names names;
  std::string name;
  for (const char c : text + ",") {
    if (c == ',') {
      if (!name.empty()) names.push_back(std::exchange(name, {}));
    } else if (c != ' ' && c != '"') {
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return names;
}

/// A session in a database that every server has.
awaitable<Result<Session>> maintenance(ServerAddress server, std::string fallback, Deadline deadline) {
  auto session = co_await Session::connect(server, "postgres", deadline);
  if (!session && session.error().sqlstate == "3D000") session = co_await Session::connect(server, fallback, deadline);
  if (!session && session.error().sqlstate == "3D000")
    session = co_await Session::connect(server, "template1", deadline);
  co_return session;
}

// The documents know two reasons by numbers of their own.
void name_reason(ValidationRecord& item, const Error& error) {
  if (error.sqlstate == "28P01") item.code = "603100";
  if (error.message.find("does not support SSL") != std::string::npos) item.code = "603001";
  if (!error.cure.empty()) item.cure = error.cure;
}

struct Wanted {
  Names ValidationWork::*into;
  const char* sql;
};

constexpr std::array wanted_of_target{
    Wanted{&ValidationWork::target_roles, "SELECT rolname FROM pg_roles"},
    Wanted{&ValidationWork::target_databases, "SELECT datname FROM pg_database"},
    Wanted{&ValidationWork::target_extensions, "SELECT name FROM pg_available_extensions"},
    Wanted{&ValidationWork::target_extension_versions,
           "SELECT name || ' ' || version FROM pg_available_extension_versions"},
    Wanted{&ValidationWork::target_languages, "SELECT lanname FROM pg_language"},
    Wanted{&ValidationWork::target_collations, "SELECT DISTINCT lower(replace(collname, '-', '')) FROM pg_collation"}};

// Before 16 CREATEROLE joins any role but a superuser; later only who has its ADMIN OPTION does, and a membership may
// come without the right to act as the role. A superuser has every role.
std::string possible_owners(int version) {
  const char* is =
      version < 160000 ? "pg_has_role(r.oid, 'USAGE')" : "(pg_has_role(r.oid, 'USAGE') AND pg_has_role(r.oid, 'SET'))";
  const char* may_be = version < 160000
                           ? "me.rolinherit AND (me.rolcreaterole OR pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION'))"
                           : "pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION')";
  return fmt::format(
      "SELECT r.rolname FROM pg_roles r JOIN pg_roles me ON me.rolname = current_user"
      " WHERE {} OR (NOT r.rolsuper AND {})",
      is, may_be);
}

awaitable<Result<void>> read_target(ValidationWork& work) {
  for (const Wanted& one : wanted_of_target) {
    auto names = co_await column(work.target, one.sql);
    if (!names) co_return tl::unexpected(names.error());
    work.*one.into = std::move(*names);
  }
  const auto rows = co_await work.target.query(
      "SELECT current_setting('is_superuser') = 'on', (SELECT setting FROM pg_settings WHERE name = "
      "'azure.extensions'),"
      " (SELECT setting FROM pg_settings WHERE name = 'shared_preload_libraries'), current_user");
  if (!rows) co_return tl::unexpected(rows.error());
  work.superuser = rows->boolean(0, 0);
  if (!rows->is_null(0, 1)) work.allowed_extensions = split_list(std::string{rows->text(0, 1)});
  work.preloaded = split_list(std::string{rows->text(0, 2)});
  work.login = rows->text(0, 3);
  auto owners = co_await column(work.target, possible_owners(work.target.server_version()));
  if (!owners) co_return tl::unexpected(owners.error());
  work.possible_owners = std::move(*owners);
  co_return Result<void>{};
}

awaitable<Result<void>> check_droppable(ValidationWork& work, std::string name) {
  // g++ 12 cannot compile a braced list of parameters inside a co_await.
  std::vector<Parameter> parameters;
  parameters.emplace_back(name);
  const auto owner = co_await work.target.query(
      "SELECT pg_get_userbyid(datdba), pg_has_role(datdba, 'MEMBER') FROM pg_database WHERE datname = $1",
      std::move(parameters));
  if (!owner) co_return tl::unexpected(owner.error());
  add(work, "DB027", name, name,
      flag(!owner->empty() && !owner->boolean(0, 1), fmt::format("owned by {}", owner->text(0, 0))),
      "The target's user may not drop the database there");
  co_return Result<void>{};
}

awaitable<Result<void>> check_existing(ValidationWork& work, const std::string& name) {
  const bool exists = contains(work.target_databases, name);
  add(work, "DB002", name, name, flag(exists, name),
      work.request.overwrite ? "The database on the target is replaced" : "The target has a database of that name",
      work.request.overwrite ? std::optional{ItemState::warning} : std::nullopt);
  if (!exists || !work.request.overwrite) co_return Result<void>{};
  if (auto done = co_await check_droppable(work, name); !done) co_return done;
  std::vector<Parameter> parameters;
  parameters.emplace_back(name);
  const auto rows = co_await work.target.query(
      "SELECT count(*) FROM pg_stat_activity a WHERE a.datname = $1 AND a.pid <> pg_backend_pid() AND NOT"
      " (pg_has_role(a.usename, 'MEMBER') OR pg_has_role('pg_signal_backend', 'MEMBER'))",
      std::move(parameters));
  if (!rows) co_return tl::unexpected(rows.error());
  add(work, "DB003", name, name, flag(rows->integer(0, 0) > 0, fmt::format("{} sessions", rows->integer(0, 0))),
      "Somebody uses the target's database and cannot be ended");
  co_return Result<void>{};
}

awaitable<Result<void>> check_roles_and_collations(ValidationWork& work, Session& source, const std::string& name) {
  const auto roles =
      co_await column(source,
                      "SELECT DISTINCT r.rolname FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid"
                      " WHERE s.refclassid = 'pg_authid'::regclass AND s.dbid IN (0, (SELECT oid FROM pg_database "
                      "WHERE datname = current_database()))"
                      " UNION SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()");
  if (!roles) co_return tl::unexpected(roles.error());
  add(work, "DB005", name, name, missing(*roles, work.target_roles),
      "Roles that own or are granted something are not on the target");
  const auto used = co_await column(
      source,
      "SELECT DISTINCT lower(replace(c.collname, '-', '')) FROM pg_attribute a JOIN pg_collation c ON c.oid = "
      "a.attcollation JOIN pg_class x ON x.oid = a.attrelid"
      " JOIN pg_namespace n ON n.oid = x.relnamespace WHERE c.collnamespace = 'pg_catalog'::regnamespace AND "
      "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'");
  if (!used) co_return tl::unexpected(used.error());
  add(work, "DB010", name, name, missing(*used, work.target_collations), "The target lacks collations of columns");
  const auto locale = co_await source.query(
      "SELECT lower(replace(datcollate, '-', '')), pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE "
      "datname = current_database()");
  if (!locale) co_return tl::unexpected(locale.error());
  add(work, "DB009", name, name,
      flag(!contains(work.target_collations, locale->text(0, 0)), std::string{locale->text(0, 2)}),
      "The target does not know the database's collation");
  add(work, "DB021", name, name, flag(locale->text(0, 1) != "UTF8", std::string{locale->text(0, 1)}),
      "The database is not in UTF8");
  co_return Result<void>{};
}

awaitable<Result<void>> check_database(ValidationWork& work, std::string name) {
  auto source = co_await Session::connect(work.request.source, name, work.request.connect_deadline);
  const bool absent = !source && source.error().sqlstate == "3D000";
  add(work, "DB001", name, name, source ? Names{} : Names{source.error().message},
      absent ? "The source has no database of that name" : "The source's database cannot be opened");
  if (!source) {
    // 603102 means a wrong name; what else keeps us out has a cure of its own.
    if (!absent) {
      work.items.back().code.clear();
      work.items.back().cure = source.error().cure.empty()
                                   ? "let the source's user into that database, then run it again"
                                   : source.error().cure;
    }
    co_return Result<void>{};
  }
  if (auto done = co_await check_existing(work, name); !done) co_return done;
  if (auto done = co_await check_lists(work, *source, name); !done) co_return done;
  if (auto done = co_await check_extensions(work, *source, name); !done) co_return done;
  if (auto done = co_await check_owners(work, *source, name); !done) co_return done;
  if (auto done = co_await check_roles_and_collations(work, *source, name); !done) co_return done;
  if (auto done = co_await check_collation_versions(work, *source, name); !done) co_return done;
  const auto size = co_await source->query(
      "SELECT pg_database_size(current_database()), count(*), count(*) FILTER (WHERE relkind IN ('r', 'p')) "
      "FROM pg_class WHERE relkind IN ('r', 'p', 'i', 'I', 'S', 'm')");
  if (!size) co_return tl::unexpected(size.error());
  work.bytes += size->integer(0, 0);
  work.objects = std::max<std::int64_t>(work.objects, size->integer(0, 1));
  work.tables = std::max<std::int64_t>(work.tables, size->integer(0, 2));
  co_return Result<void>{};
}

}  // namespace

awaitable<Result<std::vector<ValidationRecord>>> validate(ValidationRequest request) {
  ValidationWork work{.request = std::move(request)};
  const std::string fallback = work.request.databases.empty() ? "template1" : work.request.databases.front();
  auto source = co_await maintenance(work.request.source, fallback, work.request.connect_deadline);
  auto target = co_await maintenance(work.request.target, fallback, work.request.connect_deadline);
  add(work, "SRV001", "", "source", source ? Names{} : Names{source.error().message}, "No session with the source");
  if (!source) name_reason(work.items.back(), source.error());
  add(work, "SRV002", "", "target", target ? Names{} : Names{target.error().message}, "No session with the target");
  if (!target) name_reason(work.items.back(), target.error());
  if (!source || !target) co_return std::move(work.items);
  work.source = std::move(*source);
  work.target = std::move(*target);
  if (auto done = co_await read_target(work); !done) co_return tl::unexpected(done.error());
  if (auto done = co_await check_servers(work); !done) co_return tl::unexpected(done.error());
  for (const std::string& name : work.request.databases)
    if (auto done = co_await check_database(work, name); !done) co_return tl::unexpected(done.error());
  if (auto done = co_await check_capacity(work); !done) co_return tl::unexpected(done.error());
  std::stable_sort(work.items.begin(), work.items.end(),
                   [](const auto& a, const auto& b) { return a.database.empty() > b.database.empty(); });
  co_return std::move(work.items);
}

bool passed(const std::vector<ValidationRecord>& items) {
  return std::none_of(items.begin(), items.end(), [](const auto& item) { return item.state == ItemState::failed; });
}

}  // namespace pgpassage::migrate
