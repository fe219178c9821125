#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "netcheck/base/address.hpp"
#include "netcheck/base/probe_step.hpp"

namespace pgpassage::netcheck {

/// What the real network answered (contract 4).
enum class Observed {
  connected,  ///< TCP connected and PostgreSQL answered the SSLRequest with S or N
  refused,
  timed_out,
  unreachable,
  name_not_found,
  wrong_address,
  tls_failed,
  not_postgres,
  not_probed
};

/// One live probe of one address.
struct Observation {
  Observed observed = Observed::not_probed;
  std::string from;                  ///< the place where it was made; "vm-crossing, standing for orders-runtime"
  std::optional<IpAddress> address;  ///< where the connection went
  Port port = 0;
  std::optional<IpAddress> source_address;  ///< local address of the connection
  std::chrono::milliseconds elapsed{0};
  bool tls_offered = false;  ///< the server answered S
  std::string detail;        ///< the system's or server's own words; why it was not probed
  std::string cure;          ///< not_probed: how to have it probed
  ProbeSteps steps;          ///< in the order made; empty when nothing was asked
};

const char* to_string(Observed value);  ///< the contract's spelling

}  // namespace pgpassage::netcheck
