#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "migrate/cdc/sql/target.hpp"
#include "migrate/pg/session.hpp"

/// What the catalogs of both sides say about applying changes. Live.
namespace pgpassage::migrate {

/// Per table (schema, name) the columns that identify a row in the old values of its changes: those of the replica
/// identity index or the primary key; with REPLICA IDENTITY FULL those of the primary key. Without an entry: nothing.
using IdentityColumns = std::map<std::pair<std::string, std::string>, std::vector<std::string>>;
boost::asio::awaitable<Result<IdentityColumns>> read_identities(Session& source);

/// The target's tables, each with its key from the source.
boost::asio::awaitable<Result<cdc::TargetTables>> read_target_tables(Session& target, IdentityColumns identities);

}  // namespace pgpassage::migrate
