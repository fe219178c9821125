#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/pg/session.hpp"

/// What an earlier run built upon rows that are copied again. Live.
namespace pgpassage::migrate {

/// Drops from these tables of the target, and from those of which they are partitions or children: foreign keys on
/// either end, triggers, and indexes with their constraints; and every event trigger of the database. The plan makes
/// them again. False when something else depends on one of them: then nothing says that dropping that is right.
boost::asio::awaitable<Result<bool>> strip_tables(Session& target, std::vector<std::string> tables);

/// Removes every large object, a thousand at a time.
boost::asio::awaitable<Result<void>> remove_large_objects(Session& target);

}  // namespace pgpassage::migrate
