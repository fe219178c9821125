#include "migrate/engine/sessions.hpp"

#include <algorithm>

namespace pgpassage::migrate {

namespace asio = boost::asio;

namespace {

// Of this session alone: they end with it. What is lost when the target crashes is copied again, and a flush comes
// before anything is called done. An index sorts in half of shared_buffers, which follows the server's memory, shared
// by those that are built at once; never in less than the server gives by itself.
std::string load_settings(unsigned index_jobs) {
  return fmt::format(
      "; SET synchronous_commit = off; SELECT pg_catalog.set_config('maintenance_work_mem',"
      " greatest(m.setting::bigint, least(s.setting::bigint * 8 / {}, 1048576))::text, false)"
      " FROM pg_catalog.pg_settings m, pg_catalog.pg_settings s"
      " WHERE m.name = 'maintenance_work_mem' AND s.name = 'shared_buffers'",
      2 * (index_jobs > 0 ? index_jobs : 4));
}

}  // namespace

Error about(const std::string& what, Error error) {
  error.message = fmt::format("{}: {}", what, error.message);
  return error;
}

namespace {

// "invalid snapshot identifier": the session that held it is gone, of which nobody else may have heard yet.
Error without_snapshot(Error error) {
  if (error.code == Errc::sql) error.code = Errc::connection_lost;
  return error;
}

}  // namespace

CopySessions::CopySessions(const Request& request, std::string database, std::string encoding)
    : request_{request},
      database_{std::move(database)},
      encoding_{std::move(encoding)},
      sources_{[this] { return open_source(); }},
      targets_{[this] { return open_target(); }} {}

// In the database's own encoding no byte is converted on its way, and none is refused (SQL_ASCII).
asio::awaitable<Result<Session>> CopySessions::open(const ServerAddress& server) {
  const Deadline deadline = std::chrono::steady_clock::now() + request_.connect_time;
  auto session = co_await Session::connect(server, database_, deadline);
  if (!session || encoding_ == "UTF8") co_return session;
  const auto set = co_await session->execute("SET client_encoding = " + quote_literal(encoding_));
  if (!set) co_return tl::unexpected(set.error());
  co_return session;
}

asio::awaitable<Result<Session>> CopySessions::open_source() {
  auto session = co_await open(request_.source);
  if (!session) co_return tl::unexpected(about("source", session.error()));
  const auto begun = co_await session->execute(fmt::format(
      "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT {}", quote_literal(snapshot_)));
  if (!begun) co_return tl::unexpected(about("source", without_snapshot(begun.error())));
  co_return session;
}

asio::awaitable<Result<Session>> CopySessions::open_target() {
  auto session = co_await open(request_.target);
  if (!session) co_return tl::unexpected(about("target", session.error()));
  std::string settings =
      "SET check_function_bodies = off; SET xmloption = content; SET default_tablespace = '';"
      " SET client_min_messages = warning";
  if (request_.load_settings) settings += load_settings(request_.index_jobs);
  const auto set = co_await session->execute(std::move(settings));
  if (!set) co_return tl::unexpected(about("target", set.error()));
  co_return session;
}

asio::awaitable<Result<void>> CopySessions::take_snapshot() {
  auto session = co_await open(request_.source);
  if (!session) co_return tl::unexpected(about("source", session.error()));
  holder_ = std::move(*session);
  const auto begun = co_await holder_.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (!begun) co_return tl::unexpected(about("source", begun.error()));
  const auto snapshot = co_await holder_.query("SELECT pg_catalog.pg_export_snapshot()");
  if (!snapshot) co_return tl::unexpected(about("source", snapshot.error()));
  snapshot_ = snapshot->text(0, 0);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> CopySessions::lock(std::vector<std::string> tables) {
  constexpr std::size_t at_once = 200;
  for (std::size_t first = 0; first < tables.size(); first += at_once) {
    std::string names;
    for (std::size_t i = first; i < std::min(first + at_once, tables.size()); ++i)
      names += fmt::format("{}ONLY {}", names.empty() ? "" : ", ", tables[i]);
    const auto locked = co_await holder_.execute("LOCK TABLE " + names + " IN ACCESS SHARE MODE");
    if (!locked) co_return tl::unexpected(about("source", locked.error()));
  }
  co_return Result<void>{};
}

asio::awaitable<Result<void>> flush_to_disk(Session& target) {
  // The commit of a transaction that wrote something to the WAL waits for everything before it; an id alone is not
  // enough.
  const auto flushed = co_await target.execute(
      "BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_catalog.pg_logical_emit_message(true, 'pgpassage', '');"
      " COMMIT");
  if (!flushed) co_return tl::unexpected(about("target", flushed.error()));
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
