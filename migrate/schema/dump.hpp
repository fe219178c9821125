#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/pg/session.hpp"
#include "migrate/plan/script.hpp"
#include "migrate/schema/program.hpp"

/// A database's schema as pg_dump sees it. Live.
namespace pgpassage::migrate {

/// Everything but rows and large objects, in the order in which pg_restore would create it: database properties,
/// pre-data, post-data, privileges. Reads the exported `snapshot`, whose session must stay open meanwhile.
/// Written in `encoding`, which is the database's. Settings of the database or the login change nothing of it.
/// Files lie in a directory of mode 0700 that is removed before this returns.
boost::asio::awaitable<Result<std::vector<SchemaEntry>>> dump_schema(ClientPrograms programs, ServerAddress source,
                                                                     std::string database, std::string snapshot,
                                                                     std::string encoding);

/// libpq's connection string for a program's command line, with settings that pg_dump heeds and does not make itself.
/// Never holds a password.
std::string connection_string(const ServerAddress& server, const std::string& database);

}  // namespace pgpassage::migrate
