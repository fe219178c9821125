#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/pg/session.hpp"

/// Which databases two servers have. Live.
namespace pgpassage::migrate {

struct DatabaseLists {
  std::vector<std::string> wanted_by_default;  ///< what `migrate` moves when none is named: the source's users' own
  std::vector<std::string> source, target;     ///< every one, also those that allow no connections
};

/// Asked in `postgres`, else in `template1`, else in `fallback` (empty: none).
/// Errors: a server that cannot be asked; the message begins with "source: " or "target: ".
boost::asio::awaitable<Result<DatabaseLists>> list_databases(ServerAddress source, ServerAddress target,
                                                             std::string fallback, Deadline deadline);

}  // namespace pgpassage::migrate
