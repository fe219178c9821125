#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "netcheck/reach/states.hpp"
#include "netcheck/reach/tags.hpp"

namespace pgpassage::netcheck {

/// One end of a flow as a network security group sees it.
struct NsgEnd {
  AddressSpan address;
  std::vector<std::string> application_security_groups;
  /// False for a bare address or subnet: the file may have a machine there, in groups it does not name.
  bool groups_known = true;
  /// Instead of an address: a service of Azure.
  std::optional<AzureService> service = {};
};

/// A TCP or UDP flow as a network security group sees it. Its source port is some port from 1024 up.
struct NsgFlow {
  NsgEnd source;
  NsgEnd destination;
  Port port = 5432;
  /// At a private endpoint's subnet a rule's source ports count as "*" (azure-facts 2.8.6).
  bool ignores_source_ports = false;
  Protocol protocol = Protocol::tcp;
};

/// "TCP" or "UDP".
const char* name_of(Protocol protocol);

struct NsgDecision {
  Predicted predicted = Predicted::denied;
  std::string rule;     ///< the rule that decides, or the first that may; a default rule's own name: "DenyAllInBound"
  Location location;    ///< not known for a default rule
  std::string missing;  ///< with Predicted::unknown: what would have to be known
  bool is_default = false;  ///< `rule` is one of the six that every group has
};

/// Decides one flow at one network security group, in the direction in which the connection is opened; never ask about
/// replies. Rules are tried from the lowest priority number to the highest, then the six default rules. A rule that
/// may match (an address or a tag that the file does not give) makes the answer unknown, unless every rule that may
/// match and the first that surely does agree. No I/O, cannot fail.
/// Source: Microsoft Learn, "How network security groups filter network traffic"; azure-facts 2.1.
NsgDecision evaluate(const Topology& topology, const NetworkSecurityGroup& nsg, Direction direction,
                     const NsgFlow& flow, const VirtualNetworkTag& virtual_network);

/// The six rules that every network security group ends with, by priority.
std::span<const SecurityRule> default_rules();

/// The part of a rule's match that no address decides: protocol, destination port and source port.
Match service_matches(const SecurityRule& rule, Protocol protocol, Port port, bool ignores_source_ports);

/// Does one end of a flow lie in one side of a rule: its prefixes, tags or application security groups?
Match end_matches(const Topology& topology, const VirtualNetworkTag& virtual_network,
                  const std::vector<AddressPrefix>& prefixes, const std::vector<std::string>& groups,
                  const NsgEnd& end);

/// Does one rule of an NSG or of a site's filter match?
Match matches(const Topology& topology, const SecurityRule& rule, const NsgFlow& flow,
              const VirtualNetworkTag& virtual_network);
Match matches(const Topology& topology, const AdminRule& rule, const NsgFlow& flow,
              const VirtualNetworkTag& virtual_network);

/// The first service tag of a rule whose addresses only `serviceTags:` could give, as words; empty: there is none.
std::string undecided_tag(const std::vector<AddressPrefix>& sources, const std::vector<AddressPrefix>& destinations);

enum class AdminEffect {
  asks_groups,         ///< no rule matches, or Allow does: the security groups decide
  passes_by_groups,    ///< AlwaysAllow
  denies,              ///< whatever the groups say
  may_pass_by_groups,  ///< AlwaysAllow may match: what the groups admit is admitted, what they deny is undecided
  undecided            ///< Deny may match, or stands beside another rule of the same priority
};

struct AdminDecision {
  AdminEffect effect = AdminEffect::asks_groups;
  const AppliedAdminRule* by = nullptr;  ///< the rule that decides, or the first that may; null: none matches
  bool may_skip_groups = false;          ///< with `undecided`: AlwaysAllow may, so what the groups deny is not certain
};

/// Decides one flow at the security admin rules of one VNet: they are tried before every security group. Deny ends
/// it, AlwaysAllow admits without asking the groups, Allow leaves it to them.
/// Not modelled: VNets from which Azure takes the rules away because of a service with network intent policies.
/// Source: Microsoft Learn, "Security admin rules in Azure Virtual Network Manager"; azure-facts 2.1.11.
AdminDecision evaluate(const Topology& topology, const std::vector<AppliedAdminRule>& rules, Direction direction,
                       const NsgFlow& flow, const VirtualNetworkTag& virtual_network);

}  // namespace pgpassage::netcheck
