#include "migrate/engine/servers.hpp"

#include "migrate/catalog/read_catalog.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

// 9.5 and 9.6 are majors of their own; from 10 on the major is the first number.
int comparable_major(int version) { return version < 100000 ? version / 100 : version / 10000 * 100; }

std::string spelled(int version) {
  if (version < 100000) return fmt::format("{}.{}", version / 10000, version / 100 % 100);
  return std::to_string(version / 10000);
}

Result<void> check_versions(int source, int target) {
  if (source < 90500)
    return fail_with_cure(Errc::unsupported, "upgrade the source to 9.5 or later first",
                          "the source runs PostgreSQL {}; 9.5 is the oldest that can be migrated", spelled(source));
  if (comparable_major(target) < comparable_major(source))
    return fail_with_cure(Errc::unsupported, fmt::format("choose a target of version {} or later", spelled(source)),
                          "the target runs PostgreSQL {}, older than the source's {}", spelled(target),
                          spelled(source));
  return {};
}

// Two servers that started in the same microsecond and call themselves by the same port are one.
asio::awaitable<Result<std::string>> identity(Session& session) {
  const auto rows = co_await session.query(
      "SELECT pg_catalog.pg_postmaster_start_time()::text || ' ' || pg_catalog.current_setting('port')");
  if (!rows) co_return tl::unexpected(rows.error());
  co_return std::string{rows->text(0, 0)};
}

asio::awaitable<Result<void>> refuse_same(Session& source, Session& target) {
  const auto of_source = co_await identity(source);
  if (!of_source) co_return tl::unexpected(of_source.error());
  const auto of_target = co_await identity(target);
  if (!of_target) co_return tl::unexpected(of_target.error());
  if (*of_source != *of_target) co_return Result<void>{};
  co_return fail_with_cure(Errc::input, "give another target", "source and target are the same server");
}

// A pooler answers the login by itself, with a process number of its own. Its transactions may run in one server
// session after the other, and a snapshot or a setting of ours would be somebody else's.
asio::awaitable<Result<void>> refuse_pooler(Session& session, std::string end) {
  const auto rows = co_await session.query("SELECT pg_catalog.pg_backend_pid()");
  if (!rows) co_return tl::unexpected(rows.error());
  if (rows->integer(0, 0) == PQbackendPID(session.handle())) co_return Result<void>{};
  co_return fail_with_cure(Errc::unsupported, "give the server's own host and port",
                           "{}: a connection pooler (PgBouncer or the like) answers there, not the server itself", end);
}

Error at(const char* end, Error error) {
  error.message = fmt::format("{}: {}", end, error.message);
  return error;
}

asio::awaitable<Result<std::map<std::string, DatabaseShape>>> shapes(Session& source, std::vector<std::string> names) {
  if (names.empty()) {
    auto all = co_await user_databases(source);
    if (!all) co_return tl::unexpected(std::move(all.error()));
    names = std::move(*all);
  }
  if (names.empty())
    co_return fail_with_cure(Errc::not_found, "give --databases, or a database in --source",
                             "the source has no database of its users");
  if (names.size() > 8)
    co_return fail_with_cure(Errc::input, "name with --databases those that go first",
                             "the source has {} databases, and one migration moves at most 8", names.size());
  std::map<std::string, DatabaseShape> result;
  for (const auto& name : names) {
    auto shape = co_await read_database_shape(source, name);
    if (!shape) co_return tl::unexpected(std::move(shape.error()));
    result.emplace(name, std::move(*shape));
  }
  co_return result;
}

asio::awaitable<Result<bool>> exists(Session& target, std::string database) {
  const std::vector<Parameter> name{database};
  const auto rows = co_await target.query("SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", name);
  if (!rows) co_return tl::unexpected(rows.error());
  co_return !rows->empty();
}

asio::awaitable<Result<void>> drop(Session& target, std::string database) {
  const std::string name = quote_identifier(database);
  if (target.server_version() < 130000) {
    const std::vector<Parameter> which{database};
    const auto ended = co_await target.query(
        "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1", which);
    if (!ended) co_return tl::unexpected(ended.error());
  }
  const std::string plain = fmt::format("DROP DATABASE {}", name);
  const std::string forced = target.server_version() < 130000 ? plain : plain + " WITH (FORCE)";
  auto dropped = co_await target.query(forced);
  // FORCE may not end autovacuum's worker, which belongs to nobody; a plain drop makes it stop and waits for it.
  if (!dropped && dropped.error().code == Errc::permission) dropped = co_await target.query(plain);
  if (dropped) co_return Result<void>{};
  Error error = dropped.error();
  error.message = fmt::format("cannot drop database {} on the target: {}", name, error.message);
  if (error.code == Errc::permission) error.cure = "own the database there, and be granted pg_signal_backend";
  co_return tl::unexpected(std::move(error));
}

// Nobody drops the database that he is connected to.
asio::awaitable<Result<Session>> connect_beside(Request request, std::string database) {
  const Deadline deadline = std::chrono::steady_clock::now() + request.connect_time;
  if (database != "postgres") co_return co_await connect_anywhere(request.target, {}, deadline);
  co_return co_await Session::connect(request.target, "template1", deadline);
}

}  // namespace

int major_of(int server_version) { return server_version / 10000; }

asio::awaitable<Result<Session>> connect_anywhere(ServerAddress server, std::string fallback, Deadline deadline) {
  Result<Session> session = fail(Errc::not_found, "no database to connect to");
  for (const std::string& database : {std::string{"postgres"}, std::string{"template1"}, std::move(fallback)}) {
    if (database.empty()) continue;
    session = co_await Session::connect(server, database, deadline);
    if (session || (session.error().code != Errc::not_found && session.error().code != Errc::permission)) break;
  }
  co_return session;
}

asio::awaitable<Result<Servers>> inspect_servers(Request request) {
  const Deadline deadline = std::chrono::steady_clock::now() + request.connect_time;
  const std::string first = request.databases.empty() ? "" : request.databases.front();
  auto source = co_await connect_anywhere(request.source, first, deadline);
  if (!source) co_return tl::unexpected(at("source", source.error()));
  auto target = co_await connect_anywhere(request.target, {}, deadline);
  if (!target) co_return tl::unexpected(at("target", target.error()));
  Servers servers{.source_version = source->server_version(), .target_version = target->server_version()};
  if (const auto fit = check_versions(servers.source_version, servers.target_version); !fit)
    co_return tl::unexpected(fit.error());
  if (const auto direct = co_await refuse_pooler(*source, "source"); !direct) co_return tl::unexpected(direct.error());
  if (const auto direct = co_await refuse_pooler(*target, "target"); !direct) co_return tl::unexpected(direct.error());
  if (const auto two = co_await refuse_same(*source, *target); !two) co_return tl::unexpected(two.error());
  auto databases = co_await shapes(*source, request.databases);
  if (!databases) co_return tl::unexpected(std::move(databases.error()));
  servers.databases = std::move(*databases);
  const auto found = co_await find_programs();
  if (!found) co_return tl::unexpected(found.error());
  auto programs = choose_programs(*found, major_of(servers.source_version), major_of(servers.target_version));
  if (!programs) co_return tl::unexpected(std::move(programs.error()));
  servers.programs = std::move(*programs);
  co_return servers;
}

asio::awaitable<Result<void>> refuse_existing(Request request, const Servers& servers) {
  if (request.overwrite) co_return Result<void>{};
  const Deadline deadline = std::chrono::steady_clock::now() + request.connect_time;
  auto target = co_await connect_anywhere(request.target, {}, deadline);
  if (!target) co_return tl::unexpected(at("target", target.error()));
  for (const auto& [name, shape] : servers.databases) {
    const auto there = co_await exists(*target, name);
    if (!there) co_return tl::unexpected(there.error());
    if (*there)
      co_return fail_with_cure(Errc::already_exists, "drop it there, or set overwriteDbsInTarget (--overwrite)",
                               "database {} already exists on the target", quote_identifier(name));
  }
  co_return Result<void>{};
}

asio::awaitable<Result<std::int64_t>> oid_on_target(Request request, std::string database) {
  const Deadline deadline = std::chrono::steady_clock::now() + request.connect_time;
  auto target = co_await connect_anywhere(request.target, {}, deadline);
  if (!target) co_return tl::unexpected(at("target", target.error()));
  const std::vector<Parameter> name{database};
  const auto rows = co_await target->query("SELECT oid FROM pg_catalog.pg_database WHERE datname = $1", name);
  if (!rows) co_return tl::unexpected(at("target", rows.error()));
  co_return rows->empty() ? 0 : rows->integer(0, 0);
}

asio::awaitable<Result<bool>> empty_on_target(Request request, std::string database) {
  const Deadline deadline = std::chrono::steady_clock::now() + request.connect_time;
  auto session = co_await Session::connect(request.target, database, deadline);
  if (!session) co_return tl::unexpected(at("target", session.error()));
  const auto rows = co_await session->query("SELECT count(*) FROM pg_catalog.pg_class WHERE oid >= 16384");
  if (!rows) co_return tl::unexpected(at("target", rows.error()));
  co_return rows->integer(0, 0) == 0;
}

asio::awaitable<Result<void>> drop_database(Request request, std::string database) {
  auto target = co_await connect_beside(std::move(request), database);
  if (!target) co_return tl::unexpected(at("target", target.error()));
  const auto there = co_await exists(*target, database);
  if (!there) co_return tl::unexpected(at("target", there.error()));
  if (!*there) co_return Result<void>{};
  co_return co_await drop(*target, std::move(database));
}

asio::awaitable<Result<void>> create_database(Request request, std::string database, DatabaseShape shape) {
  auto target = co_await connect_beside(std::move(request), database);
  if (!target) co_return tl::unexpected(at("target", target.error()));
  const auto created = co_await target->query("CREATE DATABASE " + quote_identifier(database) + shape.create_options);
  if (created) co_return Result<void>{};
  Error error = created.error();
  error.message = fmt::format("cannot create database {} on the target: {}", quote_identifier(database), error.message);
  if (error.code == Errc::permission) error.cure = "grant CREATEDB to the target's login";
  co_return tl::unexpected(std::move(error));
}

}  // namespace pgpassage::migrate
