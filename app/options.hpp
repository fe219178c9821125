#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "migrate/plan/role_handling.hpp"
#include "migrate/verify/depth.hpp"
#include "netcheck/topology/topology.hpp"

/// The command line as values: one struct per command. app/cli.cpp alone knows how they are written (CLI11 is heavy).
namespace pgpassage::app {

inline constexpr Port postgres_port = 5432;  ///< where the command line and the file say nothing else

enum class Format { text, json, csv, markdown, html, junit, sarif };
enum class ColorMode { automatic, always, never };

/// Options that every command takes (contract 2).
struct CommonOptions {
  Format format = Format::text;
  std::string output;  ///< path; empty: standard output
  ColorMode color = ColorMode::automatic;
  std::string log_level;  ///< empty: warn, and info for an agent
  bool log_json = false;
  bool quiet = false;
};

/// What `check` and `report` write beside their findings.
struct ReportSettings {
  std::optional<std::chrono::sys_seconds> time;  ///< absent: now
  std::string host;                              ///< empty: this machine's name
};

/// Which findings are accepted.
struct WaiverChoice {
  std::string file;      ///< empty: what the environment names
  bool ignored = false;  ///< nothing is waived, whatever is named
};

/// How to reach agents. What is empty comes from the environment or from ~/.config/pgpassage/agent.
struct AgentAccess {
  std::string url;  ///< the agent to ask, instead of the state here or the file's `agent:`
  std::string certificate;
  std::string key;
  std::string ca;
  std::string token_file;
};

struct CheckOptions {
  std::string file;
  std::string edition;  ///< empty: the file's
  bool live = true;
  std::chrono::milliseconds time_limit{10'000};
  AgentAccess agent;
  bool all_pairs = false;    ///< instead of the migration: who reaches whom
  std::optional<Port> port;  ///< of all pairs; absent: 5432
  std::string from;          ///< only the pairs from this node; empty: all
  std::string to;            ///< only the pairs to this node; empty: all
  ReportSettings report;
  WaiverChoice waivers;
};

struct DiffOptions {
  std::string old_file;
  std::string file;  ///< the new one
  std::optional<Port> port;
};

/// Of a flow to a node, or of a name: exactly one of `to` and `name` is given.
struct TraceOptions {
  std::string file;
  std::string from;
  std::string to;
  std::string name;
  std::optional<Port> port;  ///< absent: the target server's, else 5432
};

struct ProbeOptions {
  std::string file;
  std::string from;                                ///< empty: every place where this machine stands, or an agent
  bool login = false;                              ///< also log in, with the file's users
  bool throughput = false;                         ///< and measure what the path carries
  std::optional<std::chrono::milliseconds> watch;  ///< again and again, this far apart
  std::chrono::milliseconds time_limit{10'000};
  AgentAccess agent;
};

struct FixOptions {
  std::string file;
  std::string edition;  ///< empty: the file's
  bool patch = false;   ///< the patch alone
};

struct ScenariosOptions {
  std::string edition;
};

struct RulesOptions {
  std::string id;  ///< empty: all
  std::string edition;
};

/// What of a database moves, and is compared, in pg_dump's words and patterns; everything empty: all of it.
struct FilterOptions {
  std::vector<std::string> schemas, excluded_schemas;
  std::vector<std::string> tables, excluded_tables;
  std::vector<std::string> excluded_table_data;
  std::string file;  ///< a filter file of pg_dump, which adds to these; empty: none
  bool schema_only = false;

  bool operator==(const FilterOptions&) const = default;
};

/// `migrate FILE`, or `migrate --source URI --target URI` without a topology.
struct MigrateOptions {
  std::string file;
  std::string source_uri;
  std::string target_uri;
  std::vector<std::string> databases;  ///< empty: the file's, or all user databases of the source
  std::string name;                    ///< empty: the file's, or made from the time
  std::optional<MigrationMode> mode;
  std::optional<MigrationOption> option;
  bool overwrite = false;
  bool live = true;  ///< check the path by probes before crossing
  std::string edition;
  migrate::VerifyDepth verify = migrate::VerifyDepth::full;
  migrate::RoleHandling roles = migrate::RoleHandling::report;
  unsigned jobs = 0;                          ///< streams at once; 0: from both servers' cores and the round-trip time
  unsigned index_jobs = 0;                    ///< indexes at once; 0: from the target's cores
  std::int64_t split_tables_larger_than = 0;  ///< bytes; 0: as the engine finds it worth while
  bool load_settings = true;                  ///< session settings of the target that make loading faster
  FilterOptions filter;
  bool dry_run = false;                             ///< only say what would be done
  std::optional<std::chrono::seconds> outage_time;  ///< absent: the engine's
  AgentAccess agent;
};

struct ListOptions {
  AgentAccess agent;
};
struct ShowOptions {
  std::string name;
  AgentAccess agent;
};
struct VerifyOptions {
  std::string name;
  std::string source_uri;
  std::string target_uri;
  std::vector<std::string> databases;
  FilterOptions filter;
};
struct CancelOptions {
  std::string name;
  AgentAccess agent;
};
struct ResumeOptions {
  std::string name;
  unsigned jobs = 0;                                ///< streams at once; 0: as the first run had it
  unsigned index_jobs = 0;                          ///< indexes at once; 0: likewise
  std::optional<std::chrono::seconds> outage_time;  ///< absent: likewise
};
struct DeleteOptions {
  std::string name;
};
struct ReportOptions {
  std::string subject;  ///< a topology file, or a migration's NAME
  std::string edition;
  bool live = true;
  std::optional<std::chrono::milliseconds> time_limit;  ///< absent: 10 s
  ReportSettings report;
  AgentAccess agent;
  WaiverChoice waivers;
  std::string sign_key;               ///< private key to sign with; empty: not signed
  std::string passphrase_file;        ///< of that key; empty: the terminal is asked
  std::string check_signature;        ///< instead of writing a report: the report whose signature is checked
  std::string trusted_key;            ///< public key that must have signed it; empty: any
  std::vector<std::string> compared;  ///< instead of writing a report: two JSON reports, old and new; else empty
};

/// `agent` serves; `agent init`, `issue`, `renew` and `revoke` work on a directory of certificates.
struct AgentOptions {
  enum class Action { serve, init, issue, renew, revoke };
  Action action = Action::serve;
  std::string name;  ///< of a client, or a serial number
  std::string listen;
  std::string certificate;
  std::string key;
  std::string client_ca;
  std::string revoked;
  std::string token_file;
  std::chrono::seconds drain_time{60};
  unsigned connections = 2048;
  unsigned rate = 100;  ///< requests a second of one address
  std::string directory;
  std::vector<std::string> hosts;
  std::string owner;  ///< account of this machine that runs the agent; empty: as `agent init --help` says
};
struct CompletionOptions {
  std::string shell;  ///< bash, zsh or fish
};
struct SchemaOptions {};
struct VersionOptions {};

using Command =
    std::variant<CheckOptions, DiffOptions, TraceOptions, ProbeOptions, FixOptions, ScenariosOptions, RulesOptions,
                 MigrateOptions, ListOptions, ShowOptions, VerifyOptions, CancelOptions, ResumeOptions, DeleteOptions,
                 ReportOptions, AgentOptions, CompletionOptions, SchemaOptions, VersionOptions>;

struct CommandLine {
  CommonOptions common;
  Command command;
};

}  // namespace pgpassage::app
