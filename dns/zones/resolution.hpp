#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dns/zones/answer.hpp"

/// How a name comes to its answer on paper: who is asked, and what each says. Pure.
namespace pgpassage::dns {

/// What decides at one hop.
enum class NameHopKind {
  setting,        ///< the place's own: dnsServers of its VNet or site, or Azure-provided DNS
  way,            ///< port 53 of a DNS server over UDP
  platform_rule,  ///< a security rule that names AzurePlatformDNS
  record,         ///< of a custom DNS server
  forwarder,      ///< of a custom DNS server, conditional or not
  zone,           ///< private DNS zones linked to the VNet
  ruleset,        ///< DNS forwarding rulesets linked to the VNet
  public_dns,     ///< what the file says about public names
  resolver        ///< a site's resolver, or a server, of which the file says nothing
};

enum class NameDecision {
  answer,   ///< with addresses
  alias,    ///< a CNAME: its target is asked for next, from the start
  forward,  ///< another resolver is asked
  pass,     ///< nothing here; the next source of the same resolver is asked
  none,     ///< no such name, or no address
  deny,     ///< the question does not arrive; another server may still be asked
  unknown
};

/// One decision about one name.
struct NameHop {
  std::string name;  ///< the name that is asked for
  std::string at;    ///< where it is decided: "vnet-hub", "dns-hub", "Azure-provided DNS of vnet-hub", "public DNS"
  NameHopKind kind = NameHopKind::zone;
  NameDecision decision = NameDecision::pass;
  std::string by;      ///< the deciding object: "zone link link-hub", "ruleset-hub/corp.contoso.example."
  Location location;   ///< of the deciding object, when the file has one
  std::string cause;   ///< of dns/zones/causes.hpp or netcheck/reach/causes.hpp; empty where nothing is amiss
  std::string detail;  ///< one sentence for a person; may be empty
};

struct Resolution {
  Answer answer;              ///< what resolve() says
  std::vector<NameHop> hops;  ///< in the order of asking; the last one decides. Empty for an address or no name
};

/// Resolves as resolve() does, and tells the way.
Resolution resolution_of(const Topology& topology, const netcheck::Place& from, std::string_view name);

const char* to_string(NameHopKind value);
const char* to_string(NameDecision value);

}  // namespace pgpassage::dns
