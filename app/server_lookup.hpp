#pragma once

#include <boost/asio/awaitable.hpp>

#include "migrate/engine/engine.hpp"
#include "netcheck/base/error.hpp"

/// The names of a migration's servers, asked from this machine's DNS servers before libpq would ask. Live.
namespace pgpassage::app {

/// With the addresses that this machine's DNS servers have for the servers' names, because libpq would look each up by
/// itself, blockingly and for every session. A name with several addresses is left to libpq, which tries one after the
/// other. Errc::connect_failed for a name without any; 10 s a name at most.
boost::asio::awaitable<Result<migrate::Request>> with_addresses(migrate::Request request);

/// The same for a caller without an io_context.
Result<void> look_up(migrate::Request& request);

}  // namespace pgpassage::app
