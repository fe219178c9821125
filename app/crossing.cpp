#include "app/crossing.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <ctime>
#include <filesystem>

#include "app/assess_file.hpp"
#include "app/failure.hpp"
#include "app/live.hpp"
#include "app/server_address.hpp"
#include "app/topology_file.hpp"
#include "dns/resolver/resolver.hpp"
#include "scenarios/observe/observe.hpp"

namespace pgpassage::app {
namespace {

using migrate::NetworkPath;
using scenarios::Path;

std::string name_from_time() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "migration-%Y%m%d-%H%M%S", &utc);
  return text;
}

void take_options(Crossing& crossing, const MigrateOptions& options) {
  auto& [record, request] = crossing;
  if (!options.name.empty()) record.name = options.name;
  if (!options.databases.empty()) record.databases = options.databases;
  record.mode = options.mode.value_or(record.mode);
  record.option = options.option.value_or(record.option);
  record.overwrite = record.overwrite || options.overwrite;
  record.process = migrate::ProcessIdentity::self();
  request.databases = record.databases;
  request.mode = record.mode;
  request.option = record.option;
  request.overwrite = record.overwrite;
  request.jobs = options.jobs;
  request.index_jobs = options.index_jobs;
}

Result<void> refuse_online(const Crossing& crossing) {
  if (crossing.record.mode == MigrationMode::offline) return {};
  return fail_with_cure(Errc::unsupported, "use migrationMode Offline (--mode offline)",
                        "online migrations are not available in this version");
}

migrate::Endpoint endpoint(const Server& server, const migrate::ServerAddress& address) {
  migrate::Endpoint result = endpoint_of(address);
  result.server = server.name;
  result.type = to_string(server.kind);
  return result;
}

/// libpq would look a name up by itself, blockingly and for every session.
Result<migrate::ServerAddress> resolved(migrate::ServerAddress server) {
  if (server.address || server.host.empty() || server.host.front() == '/') return server;
  if (const auto literal = IpAddress::parse(server.host)) {
    server.address = literal;
    return server;
  }
  boost::asio::io_context context;
  auto asked = boost::asio::co_spawn(context, dns::lookup(server.host, {}, deadline_in(std::chrono::seconds{10})),
                                     boost::asio::use_future);
  context.run();
  const dns::Lookup lookup = asked.get();
  if (lookup.addresses.empty())
    return fail_with_cure(Errc::connect_failed,
                          "run check on the file: it says which zone, link or forwarder is missing",
                          "the name {} has no address here ({})", server.host, dns::to_string(lookup.status));
  server.address = lookup.addresses.front();
  return server;
}

/// The places from which the scenario's engine may work: the role itself, and the hosts that stand for it.
std::vector<std::string> starting_places(const Topology& topology, const std::string& role) {
  std::vector<std::string> places{role};
  for (const Host& host : topology.hosts)
    if (host.stands_for == role) places.push_back(host.name);
  return places;
}

Result<void> require_place(const Topology& topology, const std::string& role) {
  const auto here = scenarios::places_here(topology);
  const auto wanted = starting_places(topology, role);
  const auto is_here = [&](const std::string& place) {
    return std::find(here.begin(), here.end(), place) != here.end();
  };
  if (std::any_of(wanted.begin(), wanted.end(), is_here)) return {};
  return fail_with_cure(Errc::unsupported, fmt::format("run it on {}", wanted.back()),
                        "this machine has no address of the place where the crossing starts: {}",
                        fmt::join(wanted, ", "));
}

Result<void> require_ready(const scenarios::Assessment& assessment, const std::string& file) {
  using scenarios::Verdict;
  if (assessment.verdict == Verdict::ready || assessment.verdict == Verdict::inconclusive) return {};
  return fail_with_cure(Errc::unsupported, fmt::format("see pgpassage check {}", file),
                        "the crossing is {}: nothing was migrated", scenarios::to_string(assessment.verdict));
}

Result<Crossing> crossing(const TopologyFile& file, const MigrateOptions& options) {
  const Topology& topology = file.topology;
  auto assessment = scenarios::assess(topology, edition_for(topology, options.edition));
  if (!assessment) return tl::unexpected(assessment.error());
  if (options.live)
    *assessment =
        with_live(topology, std::move(*assessment), scenarios::places_here(topology), std::chrono::seconds{10});
  if (const auto ready = require_ready(*assessment, file.path); !ready) return tl::unexpected(ready.error());
  const Migration& migration = *topology.migration;
  const bool runtime = assessment->scenario.path == Path::runtime_server;
  if (const auto here = require_place(topology, runtime ? migration.runtime_server : migration.target); !here)
    return tl::unexpected(here.error());
  const Server& source = *find_server(topology, migration.source);
  const Server& target = *find_server(topology, migration.target);
  auto source_address = resolved(server_of(source));
  if (!source_address) return tl::unexpected(source_address.error());
  auto target_address = resolved(server_of(target));
  if (!target_address) return tl::unexpected(target_address.error());
  return Crossing{.record = {.name = migration.name,
                             .source = endpoint(source, *source_address),
                             .target = endpoint(target, *target_address),
                             .mode = migration.mode,
                             .option = migration.option,
                             .path = runtime ? NetworkPath::runtime_server : NetworkPath::direct,
                             .databases = migration.databases,
                             .overwrite = migration.overwrite_dbs_in_target,
                             .topology_file = std::filesystem::absolute(file.path).string(),
                             .topology_sha256 = file.sha256,
                             .scenario = assessment->scenario.id},
                  .request = {.source = *source_address, .target = *target_address}};
}

}  // namespace

Result<Crossing> crossing_of_uris(const MigrateOptions& options) {
  const auto source = server_of_uri(options.source_uri, "--source");
  if (!source) return tl::unexpected(source.error());
  const auto target = server_of_uri(options.target_uri, "--target");
  if (!target) return tl::unexpected(target.error());
  Crossing result{.record = {.name = name_from_time(),
                             .source = endpoint_of(source->server),
                             .target = endpoint_of(target->server)},
                  .request = {.source = source->server, .target = target->server}};
  if (!source->database.empty()) result.record.databases = {source->database};
  take_options(result, options);
  if (const auto offline = refuse_online(result); !offline) return tl::unexpected(offline.error());
  return result;
}

tl::expected<Crossing, int> crossing_of_file(const CommonOptions& common, const MigrateOptions& options) {
  const auto file = open_migration_topology(options.file, "migrate");
  if (!file) return tl::unexpected(tell(common, file.error()));
  auto result = crossing(*file, options);
  if (!result) return tl::unexpected(tell(common, result.error()));
  take_options(*result, options);
  if (const auto offline = refuse_online(*result); !offline) return tl::unexpected(tell(common, offline.error()));
  return std::move(*result);
}

}  // namespace pgpassage::app
