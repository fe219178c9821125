#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "migrate/log.hpp"
#include "migrate/pg/errors.hpp"
#include "migrate/pg/password.hpp"
#include "migrate/pg/session.hpp"
#include "migrate/pg/wait.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
using Keywords = std::vector<std::pair<std::string, std::string>>;

// One round trip, and a setting that this server does not know yet (or any more) is simply not there to be set.
constexpr auto exact_settings = R"(
SELECT pg_catalog.set_config(s.name, v.value, false)
  FROM (VALUES ('search_path', ''), ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'),
               ('extra_float_digits', '3'), ('bytea_output', 'hex'), ('standard_conforming_strings', 'on'),
               ('statement_timeout', '0'), ('lock_timeout', '0'), ('idle_in_transaction_session_timeout', '0'),
               ('idle_session_timeout', '0'), ('transaction_timeout', '0'), ('row_security', 'off'),
               ('lc_monetary', 'C'), ('TimeZone', 'UTC'), ('default_transaction_read_only', 'off'),
               ('default_transaction_isolation', 'read committed'), ('default_transaction_deferrable', 'off'),
               ('array_nulls', 'on'), ('transform_null_equals', 'off'), ('backslash_quote', 'safe_encoding'),
               ('quote_all_identifiers', 'off'), ('xmloption', 'content'), ('check_function_bodies', 'off'),
               ('default_tablespace', ''), ('synchronize_seqscans', 'off'), ('jit', 'off')) AS v(name, value)
  JOIN pg_catalog.pg_settings s ON s.name = v.name)";

void add(Keywords& keywords, const char* name, std::string value) {
  if (!value.empty()) keywords.emplace_back(name, std::move(value));
}

void add_extra(Keywords& keywords, const std::string& extra) {
  PQconninfoOption* options = PQconninfoParse(extra.c_str(), nullptr);
  for (auto* option = options; option != nullptr && option->keyword != nullptr; ++option)
    if (option->val != nullptr) keywords.emplace_back(option->keyword, option->val);
  PQconninfoFree(options);
}

// A timeout of the database or the role must not end what turns it off.
std::string with_no_timeout(const Keywords& keywords) {
  std::string options = "-c statement_timeout=0";
  for (const auto& [name, value] : keywords)
    if (name == "options") options = value + " " + options;
  return options;
}

Result<Keywords> keywords_of(const ServerAddress& server, const std::string& database) {
  auto password = password_of(server);
  if (!password) return tl::unexpected(std::move(password.error()));
  // A later keyword wins: what we rely on comes after `extra`. Keepalives notice a peer that vanished silently.
  Keywords keywords{{"keepalives_idle", "30"}, {"keepalives_interval", "10"}, {"keepalives_count", "3"}};
  add_extra(keywords, server.extra);
  add(keywords, "host", server.host);
  if (server.address) add(keywords, "hostaddr", server.address->to_string());
  add(keywords, "port", std::to_string(server.port));
  add(keywords, "user", server.user);
  add(keywords, "password", std::move(*password));
  add(keywords, "sslmode", server.ssl_mode);
  add(keywords, "dbname", database);
  add(keywords, "client_encoding", "UTF8");
  add(keywords, "application_name", "pgpassage");
  add(keywords, "options", with_no_timeout(keywords));
  return keywords;
}

PgConnection start(const Keywords& keywords) {
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : keywords) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  return PgConnection{PQconnectStartParams(names.data(), values.data(), 0)};
}

// libpq reads none that the group or others may read, and says so on standard error at most.
std::string ignored_password_file(PGconn* connection) {
  std::string ignored;
  PQconninfoOption* options = PQconninfo(connection);
  for (auto* option = options; option != nullptr && option->keyword != nullptr; ++option) {
    struct stat file {};
    if (std::string_view{option->keyword} == "passfile" && option->val != nullptr && stat(option->val, &file) == 0 &&
        S_ISREG(file.st_mode) && (file.st_mode & (S_IRWXG | S_IRWXO)) != 0)
      ignored = option->val;
  }
  PQconninfoFree(options);
  return ignored;
}

Error why_not(PGconn* connection, const ServerAddress& server) {
  const std::string where = fmt::format("{}:{} as {}", server.host, server.port, PQuser(connection));
  const auto places = server.in_topology ? PasswordPlaces::of_topology : PasswordPlaces::of_libpq;
  if (PQconnectionNeedsPassword(connection) == 1) return no_password(where, places, ignored_password_file(connection));
  return login_error(PQerrorMessage(connection), where, places);
}

asio::awaitable<Result<void>> wait_as(PGconn* connection, PostgresPollingStatusType need, Deadline deadline) {
  // libpq may change sockets between steps (next host, SSL refused): ask for it every time.
  asio::posix::stream_descriptor descriptor{co_await asio::this_coro::executor, PQsocket(connection)};
  const auto ready = co_await wait_until_ready(
      descriptor, need == PGRES_POLLING_READING ? Readiness::wait_read : Readiness::wait_write, deadline);
  descriptor.release();
  co_return ready;
}

}  // namespace

asio::awaitable<Result<Session>> Session::connect(ServerAddress server, std::string database, Deadline deadline) {
  const auto keywords = keywords_of(server, database);
  if (!keywords) co_return tl::unexpected(keywords.error());
  Session session;
  session.connection_ = start(*keywords);
  PGconn* connection = session.handle();
  if (connection == nullptr) co_return fail(Errc::internal, "no memory for a session");
  PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);  // until login: the only way to see the SQLSTATE of a refusal
  for (auto need = PGRES_POLLING_WRITING; need != PGRES_POLLING_OK; need = PQconnectPoll(connection)) {
    if (need == PGRES_POLLING_FAILED || PQstatus(connection) == CONNECTION_BAD)
      co_return tl::unexpected(why_not(connection, server));
    if (const auto ready = co_await wait_as(connection, need, deadline); !ready) {
      if (ready.error().code == Errc::timed_out)
        co_return fail_with_cure(Errc::timed_out, "check host, port and firewall", "no answer from {}:{} in time",
                                 server.host, server.port);
      co_return tl::unexpected(ready.error());
    }
  }
  PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
  PQsetnonblocking(connection, 1);
  PQsetNoticeProcessor(
      connection, [](void*, const char*) {}, nullptr);
  session.descriptor_.reset(
      new asio::posix::stream_descriptor{co_await asio::this_coro::executor, PQsocket(connection)});
  // A replication session takes no statement with parameters or more than one round: its settings are in `extra`.
  const bool replication = std::ranges::any_of(*keywords, [](const auto& word) { return word.first == "replication"; });
  if (!replication)
    if (const auto set = co_await session.query(exact_settings); !set) co_return tl::unexpected(set.error());
  log().debug("session opened host={} port={} database={} user={} server_version={}", server.host, server.port,
              database, PQuser(connection), session.server_version());
  co_return session;
}

}  // namespace pgpassage::migrate
