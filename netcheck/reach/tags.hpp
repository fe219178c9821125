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

/// A service of Azure as one end of a flow: any address of its tag, which only `serviceTags:` gives.
struct AzureService {
  std::string tag;           ///< "Storage", "AzureActiveDirectory"
  std::string region = {};   ///< "westeurope"; empty: not known, or there is none to know
  bool has_regions = false;  ///< of every region there is a part, as "Storage.WestEurope"
};

/// Do the entries of a rule hold the service: all of its addresses that may be meant (yes), or none (no)? Its own tag
/// does, Internet does, and AzureCloud where the service has regions; the tags of other services and of other regions
/// do not. A public prefix is undecided unless `serviceTags:` lists the service.
/// Source: Microsoft Learn, "Virtual network service tags"; azure-facts 2.2.
Match holds_service(const Topology& topology, const VirtualNetworkTag& virtual_network,
                    const std::vector<AddressPrefix>& entries, const AzureService& service);

/// Does `address` lie in one of the entries of a rule: prefixes, "*" or tags?
Match lies_in_any(const Topology& topology, const VirtualNetworkTag& virtual_network,
                  const std::vector<AddressPrefix>& entries, const AddressSpan& address);

}  // namespace pgpassage::netcheck
