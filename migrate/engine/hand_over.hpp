#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/engine/replay.hpp"
#include "migrate/plan/catalog.hpp"

/// Who owns what, and who may do what: the last thing that is written to a database. Live.
namespace pgpassage::migrate {

/// Ownership, privileges and the database's settings, of everything in `entries` but event triggers, by a login that is
/// a member of the catalog's roles. What the target refuses is a remark.
boost::asio::awaitable<Result<void>> hand_over(Session& target, const std::vector<SchemaEntry>& entries,
                                               const Catalog& catalog, Remark remark);

/// The same of large objects, with their comments, as `source` has them.
boost::asio::awaitable<Result<void>> hand_over_large_objects(Session& source, Session& target, Remark remark);

/// Event triggers with their owners and comments. Whatever is done to the schema afterwards makes them fire.
boost::asio::awaitable<Result<void>> create_event_triggers(Session& target, const std::vector<SchemaEntry>& entries,
                                                           Remark remark);

}  // namespace pgpassage::migrate
