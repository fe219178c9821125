#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/pg/session.hpp"
#include "migrate/plan/catalog.hpp"

/// Reads what one source database holds beside its schema's text. Live; the values are migrate/plan/catalog.hpp.
namespace pgpassage::migrate {

/// Reads the catalog inside the session's transaction, so that it fits its snapshot.
boost::asio::awaitable<Result<Catalog>> read_catalog(Session& source);

/// Who owns what in the session's database, as a user made it: without extensions' objects.
boost::asio::awaitable<Result<std::vector<Ownership>>> read_owners(Session& source);

/// Errc::not_found when the source has no such database, or does not allow connections to it.
boost::asio::awaitable<Result<DatabaseShape>> read_database_shape(Session& source, std::string database);

/// The databases of the source that a user made: no templates, none of a cloud provider's own.
boost::asio::awaitable<Result<std::vector<std::string>>> user_databases(Session& source);

}  // namespace pgpassage::migrate
