#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "tests/lab/compile.hpp"

namespace pgpassage::lab {
namespace {

constexpr std::string_view not_public =
    "  set not_public { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, "
    "169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16, 224.0.0.0/4 }\n  }\n";

std::string named_set(std::string_view name, const std::vector<Cidr>& prefixes) {
  std::vector<std::string> texts;
  for (const Cidr& prefix : disjoint(prefixes)) texts.push_back(prefix.to_string());
  const std::string elements = texts.empty() ? "" : fmt::format(" elements = {{ {} }}", fmt::join(texts, ", "));
  return fmt::format("  set {} {{ type ipv4_addr; flags interval;{}\n  }}\n", name, elements);
}

std::string chain(std::string_view name, const std::vector<std::string>& rules) {
  std::string text = fmt::format("  chain {} {{\n", name);
  for (const std::string& rule : rules) text += "    " + rule + "\n";
  return text + "  }\n";
}

/// Replaces the table in one transaction: there is no moment without a filter.
std::string table(std::string_view name, const std::string& body) {
  return body.empty() ? "" : fmt::format("table {0}\ndelete table {0}\ntable {0} {{\n{1}}}\n", name, body);
}

/// Azure's default rules of one direction, which end every NSG.
std::vector<std::string> default_rules(const std::string& nsg, Direction direction, std::string_view tag_set) {
  const bool in = direction == Direction::inbound;
  const std::string within = fmt::format("ip saddr @{0} ip daddr @{0} counter return comment \"{1}/{2}/65000\"",
                                         tag_set, nsg, in ? "AllowVNetInBound" : "AllowVnetOutBound");
  if (in)
    return {
        within,
        fmt::format("ip saddr {} counter return comment \"{}/AllowAzureLoadBalancerInBound/65001\"", azure_dns, nsg),
        fmt::format("counter drop comment \"{}/DenyAllInBound/65500\"", nsg)};
  return {
      within,
      fmt::format("ip daddr != @not_public ip daddr != @{} counter return comment \"{}/AllowInternetOutBound/65001\"",
                  tag_set, nsg),
      fmt::format("counter drop comment \"{}/DenyAllOutBound/65500\"", nsg)};
}

/// Source addresses that outgoing traffic shows on the internet, and the public addresses translated inwards.
std::string translation(const Layout& layout, const Fabric& fabric) {
  std::vector<std::string> in{"type nat hook prerouting priority dstnat;"};
  std::vector<std::string> out{"type nat hook postrouting priority srcnat;"};
  for (const Nic& nic : layout.nics) {
    if (nic.fabric != fabric.place) continue;
    if (nic.public_address)
      in.push_back(fmt::format("iifname \"wan0\" ip daddr {} dnat to {}", nic.public_address->to_string(),
                               nic.address.to_string()));
    if (nic.egress)
      out.push_back(
          fmt::format("oifname \"wan0\" ip saddr {} snat to {}", nic.address.to_string(), nic.egress->to_string()));
  }
  // What the fabric's own DNS server asks leaves with its link's address.
  out.push_back(fmt::format("oifname \"wan0\" ip saddr != 169.254.0.0/16 snat to {}", fabric.egress.to_string()));
  return table("ip translation", chain("inwards", in) + chain("outwards", out));
}

/// The NSGs of one VNet as chains, and the base chain that sends each interface's packets through them.
class NetworkFilter {
 public:
  NetworkFilter(const Topology& topology, const Layout& layout, const Fabric& fabric, Notes& notes)
      : topology_(topology), layout_(layout), fabric_(fabric), network_(*fabric.network), notes_(notes) {}

  std::string text() {
    // The replies of an accepted flow need no rule, but a peering's flags hold for every packet.
    add_classes();
    add_forwarded_traffic();
    forward_.push_back("ct state established,related accept");
    for (const Nic& nic : layout_.nics)
      if (nic.fabric == fabric_.place) add_nic(nic);
    forward_.insert(forward_.end(), inbound_.begin(), inbound_.end());
    std::string body{not_public};
    body += sets_ + chains_;
    body += chain("forward", with_hook("forward", forward_)) + chain("input", with_hook("input", input_));
    return table("inet filter", body);
  }

 private:
  static std::vector<std::string> with_hook(std::string_view hook, std::vector<std::string> rules) {
    rules.insert(rules.begin(), fmt::format("type filter hook {} priority filter; policy accept;", hook));
    return rules;
  }

  /// A peering's flags speak of appliances, never of a gateway, and a mark does not leave a namespace: the gateway's
  /// packets are known by their class.
  void add_classes() {
    for (const Nic& nic : layout_.nics)
      if (nic.fabric == fabric_.place)
        forward_.push_back(
            fmt::format("iifname \"{}\" ip dscp set {}", nic.device, nic.kind == NicKind::gateway ? "cs1" : "cs0"));
  }

  /// allowForwardedTraffic: what comes over a peering and did not start in the VNet behind it. What its gateway
  /// passes on is gateway transit instead.
  void add_forwarded_traffic() {
    for (const VirtualNetwork& remote : topology_.virtual_networks) {
      const Peering* peering = find_peering(network_, remote.name);
      const PeeringWire* wire = find_peering_wire(layout_, network_.name, remote.name);
      if (peering == nullptr || wire == nullptr || peering->allow_forwarded_traffic) continue;
      const std::string set = fmt::format("peer_{}", sets_made_++);
      sets_ += named_set(set, remote.address_prefixes);
      const std::string comment = fmt::format("{}/allowForwardedTraffic/false", safe(peering->name));
      std::vector<std::string> devices{wire->wire.one_place == fabric_.place ? wire->wire.one_device
                                                                             : wire->wire.other_device};
      for (const HopWire& hop : layout_.hops)
        if (hop.network == remote.name && hop.wire.other_place == fabric_.place)
          devices.push_back(hop.wire.other_device);
      for (const std::string& device : devices)
        forward_.push_back(fmt::format("iifname \"{}\" ip saddr != @{} ip dscp != cs1 counter drop comment \"{}\"",
                                       device, set, comment));
    }
  }

  std::string tag_set_of(const Nic& nic) {
    const std::string name = "vnet_" + (nic.subnet.empty() ? "none" : std::to_string(subnet_index(nic.subnet)));
    if (made_.insert(name).second)
      sets_ += named_set(name, virtual_network_tag(topology_, network_, find_subnet(network_, nic.subnet)));
    return name;
  }

  int subnet_index(const std::string& subnet) const {
    return static_cast<int>(std::ranges::find(network_.subnets, subnet, &Subnet::name) - network_.subnets.begin());
  }

  /// The chain of one NSG at one place; made once.
  std::string nsg_chain(const std::string& place, const NetworkSecurityGroup& nsg, Direction direction,
                        const std::string& tag_set, bool any_source_port = false) {
    const std::string name = (direction == Direction::inbound ? "in_" : "out_") + place;
    if (!made_.insert(name).second) return name;
    std::vector<std::string> rules;
    for (SecurityRule rule : nsg.rules) {
      if (rule.direction != direction) continue;
      if (any_source_port) rule.source_ports.clear();
      for (std::string& text : rule_text(topology_, layout_, rule, nsg.name, tag_set, notes_))
        rules.push_back(std::move(text));
    }
    for (std::string& text : default_rules(safe(nsg.name), direction, tag_set)) rules.push_back(std::move(text));
    chains_ += chain(name, rules);
    return name;
  }

  /// The address at which Azure answers DNS is outside every NSG, but for rules that name it.
  void add_platform_dns(const Nic& nic, const NetworkSecurityGroup& nsg, const std::string& place,
                        const std::string& tag_set) {
    const std::string name = "dns_" + place;
    const bool is_new = made_.insert(name).second;
    std::vector<std::string> rules;
    for (SecurityRule rule : nsg.rules) {
      const bool named = std::ranges::any_of(rule.destination_prefixes,
                                             [](const AddressPrefix& one) { return one.tag == "AzurePlatformDNS"; });
      if (!named || rule.direction != Direction::outbound) continue;
      rule.destination_prefixes = {{Cidr{*IpAddress::parse(azure_dns)}, ""}};
      for (std::string& text : rule_text(topology_, layout_, rule, nsg.name, tag_set, notes_))
        rules.push_back(std::move(text));
    }
    if (rules.empty()) return;
    if (is_new) chains_ += chain(name, rules);
    input_.push_back(fmt::format("iifname \"{}\" ip daddr {} jump {}", nic.device, azure_dns, name));
  }

  void add_nic(const Nic& nic) {
    if (!nic.shut.empty())
      inbound_.push_back(fmt::format("oifname \"{}\" counter drop comment \"{}\"", nic.device, nic.shut));
    if (nic.kind == NicKind::gateway) return;  // an NSG on the GatewaySubnet is not supported
    const Subnet* subnet = find_subnet(network_, nic.subnet);
    const std::string tag_set = tag_set_of(nic);
    const auto* own = find_network_security_group(topology_, nic.network_security_group);
    const auto* around = subnet ? find_network_security_group(topology_, subnet->network_security_group) : nullptr;
    const std::string around_name = "subnet" + std::to_string(subnet_index(nic.subnet));
    std::vector<std::string> out, in;
    if (own != nullptr) {
      out.push_back("jump " + nsg_chain(nic.device, *own, Direction::outbound, tag_set));
      add_platform_dns(nic, *own, nic.device, tag_set);
    }
    if (around != nullptr) {
      out.push_back("jump " + nsg_chain(around_name, *around, Direction::outbound, tag_set));
      add_platform_dns(nic, *around, around_name, tag_set);
      // At a private endpoint a rule's source ports count as "*" (azure-facts 2.8.6).
      const bool endpoint = nic.kind == NicKind::private_endpoint;
      if (nic.subnet_filter_inbound)
        in.push_back("jump " + nsg_chain(around_name + (endpoint ? "_endpoints" : ""), *around, Direction::inbound,
                                         tag_set, endpoint));
    }
    if (own != nullptr) in.push_back("jump " + nsg_chain(nic.device, *own, Direction::inbound, tag_set));
    behind_admin_rules(nic, Direction::outbound, out, tag_set);
    behind_admin_rules(nic, Direction::inbound, in, tag_set);
    for (const std::string& jump : out) forward_.push_back(fmt::format("iifname \"{}\" {}", nic.device, jump));
    for (const std::string& jump : in) inbound_.push_back(fmt::format("oifname \"{}\" {}", nic.device, jump));
  }

  /// Puts the VNet's security admin rules before the groups: one jump in place of theirs.
  void behind_admin_rules(const Nic& nic, Direction direction, std::vector<std::string>& jumps,
                          const std::string& tag_set) {
    static const std::set<std::string> exempt{"GatewaySubnet", "AzureFirewallSubnet", "AzureFirewallManagementSubnet",
                                              "AzureBastionSubnet", "RouteServerSubnet"};
    if (nic.kind == NicKind::private_endpoint || exempt.contains(nic.subnet)) return;
    const char* side = direction == Direction::inbound ? "in" : "out";
    const std::string groups = fmt::format("groups_{}_{}", side, nic.device);
    const auto rules = admin_rule_texts(topology_, layout_, network_, direction, groups, tag_set, notes_);
    if (rules.empty()) return;
    const std::string admin = fmt::format("admin_{}_{}", side, nic.device);
    chains_ += chain(groups, jumps) + chain(admin, rules);
    jumps = {"jump " + admin};
  }

  const Topology& topology_;
  const Layout& layout_;
  const Fabric& fabric_;
  const VirtualNetwork& network_;
  Notes& notes_;
  std::string sets_, chains_;
  std::vector<std::string> forward_, inbound_, input_;
  std::set<std::string> made_;
  int sets_made_ = 0;
};

}  // namespace

namespace {

bool leads_to_private_hop(const Route& route) {
  return route.next_hop_type != NextHopType::internet && route.next_hop_type != NextHopType::none;
}

}  // namespace

std::vector<Cidr> virtual_network_tag(const Topology& topology, const VirtualNetwork& network, const Subnet* subnet) {
  std::vector<Cidr> result = network.address_prefixes;
  const auto add = [&](const std::vector<Cidr>& more) { result.insert(result.end(), more.begin(), more.end()); };
  result.emplace_back(*IpAddress::parse(azure_dns));
  for (const VirtualNetwork& other : topology.virtual_networks)
    if (&other != &network && peered(topology, network, other) &&
        find_peering(network, other.name)->allow_virtual_network_access)
      add(other.address_prefixes);
  for (const VirtualNetworkGateway* gateway : gateways_of(topology, network))
    add(site_prefixes(topology, *gateway, false));
  const RouteTable* routes = subnet ? find_route_table(topology, subnet->route_table) : nullptr;
  if (routes == nullptr) return result;
  for (const Route& route : routes->routes)
    if (route.prefix.cidr && (route.prefix.cidr->length() > 0 || leads_to_private_hop(route)))
      result.push_back(*route.prefix.cidr);
  return result;
}

std::string network_filter(const Topology& topology, const Layout& layout, const Fabric& fabric, Notes& not_raised) {
  return NetworkFilter{topology, layout, fabric, not_raised}.text() + translation(layout, fabric);
}

std::string site_filter(const Topology& topology, const Layout& layout, const Fabric& fabric, Notes& not_raised) {
  const Site& site = *fabric.site;
  const std::string nat = translation(layout, fabric);
  const AclChains acls = network_acl_chains(site, not_raised);
  std::vector<std::string> forward{"type filter hook forward priority filter; policy accept;"};
  forward.insert(forward.end(), acls.leaving.begin(), acls.leaving.end());
  forward.insert(forward.end(), acls.entering.begin(), acls.entering.end());
  if (!site.firewall_rules) {
    not_raised.push_back(fmt::format("site {}: its firewall is not in the file; the lab has none there", site.name));
    return acls.chains.empty() ? nat : table("inet filter", acls.chains + chain("forward", forward)) + nat;
  }
  std::vector<std::string> in, out;
  for (const SecurityRule& rule : *site.firewall_rules)
    for (std::string& text : rule_text(topology, layout, rule, site.name, "", not_raised))
      (rule.direction == Direction::inbound ? in : out).push_back(std::move(text));
  in.push_back(fmt::format("counter drop comment \"{}/DenyAllInBound/default\"", safe(site.name)));
  // Filters of sites let everything out unless they say something about it.
  if (!out.empty()) out.push_back(fmt::format("counter drop comment \"{}/DenyAllOutBound/default\"", safe(site.name)));
  forward.insert(forward.end(),
                 {"ct state established,related accept", "iifname \"nic*\" oifname != \"nic*\" jump outbound",
                  "oifname \"nic*\" iifname != \"nic*\" jump inbound"});
  return table("inet filter", std::string{not_public} + acls.chains + chain("inbound", in) + chain("outbound", out) +
                                  chain("forward", forward)) +
         nat;
}

std::string endpoint_filter(const PrivateLink& link, const IpAddress& address) {
  const std::string way_in = fmt::format("iifname \"e0\" ip daddr {} tcp dport {} dnat to {}", address.to_string(),
                                         link.server->port, link.wire.other_address.to_string());
  return table("ip translation",
               chain("inwards", {"type nat hook prerouting priority dstnat;", way_in}) +
                   chain("outwards", {"type nat hook postrouting priority srcnat;", "oifname \"link0\" masquerade"})) +
         table("inet filter", chain("input", {"type filter hook input priority filter; policy drop;"}));
}

std::string appliance_filter() {
  return table("inet filter", std::string{not_public} + chain("outwards", {"type nat hook postrouting priority srcnat;",
                                                                           "ip daddr != @not_public masquerade"}));
}

namespace {

bool azure_service(const Server& server) {
  return server.kind == ServerKind::flexible_server || server.kind == ServerKind::single_server;
}

/// Every address that Azure's machines show on the lab's internet.
std::vector<std::string> addresses_of_azure(const Layout& layout) {
  std::vector<std::string> result;
  for (const Fabric& fabric : layout.fabrics)
    if (fabric.network) result.push_back(fabric.egress.to_string());
  for (const Nic& nic : layout.nics)
    if (nic.egress && nic.site.empty()) result.push_back(nic.egress->to_string());
  for (const PublicLeg& leg : layout.public_legs) {
    if (!azure_service(*leg.server) && leg.server->kind != ServerKind::azure_vm) continue;
    result.push_back(leg.address.to_string());
    for (const IpAddress& egress : leg.server->egress_ip_addresses) result.push_back(egress.to_string());
  }
  return result;
}

/// Ranges of a public server's firewall. For an Azure server 0.0.0.0 to 0.0.0.0 stands for every Azure service, of
/// any customer.
std::vector<std::string> admitted(const Server& server, const Layout& layout) {
  std::vector<std::string> result;
  if (server.authorized_networks)
    for (const AuthorizedNetwork& network : *server.authorized_networks)
      if (network.value.address().family() == IpAddress::Family::ipv4) result.push_back(network.value.to_string());
  if (!server.firewall_rules) return result;
  for (const FirewallRule& rule : *server.firewall_rules) {
    const std::string first = rule.start_ip_address.to_string(), last = rule.end_ip_address.to_string();
    if (first == "0.0.0.0" && last == first && azure_service(server)) {
      for (std::string& address : addresses_of_azure(layout)) result.push_back(std::move(address));
    } else {
      result.push_back(fmt::format("{}-{}", first, last));
    }
  }
  return result;
}

}  // namespace

std::string internet_filter(const Topology&, const Layout& layout, Notes& not_raised) {
  std::vector<std::string> forward{"type filter hook forward priority filter; policy accept;",
                                   "ct state established,related accept",
                                   "ip daddr { 10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12, 192.168.0.0/16 } counter drop "
                                   "comment \"internet/private\""};
  for (const PublicLeg& leg : layout.public_legs) {
    const Server& server = *leg.server;
    const std::string name = safe(server.name);
    const bool described = server.firewall_rules || server.authorized_networks;
    const bool shut = server.public_network_access == false || (!described && !server.public_ip_address);
    if (!shut && !described) {
      not_raised.push_back(
          fmt::format("server {}: its firewall rules are not in the file; the lab has none there", server.name));
      continue;
    }
    if (!server.virtual_network_rules.empty())
      not_raised.push_back(
          fmt::format("server {}: virtual network rules (service endpoints) are not built", server.name));
    if (!shut)
      for (const std::string& range : admitted(server, layout))
        forward.push_back(fmt::format("oifname \"{}\" ip saddr {} counter accept comment \"{}/firewallRules\"",
                                      leg.device, range, name));
    forward.push_back(fmt::format("oifname \"{}\" counter drop comment \"{}/{}/default\"", leg.device, name,
                                  shut ? "publicNetworkAccess" : "firewallRules"));
  }
  return table("inet filter", chain("forward", forward));
}

}  // namespace pgpassage::lab
