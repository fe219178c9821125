#pragma once

#include <string>
#include <system_error>

#include "netcheck/base/observation.hpp"

/// Why a connection could not be opened; the causes behind each error were measured on Linux. Pure.
namespace pgpassage::netcheck {

struct ConnectError {
  Observed observed = Observed::unreachable;
  std::string cause;  ///< "refused", "timed-out", "unreachable", "no-route", "route-forbidden", "no-address-of-family",
                      ///< "reset", "out-of-descriptors", "canceled"
  std::string words;
};

ConnectError connect_error_of(std::error_code error);

}  // namespace pgpassage::netcheck
