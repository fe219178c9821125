#include "migrate/pg/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <thread>

#include "tests/live/cluster.hpp"
#include "tests/live/run.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
using live::Cluster;
using testing::HasSubstr;

Deadline soon() { return deadline_in(std::chrono::seconds{20}); }

Result<std::string> value(ServerAddress server, std::string sql, std::vector<Parameter> parameters = {}) {
  return live::run([](auto to, auto statement, auto with) -> asio::awaitable<Result<std::string>> {
    auto session = co_await Session::connect(to, "postgres", soon());
    if (!session) co_return tl::unexpected(session.error());
    auto rows = co_await session->query(statement, with);
    if (!rows) co_return tl::unexpected(rows.error());
    co_return std::string{rows->text(0, 0)};
  }(std::move(server), std::move(sql), std::move(parameters)));
}

TEST(LiveSession, ReadsTypedValuesAndNull) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster cluster;
  const auto checked = live::run([](ServerAddress server) -> asio::awaitable<Result<bool>> {
    auto session = co_await Session::connect(server, "postgres", soon());
    const std::vector<Parameter> parameters{"a'\""};
    auto rows = co_await session->query("SELECT 1::bigint << 40, true, NULL, $1 || 'é'", parameters);
    if (!rows) co_return tl::unexpected(rows.error());
    co_return rows->integer(0, 0) == 1LL << 40 && rows->boolean(0, 1) && rows->is_null(0, 2) &&
        rows->text(0, 3) == "a'\"é" && session->server_version() >= 90500;
  }(cluster.address()));
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_TRUE(*checked);
}

TEST(LiveSession, IsSetUpToCopyExactly) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster cluster{{"statement_timeout = 1000", "TimeZone = 'Asia/Tokyo'", "row_security = on"}};
  EXPECT_EQ(value(cluster.address(),
                  "SELECT concat_ws(',', current_setting('search_path'), current_setting('TimeZone'), "
                  "current_setting('extra_float_digits'), current_setting('statement_timeout'), "
                  "current_setting('row_security'), current_setting('client_encoding'))"),
            ",UTC,3,0,off,UTF8");
}

TEST(LiveSession, RefusedStatementCarriesItsSqlstate) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster cluster;
  const auto refused = value(cluster.address(), "SELECT nothing_here FROM pg_catalog.pg_class");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().sqlstate, "42703");
  EXPECT_EQ(refused.error().code, Errc::sql);
}

TEST(LiveSession, RowValuesStayOutOfErrors) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster cluster;
  cluster.run("CREATE TABLE t (secret text PRIMARY KEY); INSERT INTO t VALUES ('hunter2')");
  const auto refused = value(cluster.address(), "INSERT INTO public.t VALUES ('hunter2')");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().sqlstate, "23505");
  EXPECT_THAT(refused.error().message, Not(HasSubstr("hunter2")));
}

TEST(LiveSession, WrongPasswordIsARefusedLogin) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster cluster;
  cluster.run("CREATE ROLE mover LOGIN PASSWORD 'right'");
  setenv("PGPASSAGE_TEST_PASSWORD", "wrong", 1);
  auto server = cluster.address("mover");
  server.password_env = "PGPASSAGE_TEST_PASSWORD";
  const auto refused = value(server, "SELECT 1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::refused_login);
  EXPECT_EQ(refused.error().sqlstate, "28P01");
  EXPECT_THAT(refused.error().message, Not(HasSubstr("wrong")));
  setenv("PGPASSAGE_TEST_PASSWORD", "right", 1);
  EXPECT_EQ(value(server, "SELECT current_user"), "mover");
}

TEST(LiveSession, ServerThatIsDownIsAFailedConnect) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster cluster;
  cluster.stop(SIGQUIT);
  const auto refused = value(cluster.address(), "SELECT 1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::connect_failed);
  EXPECT_THAT(refused.error().message, HasSubstr("127.0.0.1:" + std::to_string(cluster.port())));
}

TEST(LiveSession, MissingDatabaseIsNotFound) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster cluster;
  const auto missing = live::run([](ServerAddress server) -> asio::awaitable<Result<bool>> {
    auto session = co_await Session::connect(server, "no such", soon());
    if (!session) co_return tl::unexpected(session.error());
    co_return true;
  }(cluster.address()));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::not_found);
}

TEST(LiveSession, CancellationStopsTheStatementOnTheServer) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster cluster;
  asio::io_context context;
  asio::cancellation_signal stop;
  std::optional<Result<Rows>> answer;
  const auto long_statement = [](ServerAddress server) -> asio::awaitable<Result<Rows>> {
    auto session = co_await Session::connect(server, "postgres", soon());
    if (!session) co_return tl::unexpected(session.error());
    co_return co_await session->query("SELECT pg_sleep(60)");
  };
  const std::string running =
      "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'";
  asio::co_spawn(context, long_statement(cluster.address()),
                 asio::bind_cancellation_slot(
                     stop.slot(), [&](std::exception_ptr, Result<Rows> rows) { answer = std::move(rows); }));
  const std::jthread canceler{[&](const std::stop_token& over) {
    while (!over.stop_requested() && cluster.ask(running) != "1") std::this_thread::yield();
    asio::post(context, [&] { stop.emit(asio::cancellation_type::terminal); });
  }};
  context.run_for(std::chrono::seconds{60});
  ASSERT_TRUE(answer);
  ASSERT_FALSE(*answer);
  EXPECT_EQ(answer->error().code, Errc::canceled);
  EXPECT_EQ(cluster.ask(running), "0");
}

}  // namespace
}  // namespace pgpassage::migrate
