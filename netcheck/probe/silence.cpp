#include "netcheck/probe/silence.hpp"

#include <fmt/format.h>

namespace pgpassage::netcheck {
namespace {

bool large_ones_are_lost(const TcpState& state) {
  return state.out_of_order > 0 || (state.unacknowledged > 0 && state.resent > 1);
}

Silence black_hole(const TcpState& state, const char* what) {
  return {Observed::timed_out, "mtu-black-hole",
          fmt::format("{} did not end until the deadline: small packets pass both ways and large ones do not "
                      "({} arrived out of order, {} were sent again)",
                      what, state.out_of_order, state.resent)};
}

}  // namespace

Silence silence_at(StepKind step, const std::optional<TcpState>& state) {
  const bool lossy = state && large_ones_are_lost(*state);
  switch (step) {
    case StepKind::ssl_request:
      return {Observed::timed_out, "silent", "TCP connected, but no answer to SSLRequest until the deadline"};
    case StepKind::tls:
      if (lossy) return black_hole(*state, "the server offered TLS, and the handshake");
      return {Observed::timed_out, "tls-silent",
              "the server offered TLS, and the handshake did not end until the deadline"};
    case StepKind::startup:
      if (lossy) return black_hole(*state, "the start of the session");
      return {Observed::connected, "startup-silent", "no answer to the startup message until the deadline"};
    case StepKind::path_mtu:
    case StepKind::throughput:
      if (lossy) return black_hole(*state, "a large exchange");
      return {Observed::timed_out, "slow-path", "a large exchange did not end until the deadline"};
    default: return {Observed::timed_out, "timed-out", "no answer to the connection request until the deadline"};
  }
}

}  // namespace pgpassage::netcheck
