#pragma once

#include <optional>
#include <string>

#include "netcheck/base/observation.hpp"
#include "netcheck/probe/tcp_state.hpp"

/// What it means when a deadline finds a probe in the middle of a step. Pure.
namespace pgpassage::netcheck {

struct Silence {
  Observed observed = Observed::timed_out;
  std::string cause;  ///< "timed-out", "silent", "tls-silent", "startup-silent", "slow-path", "mtu-black-hole"
  std::string words;
};

/// `state` is the connection's, where there is one. Segments that came while an earlier one was missing, or our own
/// that were repeated without effect, after small messages had passed both ways, are what a path shows that loses large
/// packets and does not say so (RFC 2923 2.1).
Silence silence_at(StepKind step, const std::optional<TcpState>& state);

}  // namespace pgpassage::netcheck
