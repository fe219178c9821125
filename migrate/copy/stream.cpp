#include "migrate/copy/stream.hpp"

#include <optional>
#include <string>

#include "migrate/pg/errors.hpp"
#include "migrate/pg/wait.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

// Large enough that messages and system calls cost little per row, small enough to stay in the processor's cache.
constexpr std::size_t chunk_bytes = 128 * 1024;

struct PgFreeMemory {
  void operator()(char* memory) const noexcept { PQfreemem(memory); }
};

// An error of a copy says which of its two ends it is from.
tl::unexpected<Error> of(const char* end, Error error) {
  error.message = fmt::format("{}: {}", end, error.message);
  return tl::unexpected(std::move(error));
}

asio::awaitable<Result<PgResult>> expect(Session& session, ExecStatusType wanted) {
  auto result = co_await next_result(session);
  if (!result) co_return result;
  if (*result == nullptr) co_return fail(Errc::internal, "the server sent no result");
  if (PQresultStatus(result->get()) != wanted) co_return tl::unexpected(statement_error(result->get()));
  co_return result;
}

asio::awaitable<Result<void>> put(Session& target, const std::string& chunk) {
  // An error of the target (disk full) is read here, not only after the last row.
  if (PQconsumeInput(target.handle()) == 0) co_return tl::unexpected(connection_error(target.handle()));
  const int queued = PQputCopyData(target.handle(), chunk.data(), static_cast<int>(chunk.size()));
  if (queued == 1) co_return co_await flush(target);
  if (queued == 0) co_return fail(Errc::internal, "libpq has no room for a chunk");
  const auto result = co_await expect(target, PGRES_COMMAND_OK);
  co_return result ? Result<void>{fail(Errc::connection_lost, "the target ended the copy")}
                   : tl::unexpected(result.error());
}

// The forwarding loop. Returns at the end of the source's stream.
asio::awaitable<Result<void>> forward(Session& source, Session& target, Copied& copied,
                                      const std::function<void(const Copied&)>& progress) {
  std::string chunk;
  chunk.reserve(chunk_bytes * 2);
  for (;;) {
    char* row = nullptr;
    const int size = PQgetCopyData(source.handle(), &row, 1);
    if (size > 0) {
      const std::unique_ptr<char, PgFreeMemory> owned{row};
      chunk.append(row, static_cast<std::size_t>(size));
    } else if (size == 0) {
      const auto ready = co_await wait_until_ready(source.descriptor(), Readiness::wait_read);
      if (!ready) co_return of("source", ready.error());
      if (PQconsumeInput(source.handle()) == 0) co_return of("source", connection_error(source.handle()));
    }
    if (chunk.size() >= chunk_bytes || (size < 0 && !chunk.empty())) {
      if (auto sent = co_await put(target, chunk); !sent) co_return of("target", sent.error());
      copied.bytes += static_cast<std::int64_t>(chunk.size());
      progress(copied);
      if (chunk.capacity() > 16 * chunk_bytes) chunk = std::string{};  // one long row need not be kept for the rest
      chunk.clear();
    }
    if (size < 0) co_return Result<void>{};
  }
}

asio::awaitable<Result<void>> finish_source(Session& source) {
  const auto result = co_await expect(source, PGRES_COMMAND_OK);
  if (!result) co_return tl::unexpected(result.error());
  const auto end = co_await next_result(source);
  if (!end) co_return tl::unexpected(end.error());
  co_return Result<void>{};
}

asio::awaitable<Result<std::int64_t>> finish_target(Session& target) {
  if (PQputCopyEnd(target.handle(), nullptr) < 0) co_return tl::unexpected(connection_error(target.handle()));
  if (auto sent = co_await flush(target); !sent) co_return tl::unexpected(sent.error());
  auto result = co_await expect(target, PGRES_COMMAND_OK);
  if (!result) co_return tl::unexpected(result.error());
  const std::int64_t rows = Rows{std::move(*result)}.affected();
  if (const auto end = co_await next_result(target); !end) co_return tl::unexpected(end.error());
  if (const auto done = co_await target.execute("COMMIT"); !done) co_return tl::unexpected(done.error());
  co_return rows;
}

asio::awaitable<Result<Copied>> copy_all(Session& source, Session& target, const CopyStatements& statements,
                                         const std::function<void(const Copied&)>& progress) {
  Copied copied;
  if (auto locked = co_await source.execute(statements.lock); !locked) co_return of("source", locked.error());
  if (auto ready = co_await target.execute(statements.in); !ready) co_return of("target", ready.error());
  if (auto ready = co_await source.execute(statements.out); !ready) co_return of("source", ready.error());
  if (const auto done = co_await forward(source, target, copied, progress); !done)
    co_return tl::unexpected(done.error());
  if (auto done = co_await finish_source(source); !done) co_return of("source", done.error());
  auto rows = co_await finish_target(target);
  if (!rows) co_return of("target", rows.error());
  copied.rows = *rows;
  co_return copied;
}

}  // namespace

asio::awaitable<Result<Copied>> copy_rows(Session& source, Session& target, CopyStatements statements,
                                          std::function<void(const Copied&)> progress) {
  auto copied = co_await copy_all(source, target, statements, progress);
  if (copied) co_return copied;
  co_await source.cancel();
  co_await target.cancel();
  co_return copied;
}

}  // namespace pgpassage::migrate
