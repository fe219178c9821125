#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "migrate/engine/engine.hpp"
#include "migrate/plan/outline.hpp"

namespace pgpassage::migrate {

/// What `run_migration` would do with this request.
struct DryRun {
  int source_version = 0;  ///< PQserverVersion
  int target_version = 0;
  LaneLimits lanes;
  std::chrono::microseconds round_trip{0};
  std::vector<DatabaseOutline> databases;
};

/// Reads both servers as a migration would before it writes anything, and writes nothing: each database under a
/// snapshot of its own, one after the other. Fails as the migration would. Live.
boost::asio::awaitable<Result<DryRun>> dry_run(Request request);

}  // namespace pgpassage::migrate
