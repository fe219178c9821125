#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netcheck/base/error.hpp"

/// What each output plug-in is, and what it cannot carry. Pure, and mostly a table.
namespace pgpassage::migrate::cdc {

enum class Plugin : std::uint8_t { pgoutput, wal2json, test_decoding };

const char* to_string(Plugin plugin);
std::optional<Plugin> plugin_of(std::string_view name);

/// A plug-in on one source.
struct PluginOnServer {
  Plugin plugin = Plugin::pgoutput;
  int server_version = 0;        ///< PQserverVersion: 150020
  bool numbers_as_text = false;  ///< wal2json 2.6 on; a server tells it by refusing the option
};

/// What a plug-in cannot carry.
enum class Gap : std::uint8_t {
  everything,        ///< the server does not have this plug-in
  truncate,          ///< TRUNCATE is not in the stream: the target keeps the rows
  restart_identity,  ///< TRUNCATE ... RESTART IDENTITY arrives without it
  messages,          ///< pg_logical_emit_message is not in the stream: no heartbeats
  two_phase,         ///< a prepared transaction arrives at COMMIT PREPARED only
  streaming,         ///< a large transaction arrives at its commit only
  special_numbers,   ///< NaN, infinities and NULL of real, double precision and numeric look the same
  keyless_changes,   ///< UPDATE and DELETE of a table without replica identity are left out, in silence
};

/// Every gap, most severe first. Sources: release notes of PostgreSQL 11 (TRUNCATE), 14 (messages, streaming in
/// pgoutput, two-phase in test_decoding), 15 (two-phase in pgoutput); wal2json 2.5 and 2.6.
std::vector<Gap> gaps_of(const PluginOnServer& on);

/// What a gap means, in one sentence for a person.
std::string describe(Gap gap, const PluginOnServer& on);

/// The one to take when the operator leaves it to us: pgoutput where it exists, else wal2json, else test_decoding.
Plugin plugin_for(int server_version, bool has_wal2json);

/// The newest protocol of pgoutput that the server speaks: 1 from 10, 2 from 14, 3 from 15, 4 from 16.
int protocol_of(int server_version);

/// The options of START_REPLICATION, name and value, that our decoders read the result of. `publication` is of
/// pgoutput alone.
std::vector<std::pair<std::string, std::string>> options_of(const PluginOnServer& on, std::string_view publication);

/// Whether a message begins or ends a transaction, by its first bytes: what a spool has to know. For streams in commit
/// order, without two-phase.
bool begins_transaction(Plugin plugin, std::string_view payload);
bool ends_transaction(Plugin plugin, std::string_view payload);
/// The relation, as bytes to tell it by, that a message describes for all that follow; empty: it describes none.
std::string_view described_relation(Plugin plugin, std::string_view payload);

}  // namespace pgpassage::migrate::cdc
