#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "migrate/plan/lifecycle.hpp"

/// What the ledger holds, as values. No secret is among them: servers are host:port and user.
namespace pgpassage::migrate {

using MigrationId = std::int64_t;
using Time = std::chrono::system_clock::time_point;  ///< UTC; whole milliseconds when read back

/// One end of a migration, as it may be shown.
struct Endpoint {
  std::string host;
  Port port = 5432;
  std::string user;      ///< empty: libpq's default
  std::string server;    ///< name in the topology; empty for a migration between two URIs
  std::string type;      ///< contract 1 `kind`, "onPremises"; empty when unknown
  std::string ssl_mode;  ///< empty: libpq's default
  std::string extra;     ///< further libpq keywords of a URI, as "key='value' ..."; never a password

  std::string display() const;  ///< "user@host:port"
  bool operator==(const Endpoint&) const = default;
};

/// The process that runs a migration. A process id is used again, so its start time belongs to its name.
struct ProcessIdentity {
  std::string host;
  int pid = 0;
  std::uint64_t start_ticks = 0;  ///< field 22 of /proc/PID/stat: clock ticks since boot
  std::string boot_id;            ///< of the kernel's run that `start_ticks` counts from
  std::string account;            ///< the operating system's user

  static ProcessIdentity self();
  /// False only when it is certain: same host, and the process is gone or another has its number. A process of
  /// another host counts as alive.
  bool alive() const;
};

/// How the network was judged before the crossing.
enum class NetworkPath : std::uint8_t { direct, runtime_server, not_checked };

struct NewMigration {
  std::string name;
  Endpoint source;
  Endpoint target;
  MigrationMode mode = MigrationMode::offline;
  MigrationOption option = MigrationOption::validate_and_migrate;
  NetworkPath path = NetworkPath::not_checked;
  std::vector<std::string> databases;
  bool overwrite = false;
  std::string topology_file;    ///< absolute path; empty for a migration between two URIs
  std::string topology_sha256;  ///< of the file's bytes; empty without one
  std::string scenario;         ///< "S11"; empty without one
  std::string edition;          ///< of the documents it was judged by, "2025-02"; empty without one
  std::string settings;         ///< how else it is to be made, in the application's own form; empty: as by default
  ProcessIdentity process;
};

/// What went wrong last, as show prints it.
struct Trouble {
  std::string message;
  std::string sqlstate;
  std::string cure;

  bool empty() const { return message.empty(); }
};

struct MigrationRecord {
  MigrationId id = 0;
  NewMigration request;
  Stage stage;
  Time started;
  std::optional<Time> ended;
  bool cancel_requested = false;
  Trouble error;
};

/// A database's or table's state: REST's own words, and `queued`. A database has succeeded when it was compared and
/// found the same, a table when its rows are copied. `canceled` is what was stopped by a person or by a failure
/// elsewhere.
enum class WorkState : std::uint8_t { queued, in_progress, succeeded, failed, canceled };

struct DatabaseRecord {
  std::string name;
  WorkState state = WorkState::queued;
  std::string phase;  ///< what is being done now: "schema", "data", "completing", "copied", "verify", "resuming",
                      ///< "reconnecting"; empty when queued; where it stopped when the copy failed
  std::int64_t tables_done = 0, tables_total = 0;
  std::int64_t bytes_done = 0, bytes_total = 0;  ///< of rows not copied yet, the total has the source's estimate
  std::int64_t rows_done = 0;
  double bytes_per_second = 0;  ///< of late, not since the start
  std::optional<Time> started, ended;
  Trouble error;
};

struct TableRecord {
  std::string database;
  std::string table;  ///< "schema.name", each quoted where SQL needs it
  WorkState state = WorkState::queued;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::chrono::milliseconds took{0};
  std::string error;
};

struct EventRecord {
  Time time;
  std::string text;
};

/// One item of the premigration validation (azure-facts 3.7).
enum class ItemState : std::uint8_t { succeeded, failed, warning };

struct ValidationRecord {
  std::string database;  ///< empty: server level
  std::string type;      ///< "AuthenticationAndConnectivityValidation"
  std::string rule;      ///< "SRV001"
  std::string name;      ///< kebab-case
  ItemState state = ItemState::succeeded;
  std::string code;  ///< documented error code, "603401"; empty when ours
  std::string subject;
  std::string message;
  std::string evidence;  ///< lines
  std::string cure;
};

/// One object that verify compared: a table, the sequences, the large objects, or the schema.
struct VerificationRecord {
  std::string database;
  std::string
      kind;  ///< "table", "materializedView", "sequences", "largeObjects", "schema"; "database" when it is missing
  std::string name;  ///< a table's or view's; empty for the others
  std::int64_t source_rows = 0, target_rows = 0;
  std::string source_hash, target_hash;
  bool identical = false;
  std::string difference;  ///< what differs, or why it could not be compared; empty when identical
  bool compared = true;    ///< false: it could not be read
};

/// What a comparison found.
struct Verification {
  std::vector<VerificationRecord> items;
  std::vector<std::string> notes;  ///< what was seen or left out and is no difference: "orders: foreign table ..."
};

enum class Agreement : std::uint8_t { identical, differs, inconclusive };

/// `differs` when anything that could be read is not the same; `inconclusive` when something could not be read, and
/// when nothing was compared at all.
Agreement agreement_of(const std::vector<VerificationRecord>& items);

/// Appends what was compared next.
void append(Verification& all, Verification next);

/// A `verify NAME` after the migration.
struct LaterVerification {
  Time time;
  Verification found;  ///< no items: the servers could not be asked; the notes say why
};

/// How far a database of the target has come, as whoever goes on with it needs to know.
enum class Made : std::uint8_t {
  nothing,  ///< it was not touched
  begun,    ///< it may have been dropped or made: what is there is ours, or what the operator gave up
  empty,    ///< it was made; how much of its schema is there nobody knows
  schema    ///< with everything of its schema that comes before rows
};
struct Standing {
  std::string database;
  Made made = Made::nothing;
  std::int64_t oid = 0;  ///< of the database on the target; 0 before `empty`
  std::string schema;    ///< digest of the schema that was restored; empty before `schema`

  bool operator==(const Standing&) const = default;
};

/// What was finished when a migration stopped.
struct Resumption {
  std::map<std::string, Standing> standings;                         ///< by database
  std::map<std::string, std::map<std::string, TableRecord>> tables;  ///< whose rows are copied: by database and name
  std::vector<std::string> joined_roles;  ///< of which the target's login may have become a member
};

/// Everything known about one migration, for show and report.
struct MigrationDetail {
  MigrationRecord migration;
  std::vector<DatabaseRecord> databases;
  std::vector<TableRecord> tables;
  std::vector<EventRecord> events;
  std::vector<ValidationRecord> validations;
  Verification verification;                           ///< the migration's own
  std::vector<LaterVerification> later_verifications;  ///< oldest first
  std::vector<std::string> remaining;  ///< what a person has to know or do afterwards, one sentence each
};

const char* to_string(NetworkPath value);  ///< direct, runtimeServer, notChecked
const char* to_string(WorkState value);    ///< Queued, InProgress, Succeeded, Failed, Canceled
const char* to_string(ItemState value);    ///< Succeeded, Failed, Warning
const char* to_string(Agreement value);    ///< identical, differs, inconclusive

}  // namespace pgpassage::migrate
