#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/zones/answer.hpp"
#include "dns/zones/resolution.hpp"

/// One question to one resolver, without following what it answers.
namespace pgpassage::dns {

/// An answer about one name alone. `cname` is set when the name is an alias; `kind` and `addresses` then say nothing.
struct Step {
  AnswerKind kind = AnswerKind::unknown;
  std::optional<std::string> cname;
  std::vector<IpAddress> addresses;
  std::string by;
  std::string cause;
  std::string detail;
  Location location;
  NameHopKind source = NameHopKind::public_dns;  ///< who says so
};

/// What the private zones linked to a VNet say. Absent when none of them holds the name. A link with NxDomainRedirect
/// answers names that its zone does not have as public DNS would. Records: what the zone lists; what a private
/// endpoint's zone group, autoregistration or a VNet-integrated server writes itself, for names the zone does not list.
/// Source: azure-facts 2.10; contract 6.7.
std::optional<Step> ask_private_zones(const Topology& topology, const VirtualNetwork& network, std::string_view name);

/// What public DNS says, as far as the file tells (azure-facts 2.11; contract 6.7). `asking` is the VNet whose links
/// were tried before, for the explanation; null from elsewhere.
Step ask_public(const Topology& topology, std::string_view name, const VirtualNetwork* asking);

/// What a site's own resolver says, of which the file says nothing: public names of public servers.
Step ask_undescribed(const Topology& topology, std::string_view name, const Site& site);

/// What the resolver of a place says about one name: custom DNS servers, forwarders, Azure-provided DNS (2.12). `hops`
/// gets the way of the question; null: not wanted.
Step ask(const Topology& topology, const netcheck::Place& from, std::string_view name, std::vector<NameHop>* hops);

}  // namespace pgpassage::dns
