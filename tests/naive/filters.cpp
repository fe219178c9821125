#include "tests/naive/filters.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace pgpassage::naive {
namespace {

const IpAddress platform = *IpAddress::parse("168.63.129.16");

/// Where a rule is asked: what VirtualNetwork means depends on it.
struct Asked {
  const VirtualNetwork* network = nullptr;
  const Subnet* subnet = nullptr;
  bool any_source_port = false;
};

/// The prefixes of the tag VirtualNetwork, as one subnet sees it.
struct VirtualNetworkPrefixes {
  std::vector<Cidr> sure;
  std::vector<Cidr> doubtful;  ///< of user routes that lead to nothing or to the Internet
};

VirtualNetworkPrefixes virtual_network_prefixes(const Topology& topology, const Asked& asked) {
  VirtualNetworkPrefixes result;
  result.sure = asked.network->address_prefixes;
  result.sure.emplace_back(platform);
  const auto add = [&](const std::vector<Cidr>& more) {
    result.sure.insert(result.sure.end(), more.begin(), more.end());
  };
  for (const VirtualNetwork& other : topology.virtual_networks) {
    const Peering* link = find_peering(*asked.network, other.name);
    if (link != nullptr && link->allow_virtual_network_access && peered(*asked.network, other))
      add(other.address_prefixes);
  }
  const RouteTable* table = asked.subnet == nullptr ? nullptr : find_route_table(topology, asked.subnet->route_table);
  const bool learns = table == nullptr || !table->disable_bgp_route_propagation;
  for (const GatewayUse& use : gateways_of(topology, *asked.network))
    for (const GatewayConnection& connection : use.gateway->connections)
      for (const Cidr& prefix : prefixes_of(topology, connection))
        if (learns || prefix.length() > 0) result.sure.push_back(prefix);  // a default route only when it is learned
  for (const Route& route : table == nullptr ? std::vector<Route>{} : table->routes) {
    const bool leads_nowhere = route.next_hop_type == NextHopType::none || route.next_hop_type == NextHopType::internet;
    auto& list = leads_nowhere ? result.doubtful : result.sure;
    // A default route widens the tag when it leads to an appliance or a gateway.
    if (route.prefix.cidr && !(leads_nowhere && route.prefix.cidr->length() == 0)) list.push_back(*route.prefix.cidr);
    if (const ServiceTag* tag = find_service_tag(topology, route.prefix.tag))
      list.insert(list.end(), tag->prefixes.begin(), tag->prefixes.end());
  }
  return result;
}

/// An address of a packet, as a rule sees it.
struct Seen {
  IpAddress address;
  bool anywhere = false;
};

Seen source_of(const Packet& packet) { return {packet.source, packet.source_anywhere}; }
Seen destination_of(const Packet& packet) { return {packet.destination, packet.destination_anywhere}; }

bool in_virtual_network(World& world, const Topology& topology, const Asked& asked, const Seen& seen) {
  const auto& [address, anywhere] = seen;
  VirtualNetworkPrefixes prefixes = virtual_network_prefixes(topology, asked);
  if (anywhere) std::erase_if(prefixes.sure, [](const Cidr& prefix) { return prefix.length() > 0; });
  if (contains(prefixes.sure, address)) return true;
  return contains(prefixes.doubtful, address) && world.guess("VirtualNetwork holds routes to None and Internet");
}

bool in_internet(World& world, const Topology& topology, const Asked& asked, const Seen& seen) {
  if (!seen.address.global()) return false;
  const VirtualNetworkPrefixes prefixes = virtual_network_prefixes(topology, asked);
  const auto everything = [&](const Cidr& prefix) { return prefix.length() == 0 && prefix.contains(seen.address); };
  if (std::ranges::any_of(prefixes.sure, everything)) return world.guess("Internet beside a default route");
  return seen.anywhere || !in_virtual_network(world, topology, asked, seen);
}

bool prefix_matches(World& world, const Topology& topology, const Asked& asked, const AddressPrefix& prefix,
                    const Seen& seen) {
  if (prefix.cidr) return prefix.cidr->contains(seen.address);
  if (prefix.tag == "*") return true;
  if (asked.network != nullptr && prefix.tag == "VirtualNetwork")
    return in_virtual_network(world, topology, asked, seen);
  if (asked.network != nullptr && prefix.tag == "Internet") return in_internet(world, topology, asked, seen);
  return in_tag(world, topology, prefix.tag, seen.address);
}

bool in_application_group(World& world, const End& end, const std::string& group, const char* which) {
  if (std::ranges::find(end.asgs, group) != end.asgs.end()) return true;
  return !end.asgs_known && world.guess(std::string{which} + " is in " + group);
}

bool side_matches(World& world, const Topology& topology, const Asked& asked,
                  const std::vector<AddressPrefix>& prefixes, const std::vector<std::string>& groups, const Seen& seen,
                  const End& end, const char* which) {
  for (const AddressPrefix& prefix : prefixes)
    if (prefix_matches(world, topology, asked, prefix, seen)) return true;
  for (const std::string& group : groups)
    if (in_application_group(world, end, group, which)) return true;
  return false;
}

SecurityRule as_security_rule(const AdminRule& rule) {
  SecurityRule result;
  result.direction = rule.direction;
  result.protocol = rule.protocol;
  result.source_prefixes = rule.sources;
  result.source_ports = rule.source_ports;
  result.destination_prefixes = rule.destinations;
  result.destination_ports = rule.destination_ports;
  return result;
}

/// The system takes any port from 1024 up: each that some rule tells from its neighbours is tried.
std::vector<Port> source_ports(const Topology& topology) {
  std::set<Port> ports{1024, 65535};
  const auto add = [&](const SecurityRule& rule) {
    for (const PortRange& range : rule.source_ports) {
      if (range.first >= 1024) ports.insert(range.first);
      if (range.last >= 1023 && range.last < 65535) ports.insert(static_cast<Port>(range.last + 1));
    }
  };
  for (const NetworkSecurityGroup& group : topology.network_security_groups)
    for (const SecurityRule& rule : group.rules) add(rule);
  for (const Site& site : topology.sites)
    for (const SecurityRule& rule : site.firewall_rules.value_or(std::vector<SecurityRule>{})) add(rule);
  for (const SecurityAdminConfiguration& configuration : topology.security_admin_configurations)
    for (const RuleCollection& collection : configuration.rule_collections)
      for (const AdminRule& rule : collection.rules) add(as_security_rule(rule));
  for (const Site& site : topology.sites)
    for (const NetworkAcl& acl : site.network_acls.value_or(std::vector<NetworkAcl>{}))
      for (const NetworkAclEntry& entry : acl.entries) {
        SecurityRule ports_of_answers;
        ports_of_answers.source_ports = {entry.port_range};
        add(ports_of_answers);
      }
  return {ports.begin(), ports.end()};
}

bool source_port_matches(World& world, const Topology& topology, const std::vector<PortRange>& ranges) {
  const auto certain = [](const PortRange& range) { return range.first <= 1024 && range.last == 65535; };
  const auto possible = [](const PortRange& range) { return range.last >= 1024; };
  if (std::ranges::any_of(ranges, certain)) return true;
  if (std::ranges::none_of(ranges, possible)) return false;
  const Port port = world.pick_of<Port>("source port", [&] { return source_ports(topology); });
  return std::ranges::any_of(ranges, [&](const PortRange& range) { return range.contains(port); });
}

bool rule_matches(World& world, const Topology& topology, const Asked& asked, const SecurityRule& rule,
                  const Packet& packet) {
  if (rule.protocol != Protocol::any && rule.protocol != packet.protocol) return false;
  const auto holds = [&](const PortRange& range) { return range.contains(packet.port); };
  if (std::ranges::none_of(rule.destination_ports, holds)) return false;
  if (!side_matches(world, topology, asked, rule.source_prefixes, rule.source_groups, source_of(packet), *packet.from,
                    "source"))
    return false;
  if (!side_matches(world, topology, asked, rule.destination_prefixes, rule.destination_groups, destination_of(packet),
                    *packet.to, "destination"))
    return false;
  return asked.any_source_port || source_port_matches(world, topology, rule.source_ports);
}

/// AllowVNetInBound, AllowAzureLoadBalancerInBound, DenyAllInBound; AllowVnetOutBound, AllowInternetOutBound,
/// DenyAllOutBound.
bool defaults_allow(World& world, const Topology& topology, const Asked& asked, Direction direction,
                    const Packet& packet) {
  if (in_virtual_network(world, topology, asked, source_of(packet)) &&
      in_virtual_network(world, topology, asked, destination_of(packet)))
    return true;
  if (direction == Direction::inbound) return packet.source == platform;
  return in_internet(world, topology, asked, destination_of(packet));
}

bool known_public_tag(const std::string& tag) {
  const std::set<std::string> services{"Internet", "Sql", "Storage", "AzureCloud", "AzureActiveDirectory"};
  return services.contains(tag.substr(0, tag.find('.')));
}

}  // namespace

bool peered(const VirtualNetwork& one, const VirtualNetwork& other) {
  const Peering* near = find_peering(one, other.name);
  const Peering* far = find_peering(other, one.name);
  return near != nullptr && far != nullptr && near->state == PeeringState::connected &&
         far->state == PeeringState::connected;
}

std::vector<GatewayUse> gateways_of(const Topology& topology, const VirtualNetwork& network) {
  std::vector<GatewayUse> own, shared;
  for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways) {
    const VirtualNetwork& hub = *find_virtual_network(topology, gateway.virtual_network);
    if (&hub == &network) own.push_back({&gateway, &hub});
    if (&hub != &network && peered(network, hub) && find_peering(network, hub.name)->use_remote_gateways &&
        find_peering(hub, network.name)->allow_gateway_transit)
      shared.push_back({&gateway, &hub});
  }
  return own.empty() ? shared : own;
}

bool group_allows(World& world, const Topology& topology, const std::string& group, Direction direction,
                  const Packet& packet, const VirtualNetwork& network, const Subnet* subnet, bool any_source_port) {
  const NetworkSecurityGroup* found = find_network_security_group(topology, group);
  if (found == nullptr) return true;
  const Asked asked{&network, subnet, any_source_port};
  for (const SecurityRule& rule : found->rules)
    if (rule.direction == direction && rule_matches(world, topology, asked, rule, packet))
      return rule.access == Access::allow;
  return defaults_allow(world, topology, asked, direction, packet);
}

bool platform_allowed(World& world, const Topology& topology, const std::string& group, const Packet& packet,
                      const VirtualNetwork& network, const Subnet* subnet) {
  const NetworkSecurityGroup* found = find_network_security_group(topology, group);
  if (found == nullptr) return true;
  for (SecurityRule rule : found->rules) {
    const bool named = std::ranges::any_of(rule.destination_prefixes,
                                           [](const AddressPrefix& entry) { return entry.tag == "AzurePlatformDNS"; });
    if (!named || rule.direction != Direction::outbound) continue;
    rule.destination_prefixes = {{std::nullopt, "*"}};
    if (rule_matches(world, topology, {&network, subnet, false}, rule, packet)) return rule.access == Access::allow;
  }
  return true;
}

const std::vector<Cidr>& prefixes_of(const Topology& topology, const GatewayConnection& connection) {
  return connection.learned_routes ? *connection.learned_routes
                                   : find_site(topology, connection.site)->address_prefixes;
}

namespace {

/// The rules of one configuration that concern the VNet and match, by priority. Of equal ones any may come first.
std::map<int, std::vector<AdminRuleAccess>> matching_admin_rules(World& world, const Topology& topology,
                                                                 const SecurityAdminConfiguration& configuration,
                                                                 const Asked& asked, Direction direction,
                                                                 const Packet& packet) {
  std::map<int, std::vector<AdminRuleAccess>> result;
  for (const RuleCollection& collection : configuration.rule_collections) {
    const bool concerned = std::ranges::any_of(collection.applies_to_groups, [&](const std::string& name) {
      const auto& members = find_network_group(topology, name)->static_members;
      return std::ranges::find(members, asked.network->name) != members.end();
    });
    for (const AdminRule& rule : collection.rules)
      if (concerned && rule.direction == direction &&
          rule_matches(world, topology, asked, as_security_rule(rule), packet))
        result[rule.priority].push_back(rule.access);
  }
  return result;
}

/// Absent: the groups decide.
std::optional<bool> admin_rules_say(World& world, const Topology& topology, const Asked& asked, Direction direction,
                                    const Packet& packet) {
  const std::set<std::string> exempt{"GatewaySubnet", "AzureFirewallSubnet", "AzureFirewallManagementSubnet",
                                     "AzureBastionSubnet", "RouteServerSubnet"};
  if (asked.subnet != nullptr && exempt.contains(asked.subnet->name)) return std::nullopt;
  for (const SecurityAdminConfiguration& configuration : topology.security_admin_configurations) {
    const auto rules = matching_admin_rules(world, topology, configuration, asked, direction, packet);
    if (rules.empty()) continue;
    const auto& [priority, equal] = *rules.begin();
    const std::string turn = configuration.name + " at " + std::to_string(priority);
    const AdminRuleAccess access = equal[world.pick(turn, equal.size())];
    if (access == AdminRuleAccess::allow) return std::nullopt;
    return access == AdminRuleAccess::always_allow;
  }
  return std::nullopt;
}

}  // namespace

bool rules_allow(World& world, const Topology& topology, const std::vector<std::string>& groups, Direction direction,
                 const Packet& packet, const VirtualNetwork& network, const Subnet* subnet) {
  if (const auto said = admin_rules_say(world, topology, {&network, subnet, false}, direction, packet)) return *said;
  return std::ranges::all_of(groups, [&](const std::string& group) {
    return group_allows(world, topology, group, direction, packet, network, subnet);
  });
}

namespace {

const NetworkAcl* acl_of(const Site& site, const IpAddress& address) {
  for (const NetworkAcl& acl : *site.network_acls)
    if (contains(acl.associations, address)) return &acl;
  for (const NetworkAcl& acl : *site.network_acls)
    if (acl.is_default) return &acl;
  return nullptr;
}

bool associated(const Site& site, const IpAddress& address) {
  return std::ranges::any_of(*site.network_acls,
                             [&](const NetworkAcl& acl) { return contains(acl.associations, address); });
}

}  // namespace

bool network_acls_allow(World& world, const Topology& topology, const Site& site, const AclQuestion& question,
                        const Packet& packet) {
  if (!site.network_acls) return true;
  const NetworkAcl* acl = acl_of(site, question.local);
  if (acl == nullptr) return world.guess("the network ACL of " + question.local.to_string());
  const Port port =
      question.to_client ? world.pick_of<Port>("source port", [&] { return source_ports(topology); }) : packet.port;
  for (const NetworkAclEntry& entry : acl->entries)
    if (entry.egress == question.egress && (entry.protocol == Protocol::any || entry.protocol == packet.protocol) &&
        entry.port_range.contains(port) && entry.cidr_block.contains(question.remote))
      return entry.rule_action == Access::allow;
  return false;
}

bool in_one_subnet(World& world, const Site& site, const IpAddress& one, const IpAddress& other) {
  if (!site.network_acls) return false;
  for (const NetworkAcl& acl : *site.network_acls)
    for (const Cidr& subnet : acl.associations)
      if (subnet.contains(one) && subnet.contains(other)) return true;
  // Which subnets the default one has, the file does not say.
  return !associated(site, one) && !associated(site, other) && world.guess("both ends are in one subnet");
}

bool site_allows(World& world, const Topology& topology, const Site& site, Direction direction, const Packet& packet) {
  const std::string name = site.name + (direction == Direction::inbound ? " lets it in" : " lets it out");
  if (!site.firewall_rules) return world.guess(name);
  const auto same = [&](const SecurityRule& rule) { return rule.direction == direction; };
  if (direction == Direction::outbound && std::ranges::none_of(*site.firewall_rules, same))
    return site.kind == SiteKind::aws || (!site.firewall_rules->empty() && world.guess(name));
  for (const SecurityRule& rule : *site.firewall_rules)
    if (same(rule) && rule_matches(world, topology, {}, rule, packet)) return rule.access == Access::allow;
  return false;
}

bool in_tag(World& world, const Topology& topology, const std::string& tag, const IpAddress& address) {
  if (tag == "AzureLoadBalancer" || tag == "AzurePlatformDNS") return address == platform;
  if (const ServiceTag* listed = find_service_tag(topology, tag)) return contains(listed->prefixes, address);
  if (known_public_tag(tag) && !address.global()) return false;
  return world.guess(address.to_string() + " is in " + tag);
}

}  // namespace pgpassage::naive
