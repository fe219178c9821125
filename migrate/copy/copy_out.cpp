#include "migrate/copy/copy_out.hpp"

#include "migrate/copy/results.hpp"
#include "migrate/pg/errors.hpp"
#include "migrate/pg/wait.hpp"

namespace pgpassage::migrate {

namespace asio = boost::asio;

asio::awaitable<Result<CopyOut>> CopyOut::begin(Session& session, std::string sql) {
  if (auto sent = co_await send_query(session, std::move(sql)); !sent) co_return tl::unexpected(sent.error());
  if (auto ready = co_await wait_for_copy(session, PGRES_COPY_OUT); !ready) co_return tl::unexpected(ready.error());
  co_return CopyOut{session};
}

std::optional<CopyRow> CopyOut::arrived() {
  char* row = nullptr;
  const int size = PQgetCopyData(session_->handle(), &row, 1);
  if (size == 0) return std::nullopt;
  if (size < 0) return CopyRow{};
  return CopyRow{row, static_cast<std::size_t>(size)};
}

asio::awaitable<Result<void>> CopyOut::wait() {
  const auto ready = co_await wait_until_ready(session_->descriptor(), Readiness::wait_read);
  if (!ready) co_return ready;
  if (PQconsumeInput(session_->handle()) == 0) co_return tl::unexpected(connection_error(session_->handle()));
  co_return Result<void>{};
}

asio::awaitable<Result<CopyRow>> CopyOut::next_row() {
  auto row = arrived();
  for (; !row; row = arrived())
    if (auto ready = co_await wait(); !ready) co_return tl::unexpected(ready.error());
  if (row->empty())
    if (auto done = co_await finish(); !done) co_return tl::unexpected(done.error());
  co_return std::move(*row);
}

asio::awaitable<Result<void>> CopyOut::finish() {
  const auto done = co_await remaining_results(*session_);
  if (!done) co_return tl::unexpected(done.error());
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
