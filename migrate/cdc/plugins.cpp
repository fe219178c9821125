#include "migrate/cdc/plugins.hpp"

#include <algorithm>
#include <array>

namespace pgpassage::migrate::cdc {
namespace {

constexpr int never = 1'000'000'000;
constexpr int always = 0;

struct Ability {
  Gap without;   ///< the gap where it is missing
  int pgoutput;  ///< the server version from which on it is there
  int wal2json;
  int test_decoding;
};

// Ordered by what is worst to miss.
constexpr std::array<Ability, 8> abilities{{{Gap::everything, 100000, always, always},
                                            {Gap::truncate, 110000, 110000, 110000},
                                            {Gap::special_numbers, always, never, always},
                                            {Gap::keyless_changes, always, never, never},
                                            {Gap::messages, 140000, 90600, 90600},
                                            {Gap::two_phase, 150000, never, 140000},
                                            {Gap::streaming, 140000, never, never},
                                            {Gap::restart_identity, 110000, never, 110000}}};

int since(const Ability& ability, Plugin plugin) {
  switch (plugin) {
    case Plugin::pgoutput: return ability.pgoutput;
    case Plugin::wal2json: return ability.wal2json;
    case Plugin::test_decoding: return ability.test_decoding;
  }
  return never;
}

bool has(const Ability& ability, const PluginOnServer& on) {
  if (ability.without == Gap::special_numbers && on.numbers_as_text) return true;
  return on.server_version >= since(ability, on.plugin);
}

const char* meaning_of(Gap gap) {
  switch (gap) {
    case Gap::everything: return "does not exist there";
    case Gap::truncate: return "does not carry TRUNCATE: the target would keep the rows";
    case Gap::restart_identity: return "does not say RESTART IDENTITY: sequences are right after cutover only";
    case Gap::messages:
      return "does not carry messages: an idle source cannot be told from a stalled one by heartbeats";
    case Gap::two_phase: return "does not carry prepared transactions before COMMIT PREPARED";
    case Gap::streaming: return "does not carry a large transaction before its end";
    case Gap::special_numbers:
      return "writes NaN, Infinity and NULL of real, double precision and numeric alike, before version 2.6";
    case Gap::keyless_changes: return "leaves out UPDATE and DELETE of tables without replica identity, in silence";
  }
  return "";
}

bool begins_with(Plugin plugin, std::string_view payload, std::array<std::string_view, 3> beginnings) {
  return payload.starts_with(beginnings[static_cast<std::size_t>(plugin)]);
}

}  // namespace

const char* to_string(Plugin plugin) {
  switch (plugin) {
    case Plugin::pgoutput: return "pgoutput";
    case Plugin::wal2json: return "wal2json";
    case Plugin::test_decoding: return "test_decoding";
  }
  return "";
}

std::optional<Plugin> plugin_of(std::string_view name) {
  for (const Plugin plugin : {Plugin::pgoutput, Plugin::wal2json, Plugin::test_decoding})
    if (name == to_string(plugin)) return plugin;
  return std::nullopt;
}

std::vector<Gap> gaps_of(const PluginOnServer& on) {
  std::vector<Gap> gaps;
  for (const Ability& ability : abilities)
    if (!has(ability, on)) gaps.push_back(ability.without);
  if (!gaps.empty() && gaps.front() == Gap::everything) gaps.resize(1);
  return gaps;
}

std::string describe(Gap gap, const PluginOnServer& on) {
  const int major = on.server_version >= 100000 ? on.server_version / 10000 : 9;
  return fmt::format("{} on PostgreSQL {} {}", to_string(on.plugin), major, meaning_of(gap));
}

Plugin plugin_for(int server_version, bool has_wal2json) {
  if (gaps_of({Plugin::pgoutput, server_version}) != std::vector{Gap::everything}) return Plugin::pgoutput;
  return has_wal2json ? Plugin::wal2json : Plugin::test_decoding;
}

int protocol_of(int server_version) {
  constexpr std::array<int, 3> since_version{140000, 150000, 160000};
  return 1 + static_cast<int>(std::ranges::count_if(since_version, [&](int since) { return server_version >= since; }));
}

std::vector<std::pair<std::string, std::string>> options_of(const PluginOnServer& on, std::string_view publication) {
  std::vector<std::pair<std::string, std::string>> options;
  switch (on.plugin) {
    case Plugin::pgoutput:
      options = {{"proto_version", std::to_string(protocol_of(on.server_version))},
                 {"publication_names", std::string{publication}}};
      if (on.server_version >= 140000) options.emplace_back("messages", "true");
      return options;
    case Plugin::wal2json:
      options = {
          {"format-version", "2"}, {"include-types", "0"}, {"include-type-oids", "1"}, {"include-transaction", "1"}};
      if (on.numbers_as_text) options.emplace_back("numeric-data-types-as-string", "1");
      return options;
    case Plugin::test_decoding: return {{"include-xids", "1"}, {"include-timestamp", "1"}};
  }
  return options;
}

bool begins_transaction(Plugin plugin, std::string_view payload) {
  return begins_with(plugin, payload, {"B", R"({"action":"B")", "BEGIN"});
}

bool ends_transaction(Plugin plugin, std::string_view payload) {
  return begins_with(plugin, payload, {"C", R"({"action":"C")", "COMMIT"});
}

std::string_view described_relation(Plugin plugin, std::string_view payload) {
  constexpr std::size_t oid_bytes = 4;
  const bool describes = plugin == Plugin::pgoutput && payload.starts_with('R') && payload.size() > oid_bytes;
  return describes ? payload.substr(1, oid_bytes) : std::string_view{};
}

}  // namespace pgpassage::migrate::cdc
