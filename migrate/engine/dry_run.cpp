#include "migrate/engine/dry_run.hpp"

#include "migrate/engine/capacity.hpp"
#include "migrate/engine/content.hpp"
#include "migrate/engine/servers.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

asio::awaitable<Result<DatabaseOutline>> outline_database(const Request& request, const Servers& servers,
                                                          const DryRun& run, std::string database) {
  CopySessions sessions{request, database, servers.databases.at(database).encoding};
  auto content = co_await read_content(sessions, request, servers.programs, database);
  if (!content) co_return tl::unexpected(std::move(content.error()));
  const auto ranges = co_await ranges_of(sessions, content->catalog, run.lanes.copy, request.cutting);
  if (!ranges) co_return tl::unexpected(ranges.error());
  auto outline =
      outline_of(database, content->catalog, content->entries, pieces_of(*ranges), run.lanes, run.round_trip);
  outline.left_out = std::move(content->left_out);
  co_return outline;
}

}  // namespace

asio::awaitable<Result<DryRun>> dry_run(Request request) {
  const auto servers = co_await inspect_servers(request);
  if (!servers) co_return tl::unexpected(servers.error());
  if (const auto free = co_await refuse_existing(request, *servers); !free) co_return tl::unexpected(free.error());
  const Capacity capacity = co_await measure_capacity(request);
  DryRun run{.source_version = servers->source_version, .target_version = servers->target_version};
  run.lanes = default_lanes(capacity, request.jobs, request.index_jobs);
  run.round_trip = capacity.round_trip;
  for (const auto& [name, shape] : servers->databases) {
    auto outline = co_await outline_database(request, *servers, run, name);
    if (!outline) co_return tl::unexpected(std::move(outline.error()));
    run.databases.push_back(std::move(*outline));
  }
  co_return run;
}

}  // namespace pgpassage::migrate
