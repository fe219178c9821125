#pragma once

#include "app/options.hpp"
#include "netcheck/base/error.hpp"

namespace pgpassage::app::agent {

/// Serves until SIGTERM or SIGINT, then drains: no new connection and no new migration, and running ones get the drain
/// time; a second signal takes that away. SIGHUP reads certificates and token again (they also are when they change).
///
/// Errc::input, before anything is served: without TLS beyond loopback, without authentication beyond loopback, for
/// files that cannot be used, or for an address that is not this machine's.
Result<void> serve(const AgentOptions& options);

}  // namespace pgpassage::app::agent
