#include "migrate/copy/stream.hpp"

#include <string>

#include "migrate/copy/copy_out.hpp"
#include "migrate/copy/results.hpp"
#include "migrate/pg/errors.hpp"
#include "migrate/pg/wait.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

// Large enough that messages and system calls cost little per row, small enough to stay in the processor's cache.
constexpr std::size_t chunk_bytes = 128 * 1024;

// An error of a copy says which of its two ends it is from.
tl::unexpected<Error> of(const char* end, Error error) {
  error.message = fmt::format("{}: {}", end, error.message);
  return tl::unexpected(std::move(error));
}

// Sends what libpq has no room for in pieces of a chunk, so that a row of 1 GB is not copied once more.
class CopyIn {
 public:
  explicit CopyIn(Session& session) : session_{session} { chunk_.reserve(chunk_bytes * 2); }

  bool full() const { return chunk_.size() >= chunk_bytes; }
  std::size_t waiting() const { return chunk_.size(); }
  bool too_long(std::string_view row) const { return row.size() > chunk_bytes; }
  void add(std::string_view row) { chunk_ += row; }

  asio::awaitable<Result<void>> send() {
    auto sent = co_await put(chunk_);
    chunk_.clear();
    co_return sent;
  }

  asio::awaitable<Result<void>> send_long(std::string_view row) {
    for (std::size_t at = 0; at < row.size(); at += chunk_bytes)
      if (auto sent = co_await put(row.substr(at, chunk_bytes)); !sent) co_return sent;
    co_return Result<void>{};
  }

  asio::awaitable<Result<std::int64_t>> finish() {
    if (PQputCopyEnd(session_.handle(), nullptr) < 0) co_return tl::unexpected(connection_error(session_.handle()));
    if (auto sent = co_await flush(session_); !sent) co_return tl::unexpected(sent.error());
    co_return co_await remaining_results(session_);
  }

 private:
  asio::awaitable<Result<void>> put(std::string_view bytes) {
    // An error of the target (disk full) is read here, not only after the last row.
    if (PQconsumeInput(session_.handle()) == 0) co_return tl::unexpected(connection_error(session_.handle()));
    const int queued = PQputCopyData(session_.handle(), bytes.data(), static_cast<int>(bytes.size()));
    if (queued == 1) co_return co_await flush(session_);
    if (queued == 0) co_return fail(Errc::internal, "libpq has no room for a chunk");
    const auto result = co_await good_result(session_);
    co_return result ? Result<void>{fail(Errc::connection_lost, "the target ended the copy")}
                     : tl::unexpected(result.error());
  }

  Session& session_;
  std::string chunk_;
};

// One copy under way.
class Forwarding {
 public:
  Forwarding(Session& source, Session& target, const std::function<void(const Copied&)>& progress)
      : out_{source}, in_{target}, progress_{progress} {}

  // Returns at the end of the source's stream.
  asio::awaitable<Result<void>> run() {
    for (;;) {
      auto row = out_.arrived();
      if (!row) {
        if (auto ready = co_await out_.wait(); !ready) co_return of("source", ready.error());
        continue;
      }
      const bool last = row->empty();
      if (in_.waiting() > 0 && (last || in_.full() || in_.too_long(row->bytes())))
        if (auto sent = co_await send_chunk(); !sent) co_return of("target", sent.error());
      if (last) co_return Result<void>{};
      if (!in_.too_long(row->bytes())) {
        in_.add(row->bytes());
      } else if (auto sent = co_await send_long(row->bytes()); !sent) {
        co_return of("target", sent.error());
      }
    }
  }

  asio::awaitable<Result<Copied>> finish() {
    if (auto done = co_await out_.finish(); !done) co_return of("source", done.error());
    auto rows = co_await in_.finish();
    if (!rows) co_return of("target", rows.error());
    copied_.rows = *rows;
    co_return copied_;
  }

 private:
  asio::awaitable<Result<void>> send_chunk() {
    copied_.bytes += static_cast<std::int64_t>(in_.waiting());
    progress_(copied_);
    co_return co_await in_.send();
  }

  asio::awaitable<Result<void>> send_long(std::string_view row) {
    copied_.bytes += static_cast<std::int64_t>(row.size());
    progress_(copied_);
    co_return co_await in_.send_long(row);
  }

  CopyOut out_;
  CopyIn in_;
  const std::function<void(const Copied&)>& progress_;
  Copied copied_;
};

// Both servers begin at the same time: where they are far away, a table of few rows is nothing but round trips.
asio::awaitable<Result<void>> begin(Session& source, Session& target, const CopyStatements& statements) {
  if (auto sent = co_await send_query(target, statements.in + "; COMMIT"); !sent) co_return of("target", sent.error());
  if (auto sent = co_await send_query(source, statements.lock + "; " + statements.out); !sent)
    co_return of("source", sent.error());
  if (auto ready = co_await wait_for_copy(source, PGRES_COPY_OUT); !ready) co_return of("source", ready.error());
  if (auto ready = co_await wait_for_copy(target, PGRES_COPY_IN); !ready) co_return of("target", ready.error());
  co_return Result<void>{};
}

asio::awaitable<Result<Copied>> copy_all(Session& source, Session& target, const CopyStatements& statements,
                                         const std::function<void(const Copied&)>& progress) {
  if (auto ready = co_await begin(source, target, statements); !ready) co_return tl::unexpected(ready.error());
  Forwarding forwarding{source, target, progress};
  if (const auto done = co_await forwarding.run(); !done) co_return tl::unexpected(done.error());
  co_return co_await forwarding.finish();
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
