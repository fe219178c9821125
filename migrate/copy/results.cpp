#include "migrate/copy/results.hpp"

#include "migrate/pg/errors.hpp"
#include "migrate/pg/wait.hpp"

namespace pgpassage::migrate {

namespace asio = boost::asio;

asio::awaitable<Result<void>> send_query(Session& session, std::string sql) {
  if (!session.open()) co_return fail(Errc::connection_lost, "the session is closed");
  if (PQsendQuery(session.handle(), sql.c_str()) == 0) co_return tl::unexpected(connection_error(session.handle()));
  co_return co_await flush(session);
}

asio::awaitable<Result<PgResult>> good_result(Session& session) {
  auto result = co_await next_result(session);
  if (!result || *result == nullptr) co_return result;
  const auto status = PQresultStatus(result->get());
  if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE)
    co_return tl::unexpected(statement_error(result->get()));
  co_return result;
}

asio::awaitable<Result<void>> wait_for_copy(Session& session, ExecStatusType direction) {
  for (;;) {
    const auto result = co_await good_result(session);
    if (!result) co_return tl::unexpected(result.error());
    if (*result == nullptr) co_return fail(Errc::internal, "the server began no COPY");
    if (PQresultStatus(result->get()) == direction) co_return Result<void>{};
  }
}

asio::awaitable<Result<std::int64_t>> remaining_results(Session& session) {
  std::int64_t rows = -1;
  for (;;) {
    auto result = co_await good_result(session);
    if (!result) co_return tl::unexpected(result.error());
    if (*result == nullptr) break;
    if (rows < 0) rows = Rows{std::move(*result)}.affected();
  }
  co_return rows;
}

}  // namespace pgpassage::migrate
