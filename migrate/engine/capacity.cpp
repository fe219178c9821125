#include "migrate/engine/capacity.hpp"

#include <algorithm>
#include <thread>

#include "migrate/engine/servers.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

struct Seen {
  unsigned cores = 0;
  std::chrono::microseconds round_trip{0};
};

// Nobody else is let near the file, and a refusal would stand in the server's log; before 11 not even a superuser.
asio::awaitable<unsigned> cores_of(Session& session) {
  const auto superuser =
      co_await session.query("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user");
  if (session.server_version() < 110000 || !superuser || superuser->empty() || !superuser->boolean(0, 0)) co_return 0;
  const auto cores = co_await session.query(
      "SELECT count(*) FROM pg_catalog.regexp_matches(pg_catalog.pg_read_file('/proc/cpuinfo', 0, 10000000),"
      " '^processor\\s', 'gn')");
  co_return cores ? static_cast<unsigned>(cores->integer(0, 0)) : 0;
}

// The shortest of a few: what is longer waited for a processor.
asio::awaitable<std::chrono::microseconds> round_trip_of(Session& session) {
  auto shortest = std::chrono::microseconds::max();
  for (int i = 0; i < 3; ++i) {
    const auto asked = Clock::now();
    if (!co_await session.query("SELECT 1")) co_return std::chrono::microseconds{0};
    shortest = std::min(shortest, std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - asked));
  }
  co_return shortest;
}

asio::awaitable<Seen> look_at(ServerAddress server, std::string database, Deadline deadline) {
  auto session = co_await connect_anywhere(std::move(server), std::move(database), deadline);
  if (!session) co_return Seen{};
  Seen seen;
  seen.round_trip = co_await round_trip_of(*session);
  seen.cores = co_await cores_of(*session);
  co_return seen;
}

}  // namespace

asio::awaitable<Capacity> measure_capacity(Request request) {
  const Deadline deadline = std::chrono::steady_clock::now() + request.connect_time;
  const std::string first = request.databases.empty() ? "" : request.databases.front();
  const Seen source = co_await look_at(request.source, first, deadline);
  const Seen target = co_await look_at(request.target, {}, deadline);
  co_return Capacity{.source_cores = source.cores,
                     .target_cores = target.cores,
                     .own_cores = std::max(std::thread::hardware_concurrency(), 1U),
                     .round_trip = std::max(source.round_trip, target.round_trip)};
}

}  // namespace pgpassage::migrate
