#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "migrate/pg/session.hpp"
#include "migrate/plan/filter.hpp"
#include "migrate/plan/lifecycle.hpp"
#include "migrate/plan/ranges.hpp"
#include "migrate/plan/role_handling.hpp"
#include "migrate/state/record.hpp"
#include "migrate/verify/depth.hpp"
#include "netcheck/base/error.hpp"

/// A migration from its first session to its last comparison (design 4). Live.
namespace pgpassage::migrate {

struct Request {
  ServerAddress source;
  ServerAddress target;
  std::vector<std::string> databases;  ///< at most 8; empty: every user database of the source
  MigrationMode mode = MigrationMode::offline;
  MigrationOption option = MigrationOption::validate_and_migrate;
  bool overwrite = false;     ///< a database of that name on the target is dropped, its sessions are ended
  unsigned jobs = 0;          ///< COPY streams at once; 0: from the cores
  unsigned index_jobs = 0;    ///< indexes at once; 0: from the cores
  Filter filter;              ///< what of each database moves
  bool load_settings = true;  ///< the target's sessions load without waiting for its disk, sort in more
  VerifyDepth verify = VerifyDepth::full;
  RoleHandling roles = RoleHandling::none;
  std::optional<int> target_storage_gb;   ///< size of the target's disk, where somebody said it
  Cutting cutting;                        ///< of large tables into pieces that several streams copy
  std::chrono::seconds connect_time{20};  ///< within which a server must answer
  std::chrono::seconds outage_time{300};  ///< how long servers that are lost in mid-copy are waited for
  std::optional<Resumption> resumption;   ///< what an earlier run of the same migration had finished; absent: none ran
};

/// How a migration is told: to the ledger, to a progress display, or to a test. Every function is called from the
/// coroutine that runs the migration, never at the same time as another; an empty one is left out.
struct Observer {
  /// Commits the event before the next action begins, and answers with that action. Empty: `step` alone decides.
  std::function<Result<Step>(Event, const Trouble&)> advance;
  std::function<void(std::string_view)> note;  ///< an event in words: "schema restored", "role x is not on the target"
  std::function<void(const DatabaseRecord&)> database;
  std::function<void(const std::vector<TableRecord>&)> tables;
  std::function<void(const std::vector<ValidationRecord>&)> validated;
  std::function<void(const Verification&)> verified;  ///< of all databases so far
  /// Commit what a resume needs to know before the target is changed accordingly.
  std::function<Result<void>(const Standing&)> standing;
  std::function<Result<void>(const std::vector<std::string>&)> joined_roles;  ///< all of the migration
  /// What a person has to know or do afterwards: all of it so far, told before the transition that it belongs to.
  std::function<void(const std::vector<std::string>&)> remains;
  std::function<bool()> cancel_requested;  ///< asked about once a second
};

/// What the engine asks others to judge. `migrate/validate` and `migrate/verify` are the usual ones.
struct Checks {
  /// Errc of a failure to ask; what was found bad is in the records.
  std::function<boost::asio::awaitable<Result<std::vector<ValidationRecord>>>(const Request&)> validate;
  std::function<boost::asio::awaitable<Result<Verification>>(const Request&, std::string database)> verify;
};

struct Outcome {
  Stage stage;
  Trouble trouble;                     ///< empty unless failed
  std::vector<std::string> remaining;  ///< what a person has to know or do, one sentence each
};

/// Runs a migration to its end, or goes on with one (`request.resumption`): a database whose schema is there and still
/// the source's is kept, and of its tables those that were copied and are the same under the new snapshot; the others
/// are emptied and copied again. Any other database is made anew. So the result is the same as of one undisturbed run,
/// whoever wrote to the source meanwhile. Cancellation of the coroutine stops every statement on both servers; the
/// target stays as it is and `remaining` says what is there. The state of the outcome is `failed` or `canceled` rather
/// than an error; an error is returned only when the observer could not commit.
///
/// Runs on the executor of the coroutine, streams on strands of their own of the same io_context: give the context a
/// few threads and spawn this on a strand.
boost::asio::awaitable<Result<Outcome>> run_migration(Request request, Observer observer, Checks checks);

}  // namespace pgpassage::migrate
