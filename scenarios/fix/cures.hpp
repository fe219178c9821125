#pragma once

#include <string>
#include <vector>

#include "scenarios/fix/change.hpp"
#include "scenarios/verdict/assessment.hpp"
#include "scenarios/verdict/case.hpp"
#include "scenarios/verdict/flows.hpp"

/// From what stops a migration to the changes of which each may cure it. Whether one does is for the caller to see:
/// behind a blocker that is gone another may come to light. What to do is decided by the cause of the hop
/// (netcheck/reach/causes.hpp, dns/zones/causes.hpp) or the rule of the finding, and by the objects of the topology,
/// never by words that were written for a person. Changes are alternatives, the one that allows least first; an empty
/// list says that no change we know of helps. Pure; cannot fail: what is not found in the topology has no cure.
namespace pgpassage::scenarios::fix {

/// One thing that keeps a topology from being ready.
struct Blocker {
  std::string rule;           ///< id: "NET203"
  std::string what;           ///< one sentence
  std::vector<Change> cures;  ///< the narrowest first; empty when no change of the network helps
};

/// Every blocker of a judged topology: what stops its flows, names that lead elsewhere, facts that do not hold.
/// What is unknown is none, except where the file's own setting makes it so (an asymmetric return, a peering whose
/// access is off).
std::vector<Blocker> blockers_of(const Case& checked, const Assessment& assessment);

/// A flow that has to pass.
struct Way {
  const Case& checked;
  netcheck::Place from;
  netcheck::Place to;  ///< `address` is where the packets go
  Port port = 5432;
  Protocol protocol = Protocol::tcp;

  const Topology& topology() const { return checked.topology; }
};

/// For one hop that stops the flow. `trace` is the walk in which it stands.
std::vector<Change> cures_of(const Way& way, const netcheck::Trace& trace, const netcheck::Hop& hop);

/// The same for a security group, an endpoint or a firewall.
std::vector<Change> cures_of_filter(const Way& way, const netcheck::Hop& hop);

/// The same for a network ACL of AWS, and for a security admin rule.
std::vector<Change> cures_of_acl(const Way& way, const netcheck::Hop& hop);
std::vector<Change> cures_of_admin_rule(const Way& way, const netcheck::Hop& hop);

/// For a Cloud SQL server that has a list of authorized networks, where the start of the flow is not in it.
std::vector<Change> cures_of_authorized_networks(const Way& way, const Server& server);

/// For prefixes of a site that it does not announce over its connections: one change for each prefix and connection.
std::vector<Change> cures_of_learned_routes(const Way& way, const Site& site, const std::vector<Cidr>& prefixes);

/// The flow as a filter sees it which stands at the end of that direction: at the far end of a public way with the
/// addresses after translation. Lists are empty where the file does not say.
Passing passing_of(const Way& way, Direction direction);

/// For a name that does not lead to its server.
std::vector<Change> cures_of_name(const Way& way, const Destination& destination, const dns::Answer& answer,
                                  NameOutcome outcome);

/// For a fact that does not hold.
std::vector<Change> cures_of_fact(const Case& checked, const Finding& finding);

// Where things are.

/// The prefixes by which filters know the start of a flow: a managed server's subnet, whose address may change, else
/// the address, else subnet or site. `translated`: its public addresses. Empty when the file does not say.
std::vector<Cidr> source_prefixes(const Topology& topology, const netcheck::Place& place, bool translated);
/// The one address where the packets go, else the subnet or site.
std::vector<Cidr> destination_prefixes(const Topology& topology, const netcheck::Place& place);

/// "a", "b" of "a/b" or of "a -> b"; the second is empty when there is no such separator.
std::pair<std::string, std::string> split(std::string_view text, std::string_view separator);

/// The first address of a subnet that nothing in the file has; Azure keeps the first four.
std::optional<IpAddress> free_address(const Topology& topology, const Subnet& subnet);
/// A prefix of that length in the network which overlaps no subnet.
std::optional<Cidr> free_prefix(const VirtualNetwork& network, int length);

}  // namespace pgpassage::scenarios::fix
