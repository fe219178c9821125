#pragma once

#include <string>
#include <string_view>

#include "migrate/pg/session.hpp"
#include "migrate/state/record.hpp"
#include "netcheck/topology/topology.hpp"

/// Where the two ends of a migration are, from a URI, a topology or the ledger.
namespace pgpassage::app {

struct UriServer {
  migrate::ServerAddress server;
  std::string database;  ///< empty: the URI names none
};

/// A libpq URI or "key=value ..." text. Errc::input for bad syntax, several hosts, a keyword that may not be passed on,
/// or a password in it, which would show in the process list; the message never repeats the text.
Result<UriServer> server_of_uri(std::string_view uri, std::string_view option);

/// customHost, else fqdn, else ipAddress.
migrate::ServerAddress server_of(const Server& server);
migrate::ServerAddress server_of(const migrate::Endpoint& endpoint);
migrate::Endpoint endpoint_of(const migrate::ServerAddress& server);

}  // namespace pgpassage::app
