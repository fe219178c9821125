#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "netcheck/base/address.hpp"

/// The value that the live resolver (dns/resolver) returns, apart from it so that pure code can judge it.
namespace pgpassage::dns {

enum class LookupStatus { answered, nx_domain, no_data, server_failure, refused, timed_out, unreachable, malformed };

/// What one DNS server said about one name.
struct Lookup {
  std::string name;
  LookupStatus status = LookupStatus::timed_out;
  std::vector<std::string> chain;    ///< the asked name, then every CNAME target
  std::vector<IpAddress> addresses;  ///< A first, then AAAA
  std::string server;                ///< address of the server that answered; empty when none did
  std::chrono::milliseconds elapsed{0};
  int ttl_seconds = 0;  ///< the smallest on the way; 0 when there is no answer
  std::string detail;   ///< what went wrong, in words
};

const char* to_string(LookupStatus value);

}  // namespace pgpassage::dns
