#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dns/zones/lookup.hpp"
#include "netcheck/base/address.hpp"
#include "netcheck/base/error.hpp"

/// One DNS answer as it came from the network: bytes from outside, trusted in nothing.
namespace pgpassage::dns {

/// What one message says about the asked name. Names are in lower case without the trailing dot.
struct PacketAnswer {
  int rcode = 0;                     ///< RFC 1035 4.1.1: 0 NOERROR, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED
  std::vector<std::string> chain;    ///< the asked name, then every CNAME target; never empty
  std::vector<IpAddress> addresses;  ///< A and AAAA of the last name of the chain, in the order of the message
  int ttl_seconds = 0;               ///< the smallest of the records used; 0 when none was
  std::vector<DnsRecord> records;    ///< those used: the aliases, then the addresses
  bool authenticated = false;        ///< AD, RFC 4035 3.2.3
};

/// Reads the answer section: a CNAME chain is there even when the answer is NXDOMAIN, which is what a private zone
/// without the record looks like. Records that the chain does not lead to are ignored, whatever they claim.
/// Errors (Errc::io): a record or name that does not fit the message, an address of a wrong length, a CNAME loop, a
/// chain of more than 16 names. No I/O; bounded in time and memory by the size of the message (at most 64 KB).
Result<PacketAnswer> read_packet(std::span<const unsigned char> packet, std::string_view asked);

/// "NXDOMAIN" for 3; "RCODE 17" for one that has no common name.
std::string rcode_name(int rcode);

/// A name as it is compared: lower case, without the trailing dot.
std::string canonical_name(std::string_view name);

}  // namespace pgpassage::dns
