#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "netcheck/topology/editing/edit.hpp"
#include "netcheck/topology/topology.hpp"

/// Changes of a network, each as words, as commands and as edits of the topology file. Pure.
///
/// Every function makes one Change for objects of one topology, which it reads for names, numbers that are free and
/// what an az command must repeat; it does not look whether the change helps. The edits name objects as the file does,
/// so that changes made from one topology can be made one after the other. Names in commands are quoted for a POSIX
/// shell; what the file cannot know stands as a variable in capitals ("$RESOURCE_GROUP", "$SHARED_KEY").
/// Commands are those of Azure CLI 2, AWS CLI 2 and gcloud. Sources: their reference manuals; for Azure's limits of
/// priorities (NSG 100-4096, security admin rules 1-4096) and peerings azure-facts 2.1, 2.4.
namespace pgpassage::scenarios::fix {

/// What a rule has to let through.
struct Passing {
  std::string from, to;            ///< nodes, for names and words
  std::vector<Cidr> sources;       ///< never empty
  std::vector<Cidr> destinations;  ///< empty only with `destination_tag`
  Port port = 5432;
  Protocol protocol = Protocol::tcp;
  std::string destination_tag = {};  ///< a service tag instead of `destinations`, in security groups only

  bool operator==(const Passing&) const = default;
};

/// What an entry of a network ACL of AWS has to let through: one direction of a flow.
struct AclPassing {
  bool egress = false;
  std::vector<Cidr> remotes;  ///< the far end; never empty
  PortRange ports;            ///< destination ports: of the answers those of clients
  Protocol protocol = Protocol::tcp;

  bool operator==(const AclPassing&) const = default;
};

/// A port on which a change lets traffic through.
struct PortAsked {
  Port port = 5432;
  Protocol protocol = Protocol::tcp;

  bool operator==(const PortAsked&) const = default;
};

/// A rule that a change adds to a security group or to a site's filter.
struct AddedRule {
  std::string group;  ///< or
  std::string site;
  Direction direction = Direction::inbound;
  int before = 0;           ///< in a group: the number of the rule that denies
  std::string before_rule;  ///< at a site: its name
  Passing passing;

  bool operator==(const AddedRule&) const = default;
};

/// Entries that a change adds to a network ACL, one for each far end.
struct AddedAclEntries {
  std::string site, acl;
  AclPassing passing;

  bool operator==(const AddedAclEntries&) const = default;
};

/// A rule that a change adds to a collection of security admin rules.
struct AddedAdminRule {
  std::string configuration, collection;
  std::string before_rule;  ///< the rule that denies
  Passing passing;

  bool operator==(const AddedAdminRule&) const = default;
};

/// What a change adds that can be one with what another adds; nothing for other changes.
using Added = std::variant<std::monostate, AddedRule, AddedAclEntries, AddedAdminRule>;

/// One thing to do. Its edits belong together: half of them describe nothing that could be (a route table and its
/// association, both links of a peering).
struct Change {
  std::string text;                 ///< one sentence, in the imperative
  std::vector<std::string> az_cli;  ///< in this order; empty when the change is none of Azure's
  std::vector<editing::Edit> edits;
  Added added = {};
  std::vector<std::string> other_cli = {};       ///< of aws or gcloud, in this order; a change has these or az's
  std::optional<PortAsked> asks = std::nullopt;  ///< what it is for, when that is not a required flow: DNS

  bool operator==(const Change&) const = default;
};

/// Do both give a value to the same key of the same object?
bool collide(const Change& one, const Change& other);

// Security groups and filters.

/// Just above the rule that denies, `before` being its number; 65000 for a default rule. Where every number above is
/// taken, the rules from there on move down by one. Absent changes: the group is full.
std::vector<Change> allow_in_group(const NetworkSecurityGroup& group, Direction direction, int before,
                                   const Passing& passing);
Change remove_rule(const NetworkSecurityGroup& group, const SecurityRule& rule);
/// `before`: the rule of the site that denies; empty for its default.
Change allow_at_site(const Site& site, Direction direction, const std::string& before, const Passing& passing);
/// One change in place of two that differ in their sources or in their destinations alone, and which lets exactly the
/// same through: of security groups, filters of sites, security admin rules and network ACLs. `topology` is the one
/// before both.
std::optional<Change> merged(const Topology& topology, const Change& one, const Change& other);

Change allow_address(const Server& server, const std::string& from, const IpAddress& address);
Change enable_public_access(const Server& server);
Change add_virtual_network_rule(const Server& server, const std::string& network, const std::string& subnet);

// Filters that are no security groups. Absent: every number that would go before is taken.

/// One entry for each far end, before every entry of the ACL that denies some of it.
std::optional<Change> allow_in_acl(const Site& site, const NetworkAcl& acl, const AclPassing& passing);
/// An Allow rule in the same collection and before the one that denies: security groups are asked then, as for any
/// traffic of which no admin rule speaks.
std::optional<Change> allow_in_admin_rules(const SecurityAdminConfiguration& configuration,
                                           const RuleCollection& collection, const AdminRule& before,
                                           const Passing& passing);
Change remove_admin_rule(const SecurityAdminConfiguration& configuration, const RuleCollection& collection,
                         const AdminRule& rule);
/// `server` is Cloud SQL and has a list.
Change authorize_networks(const Server& server, const std::string& from, const std::vector<Cidr>& prefixes);

// Networks.

Change delegate_subnet(const std::string& network, const Subnet& subnet);
Change add_service_endpoint(const std::string& network, const Subnet& subnet);
/// Makes both links Connected, adding those that are absent. `transit`: `network` uses the gateway of `remote`.
Change peer(const VirtualNetwork& network, const VirtualNetwork& remote, bool transit);
/// `key` is one of the flags, as the file spells them.
Change set_peering_flag(const VirtualNetwork& network, const Peering& peering, const std::string& key);
Change connect(const VirtualNetworkGateway& gateway, const GatewayConnection& connection);
Change add_connection(const VirtualNetworkGateway& gateway, const Site& site);
Change add_site_prefix(const Site& site, const Cidr& prefix);
Change add_site_route(const Site& site, const Cidr& prefix);
/// The site lets the gateway know of a prefix that it has and does not announce. The connection has learned routes.
Change announce(const VirtualNetworkGateway& gateway, const GatewayConnection& connection, const Cidr& prefix);
/// In the subnet's table, or in a new one for a subnet that has none (`table` null).
Change add_route(const std::string& network, const Subnet& subnet, const RouteTable* table, Route route);
Change remove_route(const RouteTable& table, const Route& route);
/// Replaces the route by others of the same kind for its prefix without the hole, so that nothing else is opened: as
/// many routes as the hole is longer than the prefix. Absent: nothing would be left, or IPv6.
std::optional<Change> cut_route(const RouteTable& table, const Route& route, const Cidr& hole);
Change propagate_gateway_routes(const RouteTable& table);
Change forward_in_azure(const NetworkAppliance& appliance);
Change forward_itself(const NetworkAppliance& appliance, const Passing& passing);

// Endpoints and names.

Change approve(const PrivateEndpoint& endpoint, const Server& server);
/// `zone` null: without a DNS configuration.
Change add_endpoint(const Server& server, const std::string& network, const Subnet& subnet, const IpAddress& address,
                    const PrivateDnsZone* zone);
Change link_zone(const PrivateDnsZone& zone, const std::string& network);
/// A new zone for the endpoint's records, linked to both networks and attached to the endpoint.
Change make_zone(const std::string& zone, const PrivateEndpoint& endpoint, const std::string& network);
Change attach_zone(const PrivateEndpoint& endpoint, const PrivateDnsZone& zone);
/// Adds the record or corrects the one that the zone has.
Change set_record(const PrivateDnsZone& zone, const std::string& record, const IpAddress& address);
Change add_server_record(const DnsServer& server, const std::string& name, const IpAddress& address);
Change forward_name(const DnsServer& server, const std::string& zone);
Change use_azure_dns(const VirtualNetwork& network);
Change set_custom_host(const Server& server, const std::string& host);
Change clear_custom_host(const Server& server);

// The migration.

Change name_runtime_server(const Migration& migration, const Server& server);
/// A new server in a delegated subnet; `prefix` makes the subnet first.
Change make_runtime_server(const Migration& migration, const Server& target, const VirtualNetwork& network,
                           const std::string& subnet, std::optional<Cidr> prefix,
                           const std::vector<std::string>& networks);

}  // namespace pgpassage::scenarios::fix
