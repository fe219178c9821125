#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "netcheck/base/address.hpp"
#include "netcheck/base/location.hpp"
#include "netcheck/reach/trace.hpp"
#include "netcheck/topology/topology.hpp"

/// What a name resolves to from one place in the network, decided on paper. Pure.
namespace pgpassage::dns {

enum class AnswerKind {
  addresses,          ///< `addresses` is not empty
  nx_domain,          ///< a zone that is authoritative for the name does not have it
  no_address,         ///< the name exists and has no address
  unknown,            ///< the file cannot say; `by` names the missing fact
  server_unreachable  ///< the place's DNS server or forwarder cannot answer
};

/// How the file says a name resolves from a place (azure-facts 2.10-2.12).
struct Answer {
  AnswerKind kind = AnswerKind::unknown;
  std::vector<std::string> chain;    ///< every name on the way, the asked one first; each CNAME target follows
  std::vector<IpAddress> addresses;  ///< of the last name
  std::string by;      ///< the deciding object in words: "zone link link-hub", "public DNS", "record ... of dns-hub"
  std::string cause;   ///< stable kebab-case id when there is no usable answer: "zone-not-linked", "record-missing"
  std::string detail;  ///< one sentence for a person
  Location location;   ///< of the deciding object, when the file has one
};

/// Resolves `name` as `from` would. A name that is an address resolves to itself. Never fails: what the file cannot
/// say is `unknown`. CNAMEs are followed with the whole order re-evaluated at each step, at most 16 times.
Answer resolve(const Topology& topology, const netcheck::Place& from, std::string_view name);

/// The name by which the place must ask for a server: customHost, else fqdn, else its address as text.
std::string name_of(const Server& server);

const char* to_string(AnswerKind value);

}  // namespace pgpassage::dns
