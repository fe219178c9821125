#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "netcheck/base/address.hpp"

/// The value that the live resolver (dns/resolver) returns, apart from it so that pure code can judge it.
namespace pgpassage::dns {

enum class LookupStatus { answered, nx_domain, no_data, server_failure, refused, timed_out, unreachable, malformed };

/// A record that led to the answer.
struct DnsRecord {
  std::string owner;
  std::string type;   ///< "CNAME", "A", "AAAA"
  std::string value;  ///< a name or an address
  int ttl_seconds = 0;

  bool operator==(const DnsRecord&) const = default;
};

/// A server that was asked first and did not know.
struct LameServer {
  std::string server;
  LookupStatus status = LookupStatus::timed_out;
  std::string detail;

  bool operator==(const LameServer&) const = default;
};

/// What one DNS server said about one name.
struct Lookup {
  std::string name;
  LookupStatus status = LookupStatus::timed_out;
  std::vector<std::string> chain;    ///< the asked name, then every CNAME target
  std::vector<IpAddress> addresses;  ///< A first, then AAAA
  std::string server;                ///< address of the server that answered; empty when none did
  std::chrono::milliseconds elapsed{0};
  int ttl_seconds = 0;             ///< the smallest on the way; 0 when there is no answer
  std::string detail;              ///< what went wrong, in words
  std::vector<DnsRecord> records;  ///< of the chain and its end, in that order
  bool authenticated = false;      ///< the server says that it verified the answer by DNSSEC (AD)
  bool over_tcp = false;           ///< the answer came over TCP: it was truncated over UDP, or UDP stayed silent
  bool udp_silent = false;         ///< nothing came over UDP, and TCP answered
  std::vector<LameServer> lame;    ///< in the order asked; empty when the first server answered
};

const char* to_string(LookupStatus value);

}  // namespace pgpassage::dns
