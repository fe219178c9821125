#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "migrate/pg/session.hpp"
#include "netcheck/base/deadline.hpp"
#include "netcheck/base/error.hpp"

/// Waiting on libpq without blocking: what Session and migrate/copy are built from. Live.
namespace pgpassage::migrate {

using Readiness = boost::asio::posix::stream_descriptor::wait_type;

/// Waits until the socket can be read or written. Errc::canceled when the coroutine is canceled, before or while
/// waiting.
boost::asio::awaitable<Result<void>> wait_until_ready(boost::asio::posix::stream_descriptor& descriptor,
                                                      Readiness what);

/// The same, and Errc::timed_out when the deadline passes first.
boost::asio::awaitable<Result<void>> wait_until_ready(boost::asio::posix::stream_descriptor& descriptor, Readiness what,
                                                      Deadline deadline);

/// Sends what libpq has buffered. Reads meanwhile, since a server that cannot write stops reading.
boost::asio::awaitable<Result<void>> flush(Session& session);

/// The next result of the statements sent; null after the last one.
boost::asio::awaitable<Result<PgResult>> next_result(Session& session);

/// Forgets that the running coroutine was canceled and shields it from further cancellation: for cleaning up.
boost::asio::awaitable<void> shield_from_cancellation();

}  // namespace pgpassage::migrate
