#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "migrate/pg/session.hpp"

/// What a server answers around a COPY. Live.
namespace pgpassage::migrate {

/// Sends statements without waiting for an answer.
boost::asio::awaitable<Result<void>> send_query(Session& session, std::string sql);

/// The next result, which must not be an error; null after the last.
boost::asio::awaitable<Result<PgResult>> good_result(Session& session);

/// Reads results until the COPY begins; `direction` is PGRES_COPY_IN or PGRES_COPY_OUT.
boost::asio::awaitable<Result<void>> wait_for_copy(Session& session, ExecStatusType direction);

/// Reads every result that is left; the rows that the first of them counts, -1 when there is none.
boost::asio::awaitable<Result<std::int64_t>> remaining_results(Session& session);

}  // namespace pgpassage::migrate
