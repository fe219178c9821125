#pragma once

#include <compare>
#include <optional>
#include <string>

#include "netcheck/topology/topology.hpp"

namespace pgpassage::netcheck {

/// libpq's connection parameters of which a probe makes use.
struct ConnectionParameters {
  std::string host;                 ///< the name that was resolved: for SNI and the certificate; empty: the address
  std::optional<SslMode> ssl_mode;  ///< absent: libpq's default, prefer
  std::string user;                 ///< empty: no session is begun
  std::string database;

  auto operator<=>(const ConnectionParameters&) const = default;
};

/// The mode refuses a server that has no TLS.
inline bool wants_tls(const ConnectionParameters& wanted) {
  return wanted.ssl_mode && *wanted.ssl_mode >= SslMode::require;
}

}  // namespace pgpassage::netcheck
