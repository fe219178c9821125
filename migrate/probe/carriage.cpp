#include "migrate/probe/carriage.hpp"

#include <algorithm>
#include <memory>

#include "migrate/pg/errors.hpp"
#include "migrate/pg/wait.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

constexpr std::size_t row_bytes = 8000;
constexpr std::size_t rows_at_once = 16;

struct PgFreeMemory {
  void operator()(char* memory) const noexcept { PQfreemem(memory); }
};

std::size_t rows_of(std::size_t bytes) { return std::max<std::size_t>(1, bytes / row_bytes); }

/// Sends a COPY and waits until the server is ready for it.
asio::awaitable<Result<void>> begin(Session& session, std::string copy, ExecStatusType wanted) {
  if (PQsendQuery(session.handle(), copy.c_str()) == 0) co_return tl::unexpected(connection_error(session.handle()));
  if (auto sent = co_await flush(session); !sent) co_return sent;
  const auto result = co_await next_result(session);
  if (!result) co_return tl::unexpected(result.error());
  if (PQresultStatus(result->get()) != wanted) co_return tl::unexpected(statement_error(result->get()));
  co_return Result<void>{};
}

/// Reads what the server says behind a COPY: its result, and the end of the statement.
asio::awaitable<Result<void>> end(Session& session) {
  for (;;) {
    const auto result = co_await next_result(session);
    if (!result) co_return tl::unexpected(result.error());
    if (*result == nullptr) co_return Result<void>{};
    if (PQresultStatus(result->get()) != PGRES_COMMAND_OK) co_return tl::unexpected(statement_error(result->get()));
  }
}

asio::awaitable<Result<void>> put_rows(Session& session, std::size_t rows) {
  std::string line(row_bytes - 1, 'x');
  line += '\n';
  std::string lines;
  for (std::size_t i = 0; i < rows_at_once; ++i) lines += line;
  for (std::size_t sent = 0; sent < rows; sent += rows_at_once) {
    const std::size_t now = std::min(rows_at_once, rows - sent);
    if (PQputCopyData(session.handle(), lines.data(), static_cast<int>(now * row_bytes)) != 1)
      co_return tl::unexpected(connection_error(session.handle()));
    if (auto flushed = co_await flush(session); !flushed) co_return flushed;
  }
  if (PQputCopyEnd(session.handle(), nullptr) != 1) co_return tl::unexpected(connection_error(session.handle()));
  co_return co_await flush(session);
}

asio::awaitable<Result<void>> get_rows(Session& session) {
  for (;;) {
    char* row = nullptr;
    const int size = PQgetCopyData(session.handle(), &row, 1);
    const std::unique_ptr<char, PgFreeMemory> owned{row};
    if (size < 0) co_return co_await end(session);
    if (size > 0) continue;
    if (auto ready = co_await wait_until_ready(session.descriptor(), Readiness::wait_read); !ready) co_return ready;
    if (PQconsumeInput(session.handle()) == 0) co_return tl::unexpected(connection_error(session.handle()));
  }
}

asio::awaitable<Result<void>> copy_in(Session& session, std::size_t bytes) {
  auto begun = co_await begin(session, "COPY pg_temp.pgpassage_probe FROM STDIN", PGRES_COPY_IN);
  if (!begun) co_return begun;
  if (auto put = co_await put_rows(session, rows_of(bytes)); !put) co_return put;
  co_return co_await end(session);
}

}  // namespace

asio::awaitable<Result<void>> receive_bytes(Session& session, std::size_t bytes) {
  std::string copy =
      fmt::format("COPY (SELECT pg_catalog.repeat('x', {}) FROM pg_catalog.generate_series(1, {})) TO STDOUT",
                  row_bytes - 1, rows_of(bytes));
  if (auto begun = co_await begin(session, std::move(copy), PGRES_COPY_OUT); !begun) co_return begun;
  co_return co_await get_rows(session);
}

asio::awaitable<Result<void>> send_bytes(Session& session, std::size_t bytes) {
  const auto made =
      co_await session.execute("BEGIN; CREATE TEMPORARY TABLE pgpassage_probe (line text) ON COMMIT DROP");
  Result<void> sent;
  if (!made)
    sent = tl::unexpected(made.error());
  else
    sent = co_await copy_in(session, bytes);
  if (!sent && (connection_lost(sent.error()) || sent.error().code == Errc::canceled)) co_return sent;
  const auto back = co_await session.execute("ROLLBACK");
  if (sent && !back) co_return tl::unexpected(back.error());
  co_return sent;
}

}  // namespace pgpassage::migrate
