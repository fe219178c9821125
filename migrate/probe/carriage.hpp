#pragma once

#include <cstddef>

#include "migrate/pg/session.hpp"

/// Bytes carried between here and a server by COPY, for nothing but the time that it takes. Live.
namespace pgpassage::migrate {

/// Has the server generate about `bytes` of rows, and reads them.
boost::asio::awaitable<Result<void>> receive_bytes(Session& session, std::size_t bytes);

/// Sends about `bytes` of rows into a temporary table of a transaction that is rolled back: nothing stays behind, and
/// nothing of it is logged. Errc::permission where the role may make no temporary tables; the session can still be
/// used.
boost::asio::awaitable<Result<void>> send_bytes(Session& session, std::size_t bytes);

}  // namespace pgpassage::migrate
