#include "migrate/validate/validate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "migrate/validate/rules.hpp"

namespace pgpassage::migrate {

namespace asio = boost::asio;
using asio::awaitable;
using Names = std::vector<std::string>;

namespace {

constexpr const char* user_schema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// Both servers as their maintenance databases show them, and the items found so far.
struct Work {
  ValidationRequest request;
  Session source, target;
  bool superuser = false;  ///< the target's login
  Names target_roles, target_databases, target_extensions, target_languages, target_collations, preloaded;
  std::optional<Names> allowed_extensions;  ///< azure.extensions, lower case; absent where there is no such setting
  std::vector<ValidationRecord> items;
};

void add(Work& work, std::string_view id, const std::string& database, std::string subject, const Names& offenders,
         std::string problem, std::optional<ItemState> severity = {}) {
  const ValidationRule& rule = validation_rule(id);
  ValidationRecord item{.database = database,
                        .type = std::string{rule.type},
                        .rule = std::string{rule.id},
                        .name = std::string{rule.name},
                        .state = offenders.empty() ? ItemState::succeeded : severity.value_or(rule.severity),
                        .code = std::string{rule.code},
                        .subject = std::move(subject),
                        .message = offenders.empty() ? std::string{rule.title} : std::move(problem),
                        .evidence = {},
                        .cure = {}};
  if (!offenders.empty()) {
    const std::size_t shown = std::min<std::size_t>(offenders.size(), 20);
    item.evidence =
        fmt::format("{}", fmt::join(offenders.begin(), offenders.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    if (shown < offenders.size()) item.evidence += fmt::format(" and {} more", offenders.size() - shown);
    item.cure = rule.cure;
  }
  work.items.push_back(std::move(item));
}

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

awaitable<Result<Names>> column(Session& session, std::string sql) {
  const auto rows = co_await session.query(std::move(sql));
  if (!rows) co_return tl::unexpected(rows.error());
  Names names;
  for (int row = 0; row < rows->size(); ++row) names.emplace_back(rows->text(row, 0));
  co_return names;
}

Names missing(const Names& wanted, const Names& there) {
  Names result;
  for (const std::string& name : wanted)
    if (!contains(there, name)) result.push_back(name);
  return result;
}

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

struct Wanted {
  Names Work::*into;
  const char* sql;
};

constexpr std::array wanted_of_target{
    Wanted{&Work::target_roles, "SELECT rolname FROM pg_roles"},
    Wanted{&Work::target_databases, "SELECT datname FROM pg_database"},
    Wanted{&Work::target_extensions, "SELECT name FROM pg_available_extensions"},
    Wanted{&Work::target_languages, "SELECT lanname FROM pg_language"},
    Wanted{&Work::target_collations, "SELECT DISTINCT lower(replace(collname, '-', '')) FROM pg_collation"}};

awaitable<Result<void>> read_target(Work& work) {
  for (const Wanted& one : wanted_of_target) {
    auto names = co_await column(work.target, one.sql);
    if (!names) co_return tl::unexpected(names.error());
    work.*one.into = std::move(*names);
  }
  const auto rows = co_await work.target.query(
      "SELECT current_setting('is_superuser') = 'on', (SELECT setting FROM pg_settings WHERE name = "
      "'azure.extensions'),"
      " (SELECT setting FROM pg_settings WHERE name = 'shared_preload_libraries')");
  if (!rows) co_return tl::unexpected(rows.error());
  work.superuser = rows->boolean(0, 0);
  if (!rows->is_null(0, 1)) work.allowed_extensions = split_list(std::string{rows->text(0, 1)});
  work.preloaded = split_list(std::string{rows->text(0, 2)});
  co_return Result<void>{};
}

Names flag(bool bad, std::string what) { return bad ? Names{std::move(what)} : Names{}; }

awaitable<Result<void>> check_servers(Work& work) {
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
  const auto createdb =
      co_await work.target.query("SELECT rolcreatedb OR rolsuper, rolname FROM pg_roles WHERE rolname = current_user");
  if (!createdb) co_return tl::unexpected(createdb.error());
  add(work, "SRV007", "", "target", flag(!createdb->boolean(0, 0), std::string{createdb->text(0, 1)}),
      "The target's user may not create databases");
  const auto supers = co_await column(work.source, "SELECT rolname FROM pg_roles WHERE rolsuper AND oid <> 10");
  if (!supers) co_return tl::unexpected(supers.error());
  add(work, "SRV008", "", "source", *supers, "Superusers of the source cannot be superusers on Azure");
  co_return Result<void>{};
}

awaitable<Result<void>> check_existing(Work& work, const std::string& name) {
  const bool exists = contains(work.target_databases, name);
  add(work, "DB002", name, name, flag(exists, name),
      work.request.overwrite ? "The database on the target is replaced" : "The target has a database of that name",
      work.request.overwrite ? std::optional{ItemState::warning} : std::nullopt);
  if (!exists || !work.request.overwrite) co_return Result<void>{};
  // g++ 12 cannot compile a braced list of parameters inside a co_await.
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

/// A rule that is one query for offenders in a database of the source.
struct ListRule {
  const char* id;
  const char* sql;  ///< {} is the condition for user schemas
  const char* problem;
  bool superuser_helps = false;
  int before = 1000000;  ///< source version up to which it makes sense
};

constexpr const char* not_owned_by_extension =
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = x.oid AND d.deptype = 'e')";

constexpr ListRule list_rules[] = {
    {"DB004",
     "SELECT x.oid::regclass::text FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace WHERE x.relkind IN "
     "('r', 'p', 'S', 'm') AND {} AND"
     " NOT (has_schema_privilege(n.oid, 'USAGE') AND CASE WHEN x.relkind = 'S' THEN has_sequence_privilege(x.oid, "
     "'SELECT') ELSE has_table_privilege(x.oid, 'SELECT') END)",
     "The source's user may not read everything"},
    {"DB011",
     "SELECT quote_ident(n.nspname) || '.' || quote_ident(x.collname) FROM pg_collation x JOIN pg_namespace n ON n.oid "
     "= x.collnamespace WHERE {}",
     "The service does not move user-defined collations", true},
    {"DB012",
     "SELECT x.oid::regclass::text FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace WHERE x.relkind IN "
     "('r', 'p') AND x.relhasoids AND {}",
     "Tables WITH OIDS do not exist from 12 on", false, 120000},
    {"DB013", "SELECT x.castsource::regtype || ' as ' || x.casttarget::regtype FROM pg_cast x WHERE x.oid >= 16384",
     "The service does not move user-defined casts", true},
    {"DB015",
     "SELECT x.oid::regtype::text FROM pg_type x JOIN pg_namespace n ON n.oid = x.typnamespace WHERE x.typtype = 'b' "
     "AND x.typelem = 0 AND {}",
     "Only a superuser creates base types", true},
    {"DB016",
     "SELECT x.oid::regprocedure::text FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace WHERE x.prolang = "
     "13 AND {}",
     "Only a superuser creates C functions", true},
    {"DB017", "SELECT x.evtname::text FROM pg_event_trigger x WHERE true",
     "Event triggers need a privileged role on the target"},
    {"DB018",
     "SELECT x.relname || ' to ' || coalesce(r.rolname, 'public') FROM pg_class x CROSS JOIN aclexplode(x.relacl) a "
     "LEFT JOIN pg_roles r ON r.oid = a.grantee"
     " WHERE x.relnamespace = 'pg_catalog'::regnamespace AND a.grantee <> x.relowner AND x.relname IN ('pg_authid', "
     "'pg_largeobject', 'pg_statistic', 'pg_subscription', 'pg_user_mapping', 'pg_config',"
     " 'pg_file_settings', 'pg_hba_file_rules', 'pg_replication_origin_status', 'pg_shadow', 'pg_pltemplate') AND "
     "r.rolname IS NOT NULL AND r.rolname NOT LIKE 'pg\\_%' AND r.rolname <> 'azure_superuser'",
     "Rights on restricted catalogs cannot be restored", true},
    {"DB019",
     "SELECT x.oid::regclass::text FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace WHERE x.reltablespace "
     "<> 0 AND {}",
     "Tablespaces of its own do not exist on Azure"},
    {"DB020", "SELECT x.prsname::text FROM pg_ts_parser x JOIN pg_namespace n ON n.oid = x.prsnamespace WHERE {}",
     "The service does not move text search parsers", true},
};

awaitable<Result<void>> check_lists(Work& work, Session& source, const std::string& name) {
  for (const ListRule& rule : list_rules) {
    if (source.server_version() >= rule.before || (rule.before == 120000 && work.target.server_version() < 120000))
      continue;
    std::string sql = rule.sql;
    if (const auto at = sql.find("{}"); at != sql.npos) sql.replace(at, 2, user_schema);
    const auto offenders = co_await column(source, sql + not_owned_by_extension);
    if (!offenders) co_return tl::unexpected(offenders.error());
    add(work, rule.id, name, name, *offenders, rule.problem,
        rule.superuser_helps && work.superuser ? std::optional{ItemState::warning} : std::nullopt);
  }
  co_return Result<void>{};
}

awaitable<Result<void>> check_extensions(Work& work, Session& source, const std::string& name) {
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
  co_return Result<void>{};
}

awaitable<Result<void>> check_roles_and_collations(Work& work, Session& source, const std::string& name) {
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
      " JOIN pg_namespace n ON n.oid = x.relnamespace WHERE c.collnamespace = 'pg_catalog'::regnamespace AND " +
          std::string{user_schema});
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

awaitable<Result<void>> check_database(Work& work, std::string name, std::int64_t& objects, std::int64_t& bytes) {
  auto source = co_await Session::connect(work.request.source, name, work.request.connect_deadline);
  const bool absent = !source && source.error().sqlstate == "3D000";
  add(work, "DB001", name, name, source ? Names{} : Names{source.error().message},
      absent ? "The source has no database of that name" : "The source's database cannot be opened");
  if (!source) co_return Result<void>{};
  if (auto done = co_await check_existing(work, name); !done) co_return done;
  if (auto done = co_await check_lists(work, *source, name); !done) co_return done;
  if (auto done = co_await check_extensions(work, *source, name); !done) co_return done;
  if (auto done = co_await check_roles_and_collations(work, *source, name); !done) co_return done;
  const auto size = co_await source->query(
      "SELECT pg_database_size(current_database()), count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'i', 'I', 'S', "
      "'m')");
  if (!size) co_return tl::unexpected(size.error());
  bytes += size->integer(0, 0);
  objects = std::max<std::int64_t>(objects, size->integer(0, 1));
  co_return Result<void>{};
}

}  // namespace

awaitable<Result<std::vector<ValidationRecord>>> validate(ValidationRequest request) {
  Work work{.request = std::move(request)};
  const std::string fallback = work.request.databases.empty() ? "template1" : work.request.databases.front();
  auto source = co_await maintenance(work.request.source, fallback, work.request.connect_deadline);
  auto target = co_await maintenance(work.request.target, fallback, work.request.connect_deadline);
  add(work, "SRV001", "", "source", source ? Names{} : Names{source.error().message}, "No session with the source");
  add(work, "SRV002", "", "target", target ? Names{} : Names{target.error().message}, "No session with the target");
  if (!source || !target) co_return std::move(work.items);
  work.source = std::move(*source);
  work.target = std::move(*target);
  if (auto done = co_await read_target(work); !done) co_return tl::unexpected(done.error());
  if (auto done = co_await check_servers(work); !done) co_return tl::unexpected(done.error());
  std::int64_t objects = 0, bytes = 0;
  for (const std::string& name : work.request.databases)
    if (auto done = co_await check_database(work, name, objects, bytes); !done) co_return tl::unexpected(done.error());
  const auto locks = co_await work.target.query(
      "SELECT current_setting('max_locks_per_transaction')::bigint * (current_setting('max_connections')::bigint + "
      "current_setting('max_prepared_transactions')::bigint)");
  if (!locks) co_return tl::unexpected(locks.error());
  add(work, "SRV009", "", "target",
      flag(locks->integer(0, 0) < objects, fmt::format("{} locks, {} objects", locks->integer(0, 0), objects)),
      "The target's lock table is smaller than the largest database");
  add(work, "SRV010", "", "target",
      flag(bytes > std::int64_t{10} << 30, fmt::format("{} GB are needed", (bytes + bytes / 4) >> 30)),
      "The target's free space is not known to pgpassage");
  std::stable_sort(work.items.begin(), work.items.end(),
                   [](const auto& a, const auto& b) { return a.database.empty() > b.database.empty(); });
  co_return std::move(work.items);
}

bool passed(const std::vector<ValidationRecord>& items) {
  return std::none_of(items.begin(), items.end(), [](const auto& item) { return item.state == ItemState::failed; });
}

}  // namespace pgpassage::migrate
