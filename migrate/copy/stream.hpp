#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>

#include "migrate/pg/session.hpp"
#include "migrate/plan/statements.hpp"

/// Rows from one server to the other. Live.
namespace pgpassage::migrate {

struct Copied {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;  ///< of COPY's own format
};

/// Copies with one statement on each side, and commits on the target: two round trips to each, however many rows. Rows
/// are forwarded unparsed in chunks; the target sets the pace. Memory: a few chunks, and the longest row twice.
/// `progress` hears of every chunk, on this coroutine's executor. After an error both sessions are closed, and the
/// target has nothing of it unless it was lost while it committed.
boost::asio::awaitable<Result<Copied>> copy_rows(Session& source, Session& target, CopyStatements statements,
                                                 std::function<void(const Copied&)> progress);

}  // namespace pgpassage::migrate
