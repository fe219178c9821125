#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "migrate/pg/session.hpp"

/// Whether somebody else writes on the source meanwhile. Live, reads only.
namespace pgpassage::migrate {

/// The number that the source will give to its next writing transaction. Only transactions that write get one, ours do
/// not; those of other databases and of autovacuum's ANALYZE count too: an advance makes a writer likely, not certain.
/// Without one nobody wrote.
boost::asio::awaitable<Result<std::int64_t>> next_transaction(ServerAddress source, Deadline deadline);

}  // namespace pgpassage::migrate
