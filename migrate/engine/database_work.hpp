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
  bool resumed = false;              ///< the target has a schema already, and perhaps all that comes after
  bool large_objects_kept = false;
};

/// Whether the target has what an earlier run made of this very schema.
boost::asio::awaitable<Result<bool>> may_go_on(DatabaseWork& work);

/// Makes the login able to read and write what an earlier run gave to others, finds which of its tables are the same on
/// both sides now, and empties the others. False: the database has to be made anew after all.
boost::asio::awaitable<Result<bool>> go_on(DatabaseWork& work);

/// Becomes a member of the roles that own what is copied, as far as it may; told to the observer beforehand.
boost::asio::awaitable<Result<void>> join(DatabaseWork& work, Session& target, Remark remark);

/// Makes the database, empty, and performs everything of its schema that comes before rows.
boost::asio::awaitable<Result<void>> restore_schema(DatabaseWork& work);

/// Performs one step of the plan, on whatever strand it is called.
boost::asio::awaitable<Result<void>> perform_step(DatabaseWork& work, PlanStep step);

/// Sequences, ownership, privileges and settings; then waits until all is on the target's disk.
boost::asio::awaitable<Result<void>> complete_database(DatabaseWork& work);

}  // namespace pgpassage::migrate
