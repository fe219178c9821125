#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "migrate/pg/session.hpp"
#include "migrate/plan/catalog.hpp"

namespace pgpassage::migrate {

/// Sets every sequence of the target to the source's last_value and is_called, as they are now: sequences have no
/// snapshot. Live.
boost::asio::awaitable<Result<void>> copy_sequences(Session& source, Session& target,
                                                    const std::vector<CopySequence>& sequences);

}  // namespace pgpassage::migrate
