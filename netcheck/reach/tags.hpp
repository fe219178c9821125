#pragma once

#include <string_view>
#include <vector>

#include "netcheck/reach/match.hpp"

/// What a service tag of a rule contains.
namespace pgpassage::netcheck {

/// The tag VirtualNetwork as one subnet sees it (azure-facts 2.2); filled by `state_of`.
struct VirtualNetworkTag {
  std::vector<Cidr> prefixes;  ///< without default routes
  bool has_default = false;    ///< a user route or a gateway route 0.0.0.0/0 makes the tag contain every IPv4 address
  /// Of user routes to None and Internet: the documents say that user routes widen the tag, not whether these do.
  std::vector<Cidr> doubtful = {};
  bool has_ipv6_default = false;  ///< the same with ::/0 and every IPv6 address
};

/// Does `address` lie in the tag? VirtualNetwork is what the subnet sees; Internet is every public address outside it
/// (not decidable while the tag has a default route); other tags are what `serviceTags:` lists, and without a list:
/// no for a private address (their addresses are all public), unknown for a public one.
/// A tag whose name is not Azure's is unknown for every address that `serviceTags:` does not decide.
/// Source: Microsoft Learn, "Virtual network service tags"; contract 6.9.
Match lies_in_tag(const Topology& topology, const VirtualNetworkTag& virtual_network, std::string_view tag,
                  const AddressSpan& address);

/// Is it a tag that never holds a private address? AzurePlatform* are none of these: they are 168.63.129.16 and
/// 169.254.169.254.
bool all_public(std::string_view tag);

/// Does `address` lie in one of the entries of a rule: prefixes, "*" or tags?
Match lies_in_any(const Topology& topology, const VirtualNetworkTag& virtual_network,
                  const std::vector<AddressPrefix>& entries, const AddressSpan& address);

}  // namespace pgpassage::netcheck
