#include "migrate/plan/streams.hpp"

#include <algorithm>

namespace pgpassage::migrate {
namespace {

constexpr unsigned fewest = 2, most = 8;
constexpr std::chrono::milliseconds far_away{5};

unsigned known(unsigned cores, unsigned guess) { return cores > 0 ? cores : guess; }

}  // namespace

LaneLimits default_lanes(const Capacity& capacity, unsigned jobs, unsigned index_jobs) {
  const unsigned target = known(capacity.target_cores, capacity.own_cores);
  unsigned streams = std::min(known(capacity.source_cores, capacity.own_cores), target);
  if (capacity.round_trip >= far_away) streams *= 2;
  return {.copy = jobs > 0 ? jobs : std::clamp(streams, fewest, most),
          .index = index_jobs > 0 ? index_jobs : std::clamp(target, fewest, most)};
}

}  // namespace pgpassage::migrate
