#include "app/crossing.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include "app/agent/client/passfile.hpp"
#include "app/assess_file.hpp"
#include "app/failure.hpp"
#include "app/filter_choice.hpp"
#include "app/live.hpp"
#include "app/output.hpp"
#include "app/recorded_servers.hpp"
#include "app/report/check_json.hpp"
#include "app/report/check_text.hpp"
#include "app/report/diagnostics.hpp"
#include "app/server_address.hpp"
#include "app/server_lookup.hpp"
#include "app/starting_place.hpp"
#include "app/topology_file.hpp"

namespace pgpassage::app {
namespace {

using migrate::NetworkPath;
using scenarios::Path;

/// With the process, because two may start in one second.
std::string name_from_time() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "migration-%Y%m%d-%H%M%S", &utc);
  return fmt::format("{}-{}", text, getpid());
}

/// What is wrong with the file and the command line together, before anything is done.
Result<void> check_request(const migrate::NewMigration& wanted);

Result<void> take_options(Crossing& crossing, const MigrateOptions& options) {
  auto& [record, request] = crossing;
  if (!options.name.empty()) record.name = options.name;
  if (!options.databases.empty()) record.databases = options.databases;
  record.mode = options.mode.value_or(record.mode);
  record.option = options.option.value_or(record.option);
  record.overwrite = record.overwrite || options.overwrite;
  record.process = migrate::ProcessIdentity::self();
  record.settings = agent::to_json(options);
  request.databases = record.databases;
  request.mode = record.mode;
  request.option = record.option;
  request.overwrite = record.overwrite;
  request.verify = options.verify;
  request.roles = options.roles;
  request.jobs = options.jobs;
  request.index_jobs = options.index_jobs;
  request.outage_time = options.outage_time.value_or(request.outage_time);
  request.load_settings = options.load_settings;
  if (options.split_tables_larger_than > 0) request.cutting = migrate::cutting_above(options.split_tables_larger_than);
  auto filter = filter_of(options.filter);
  if (!filter) return tl::unexpected(std::move(filter.error()));
  request.filter = std::move(*filter);
  return check_request(record);
}

Result<void> check_name(const std::string& name) {
  const auto in_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; };
  if (!name.starts_with('-') && std::all_of(name.begin(), name.end(), in_name)) return {};
  return fail_with_cure(Errc::input, "use letters, digits and hyphens, with no leading hyphen",
                        "'{}' cannot be the name of a migration", name);
}

Result<void> check_databases(const std::vector<std::string>& names) {
  if (names.size() > 8)
    return fail_with_cure(Errc::input, "move them in several migrations",
                          "{} databases are asked for, and one migration moves at most 8", names.size());
  for (auto name = names.begin(); name != names.end(); ++name)
    if (std::find(names.begin(), name, *name) != name)
      return fail(Errc::input, "database '{}' is asked for twice", *name);
  return {};
}

Result<void> check_request(const migrate::NewMigration& wanted) {
  if (wanted.mode != MigrationMode::offline)
    return fail_with_cure(Errc::input, "use migrationMode Offline (--mode Offline)",
                          "this version of pgpassage migrates offline only; Online arrives later");
  if (auto named = check_name(wanted.name); !named) return named;
  return check_databases(wanted.databases);
}

migrate::Endpoint endpoint(const Server& server, const migrate::ServerAddress& address) {
  migrate::Endpoint result = endpoint_of(address);
  result.server = server.name;
  result.type = to_string(server.kind);
  return result;
}

/// Prints what `check` prints, so that a refusal brings its findings; answers the exit code that `check` has for it.
int refuse(const CommonOptions& common, const TopologyFile& file, const scenarios::Assessment& assessment, bool live) {
  const Subject subject = subject_of(file.topology, file.path, file.sha256, live);
  const bool undecided = assessment.verdict == scenarios::Verdict::inconclusive;
  const std::string cure = !undecided ? "mend what is listed, then run it again"
                           : live     ? "find out what is listed, or rely on paper alone with --no-live"
                                      : "describe in the file what is listed as unknown";
  const Error error{Errc::unsupported,
                    fmt::format("the crossing is {}: nothing was migrated", scenarios::to_string(assessment.verdict)),
                    {},
                    cure};
  std::fputs(render_text(error).c_str(), stderr);
  return finish(common,
                common.format == Format::json ? render_json(assessment, subject)
                                              : render_text(assessment, subject, result_style(common), Depth::brief),
                exit_code(assessment.verdict));
}

Crossing described(const TopologyFile& file, const scenarios::Assessment& assessment) {
  const Topology& topology = file.topology;
  const Migration& migration = *topology.migration;
  const Server& source = *find_server(topology, migration.source);
  const Server& target = *find_server(topology, migration.target);
  Crossing result{.record = {}, .request = {.source = server_of(source), .target = server_of(target)}};
  result.request.target_storage_gb = target.storage_gb;
  result.record = {
      .name = migration.name,
      .source = endpoint(source, result.request.source),
      .target = endpoint(target, result.request.target),
      .mode = migration.mode,
      .option = migration.option,
      .path = assessment.scenario.path == Path::runtime_server ? NetworkPath::runtime_server : NetworkPath::direct,
      .databases = migration.databases,
      .overwrite = migration.overwrite_dbs_in_target,
      .topology_file = std::filesystem::absolute(file.path).string(),
      .topology_sha256 = file.sha256,
      .scenario = assessment.scenario.id,
      .edition = assessment.edition};
  return result;
}

Result<agent::StartRequest> order_of(const TopologyFile& file, const Crossing& crossing,
                                     const MigrateOptions& options) {
  agent::StartRequest order{.topology = file.text, .options = options};
  order.options.file = std::filesystem::absolute(file.path).string();
  auto source = agent::login_for(crossing.request.source);
  if (!source) return tl::unexpected(source.error());
  auto target = agent::login_for(crossing.request.target);
  if (!target) return tl::unexpected(target.error());
  order.source = std::move(*source);
  order.target = std::move(*target);
  return order;
}

}  // namespace

Result<Crossing> crossing_of_record(const migrate::NewMigration& record) {
  RecordedServers servers = recorded_servers(record);
  Crossing result{.record = record,
                  .request = {.source = std::move(servers.source), .target = std::move(servers.target)}};
  const auto options = agent::migrate_options_of(record.settings.empty() ? "{}" : record.settings);
  if (!options) return tl::unexpected(options.error());
  if (const auto sound = take_options(result, *options); !sound) return tl::unexpected(sound.error());
  result.request.databases = result.record.databases = record.databases;  // also those that nobody named
  return result;
}

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
  if (const auto sound = take_options(result, options); !sound) return tl::unexpected(sound.error());
  return result;
}

tl::expected<PlannedCrossing, Obstacle> plan_crossing(const TopologyFile& file, const MigrateOptions& options) {
  auto assessment = scenarios::assess(file.topology, edition_for(file.topology, options.edition));
  if (!assessment) return tl::unexpected(Obstacle{assessment.error()});
  PlannedCrossing planned{described(file, *assessment), std::move(*assessment)};
  if (const auto sound = take_options(planned.crossing, options); !sound)
    return tl::unexpected(Obstacle{sound.error()});
  if (planned.assessment.verdict != scenarios::Verdict::ready)
    return tl::unexpected(Obstacle{std::move(planned.assessment)});
  return planned;
}

tl::expected<std::variant<Crossing, CrossingElsewhere>, int> crossing_of_file(const CommonOptions& common,
                                                                              const MigrateOptions& options) {
  auto file = open_migration_topology(options.file, "migrate");
  if (!file) return tl::unexpected(tell(common, file.error()));
  auto planned = plan_crossing(*file, options);
  if (!planned) {
    if (const auto* error = std::get_if<Error>(&planned.error())) return tl::unexpected(tell(common, *error));
    return tl::unexpected(refuse(common, *file, std::get<scenarios::Assessment>(planned.error()), false));
  }
  auto& [crossing, assessment] = *planned;
  const std::string agent = give_to_agent(file->topology, crossing.record, options.agent);
  if (agent.empty())
    if (const auto here = require_place(file->topology, crossing.record); !here)
      return tl::unexpected(tell(common, here.error()));
  if (options.live) {
    assessment = with_live(file->topology, std::move(assessment), options.agent, std::chrono::seconds{10});
    if (assessment.verdict != scenarios::Verdict::ready) return tl::unexpected(refuse(common, *file, assessment, true));
  }
  if (!agent.empty()) {
    auto order = order_of(*file, crossing, options);
    if (!order) return tl::unexpected(tell(common, order.error()));
    return CrossingElsewhere{agent, std::move(*order)};
  }
  if (const auto known = look_up(crossing.request); !known) return tl::unexpected(tell(common, known.error()));
  return std::move(crossing);
}

}  // namespace pgpassage::app
