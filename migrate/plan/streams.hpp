#pragma once

#include <chrono>

#include "migrate/plan/agenda.hpp"

namespace pgpassage::migrate {

/// What decides how much is done at once. Pure values.
struct Capacity {
  unsigned source_cores = 0;                ///< 0: the server does not say
  unsigned target_cores = 0;                ///< likewise
  unsigned own_cores = 2;                   ///< of this machine
  std::chrono::microseconds round_trip{0};  ///< to the farther of both servers
};

/// How many COPY streams and indexes at once; what the operator asked for (0: nothing) comes first.
/// A stream keeps one core busy on each side, so that more than the lesser of both only take turns; where a server does
/// not say what it has, our own cores are the guess. Far from a server a stream also waits for answers: then there are
/// more of them than cores. An index is built on the target alone.
LaneLimits default_lanes(const Capacity& capacity, unsigned jobs, unsigned index_jobs);

}  // namespace pgpassage::migrate
