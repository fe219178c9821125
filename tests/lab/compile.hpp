#pragma once

#include <string>
#include <vector>

#include "tests/lab/layout.hpp"
#include "tests/lab/plan.hpp"

/// The parts of compile(). Each reads the topology and the layout, and says in `not_raised` what it leaves out.
namespace pgpassage::lab {

using Notes = std::vector<std::string>;

/// Lines for `ip -batch` in the fabric. Each subnet has a table of its own in which prefix length and metric decide as
/// in Azure: user routes before gateway routes before system routes. `throw` stands for "deliver inside the VNet".
/// Source: Microsoft Learn, "Virtual network traffic routing", section "How Azure selects a route".
std::vector<std::string> fabric_routes(const Topology& topology, const Layout& layout, const Fabric& fabric,
                                       Notes& not_raised);
std::vector<std::string> gateway_routes(const Topology& topology, const Layout& layout, const Nic& nic);
std::vector<std::string> internet_routes(const Topology& topology, const Layout& layout);

/// nft text of a VNet's fabric: NSGs, peering flags, endpoint states, address translation.
std::string network_filter(const Topology& topology, const Layout& layout, const Fabric& fabric, Notes& not_raised);
/// nft text of a site's fabric: its own filter, address translation.
std::string site_filter(const Topology& topology, const Layout& layout, const Fabric& fabric, Notes& not_raised);
/// nft text of the internet: firewalls of public servers.
std::string internet_filter(const Topology& topology, const Layout& layout, Notes& not_raised);
/// nft text of a private endpoint: what arrives for the server's port goes over the link, all else is dropped.
std::string endpoint_filter(const PrivateLink& link, const IpAddress& address);
/// nft text of an appliance that translates what it sends to public addresses.
std::string appliance_filter();

/// The match and verdict of one rule as nft rules: one for each pair of source and destination that nft tells apart.
/// `tag_set` is the nft set that holds the VirtualNetwork tag, empty where the tag means nothing (a site).
std::vector<std::string> rule_text(const Topology& topology, const Layout& layout, const SecurityRule& rule,
                                   std::string_view owner, std::string_view tag_set, Notes& not_raised);

/// What the VirtualNetwork tag covers, seen from a subnet; a null subnet has no user routes.
std::vector<Cidr> virtual_network_tag(const Topology& topology, const VirtualNetwork& network, const Subnet* subnet);
/// The prefixes of sites that a gateway announces to its VNet.
std::vector<Cidr> site_prefixes(const Topology& topology, const VirtualNetworkGateway& gateway, bool connected_only);

/// The security admin rules of a VNet in one direction, as a chain that ends in the chain of the security groups:
/// AlwaysAllow returns past it, Deny drops. Empty: no rule concerns the VNet.
std::vector<std::string> admin_rule_texts(const Topology& topology, const Layout& layout, const VirtualNetwork& network,
                                          Direction direction, const std::string& groups_chain,
                                          std::string_view tag_set, Notes& not_raised);

/// Network ACLs: for every packet, answers too, so the jumps come before any look at the connection's state.
struct AclChains {
  std::string chains;
  std::vector<std::string> leaving;   ///< a subnet
  std::vector<std::string> entering;  ///< a subnet, after `leaving`
};
AclChains network_acl_chains(const Site& site, Notes& not_raised);

std::vector<NameServer> name_servers(const Topology& topology, const Layout& layout, Notes& not_raised);
std::string resolv_conf(const Topology& topology, const Nic& nic);

std::vector<Cluster> clusters(const Topology& topology, const Layout& layout, Notes& not_raised);

}  // namespace pgpassage::lab
