#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string_view>

#include "migrate/pg/session.hpp"

/// What a COPY TO STDOUT sends. Live.
namespace pgpassage::migrate {

/// A row of COPY as it came, in memory of libpq's; empty after the last one.
class CopyRow {
 public:
  CopyRow() = default;
  CopyRow(char* bytes, std::size_t size) : memory_{bytes}, size_{size} {}
  std::string_view bytes() const { return {memory_.get(), size_}; }
  bool empty() const { return size_ == 0; }

 private:
  struct PgFreeMemory {
    void operator()(char* memory) const noexcept { PQfreemem(memory); }
  };
  std::unique_ptr<char, PgFreeMemory> memory_;
  std::size_t size_ = 0;
};

/// The rows of a COPY TO STDOUT. `session` must outlive it.
class CopyOut {
 public:
  explicit CopyOut(Session& session) : session_{&session} {}
  /// Runs statements of which the last is the COPY, up to its first row.
  static boost::asio::awaitable<Result<CopyOut>> begin(Session& session, std::string sql);

  /// The next row if it has arrived; absent: wait for more.
  std::optional<CopyRow> arrived();
  boost::asio::awaitable<Result<void>> wait();
  /// The next row. After the last the session is idle again.
  boost::asio::awaitable<Result<CopyRow>> next_row();
  /// After the last row: the statement's own result, which may be an error.
  boost::asio::awaitable<Result<void>> finish();

 private:
  Session* session_;
};

}  // namespace pgpassage::migrate
