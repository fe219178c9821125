#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "migrate/state/record.hpp"
#include "netcheck/base/error.hpp"

/// The state on disk: what makes `list`, `show` and `cancel` work from another terminal.
namespace pgpassage::migrate {

/// $PGPASSAGE_HOME, else $XDG_STATE_HOME/pgpassage, else ~/.local/state/pgpassage. Errc::input when none is known.
Result<std::filesystem::path> home_directory();

/// Whether a migration has ended in a way that `resume` can go on from. Errc::input, with a cure, when not. Pure.
Result<void> may_resume(const MigrationRecord& record);

/// One SQLite file, `ledger.sqlite`, in a directory of mode 0700. Every change is a committed row when the function
/// returns: a killed process loses nothing. (The file is in WAL mode with synchronous NORMAL: a machine that loses
/// power may lose the last commits, never the file; what they said is then found out again.)
///
/// Safe for several processes (they wait for each other up to ten seconds) and for several threads of one.
/// Errors: Errc::io, Errc::permission, Errc::disk_full, Errc::unsupported for a file of a newer pgpassage.
class Ledger {
 public:
  /// Opens it, making directory and file as needed and migrating an older file.
  static Result<Ledger> open(const std::filesystem::path& home);

  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  ~Ledger();

  /// Errc::already_exists when the target server has a migration of that name, or a running one that moves one of the
  /// same databases. (The service runs one migration per target; two of ours may run when they cannot meet.)
  Result<MigrationId> create(const NewMigration& migration);

  /// Applies `step` to the stored stage, stores the result, an event row and, for `failed` and `canceled`, the
  /// trouble. Errc::unsupported when the life cycle refuses the event.
  Result<Step> advance(MigrationId id, Event event, const Trouble& trouble = {});

  Result<void> note(MigrationId id, std::string_view text);  ///< an event row: what happened, for the timeline
  Result<void> store(MigrationId id, const DatabaseRecord& database);
  Result<void> store(MigrationId id, const std::vector<TableRecord>& tables);  ///< all in one transaction
  /// Replace what was stored before.
  Result<void> store(MigrationId id, const std::vector<ValidationRecord>& items);
  Result<void> store(MigrationId id, const Verification& found);  ///< the migration's own
  Result<void> store_remaining(MigrationId id, const std::vector<std::string>& texts);
  Result<void> store(MigrationId id, const Standing& standing);
  Result<void> store_joined(MigrationId id, const std::vector<std::string>& roles);

  /// Adds what a later `verify` found, with an event.
  Result<void> add_verification(MigrationId id, const Verification& found);

  /// Errc::input when it has ended. The running process asks `cancel_requested` about once a second.
  Result<void> request_cancel(MigrationId id);
  Result<bool> cancel_requested(MigrationId id);

  /// Lets `process` go on with a migration that failed or was canceled: its stage is the first again, what it was said
  /// to leave behind and why it ended are forgotten, and what was finished is the answer. Errc::input, with a cure,
  /// when it runs or has nothing to go on with; Errc::already_exists as for `create`.
  Result<Resumption> resume(MigrationId id, const ProcessIdentity& process);

  /// Newest first. Looking also settles: a migration that is InProgress although its process is gone becomes Failed
  /// with that cause, committed by whoever looks first. A process of another machine counts as alive.
  Result<std::vector<MigrationRecord>> list();
  /// By NAME or TARGET/NAME, where TARGET is the target's host, host:port or server name. Errc::not_found; Errc::input
  /// when NAME fits several.
  Result<MigrationId> find(std::string_view name);
  Result<MigrationDetail> detail(MigrationId id);
  /// The part of it that changes while it runs: the migration, its databases, and its events after the first `seen`.
  Result<MigrationDetail> progress(MigrationId id, std::size_t seen);

  Result<void> remove(MigrationId id);  ///< Errc::input unless it has ended

 private:
  struct Store;
  explicit Ledger(std::unique_ptr<Store> store);
  std::unique_ptr<Store> store_;
};

}  // namespace pgpassage::migrate
