#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/engine/content.hpp"
#include "migrate/engine/database.hpp"
#include "migrate/engine/sessions.hpp"
#include "migrate/engine/telling.hpp"
#include "migrate/plan/catalog.hpp"
#include "migrate/plan/script.hpp"
#include "migrate/plan/steps.hpp"

/// Inside of copy_database: what its phases hand to each other. Live.
namespace pgpassage::migrate {

struct DatabaseWork {
  explicit DatabaseWork(DatabaseRun run);

  const Request& request() const { return run.common.request; }

  DatabaseRun run;
  DatabaseShape shape;
  CopySessions sessions;
  DatabaseTelling telling;
  Catalog catalog;                   ///< of the source, under the snapshot
  std::vector<SchemaEntry> entries;  ///< likewise
  TableRanges ranges;                ///< of each of the catalog's tables
};

/// Makes the database, empty, and performs everything of its schema that comes before rows.
boost::asio::awaitable<Result<void>> restore_schema(DatabaseWork& work);

/// Performs one step of the plan, on whatever strand it is called.
boost::asio::awaitable<Result<void>> perform_step(DatabaseWork& work, PlanStep step);

/// Sequences, ownership, privileges and settings; then waits until all is on the target's disk.
boost::asio::awaitable<Result<void>> complete_database(DatabaseWork& work);

}  // namespace pgpassage::migrate
