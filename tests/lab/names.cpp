#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "tests/lab/compile.hpp"

namespace pgpassage::lab {
namespace {

constexpr std::string_view flexible_suffix = ".postgres.database.azure.com";
constexpr std::string_view privatelink_suffix = ".privatelink.postgres.database.azure.com";

std::vector<std::string> texts_of(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> result;
  for (const IpAddress& one : addresses) result.push_back(one.to_string());
  return result;
}

std::string label_of(const Server& server) {
  return server.fqdn.empty() ? server.name : server.fqdn.substr(0, server.fqdn.find('.'));
}

std::string without_dot(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return name.empty() ? "." : name;
}

constexpr std::string_view zone_head =
    "$TTL 10\n@ SOA ns.lab.invalid. hostmaster.lab.invalid. 1 60 60 60 10\n@ NS ns.lab.invalid.\n";

std::string address_line(const std::string& owner, int ttl, const IpAddress& address) {
  const bool four = address.family() == IpAddress::Family::ipv4;
  return fmt::format("{} {} {} {}\n", owner, ttl, four ? "A" : "AAAA", address.to_string());
}

/// A zone that holds one name only, so that every other name of its suffix is asked elsewhere.
ZoneFile single_name(const std::string& name, const std::vector<IpAddress>& addresses, int ttl = 10) {
  std::string text{zone_head};
  for (const IpAddress& address : addresses) text += address_line("@", ttl, address);
  return {name, text};
}

/// The records of a private zone: its own, those that endpoints' zone groups and integrated servers write,
/// those of registered machines.
class ZoneRecords {
 public:
  ZoneRecords(const Topology& topology, const Layout& layout, const PrivateDnsZone& zone) {
    for (const ARecord& one : zone.a_records) addresses_[one.name] = {one.ttl_seconds, one.ipv4_addresses};
    for (const AaaaRecord& one : zone.aaaa_records) ipv6_addresses_[one.name] = {one.ttl_seconds, one.ipv6_addresses};
    for (const CnameRecord& one : zone.cname_records) aliases_[one.name] = {one.ttl_seconds, without_dot(one.cname)};
    for (const PrivateEndpoint& endpoint : topology.private_endpoints) {
      const auto& group = endpoint.private_dns_zone_group;
      const Server* server = find_server(topology, endpoint.private_link_service);
      if (server != nullptr && std::ranges::find(group, zone.name) != group.end())
        add_unless_listed(label_of(*server), endpoint.private_ip_address);
    }
    // A VNet-integrated server writes its own address into its zone.
    for (const Server& server : topology.servers)
      if (const Nic* nic = find_nic(layout, place_name("server", server.name));
          nic && server.private_dns_zone == zone.name)
        add_unless_listed(label_of(server), nic->address);
    for (const VirtualNetworkLink& link : zone.virtual_network_links)
      for (const Nic& nic : layout.nics)
        if (link.registration_enabled && nic.virtual_network == link.virtual_network && registers(topology, nic))
          add_unless_listed(nic.node, nic.address);
  }

  ZoneFile zone_file(const std::string& name) const {
    std::string text{zone_head};
    for (const auto& [owner, record] : addresses_)
      for (const IpAddress& address : record.second) text += address_line(owner, record.first, address);
    for (const auto& [owner, record] : ipv6_addresses_)
      for (const IpAddress& address : record.second) text += address_line(owner, record.first, address);
    for (const auto& [owner, record] : aliases_)
      text += fmt::format("{} {} CNAME {}.\n", owner, record.first, record.second);
    return {name, text};
  }

  /// The same as zones of one name each: a link with NxDomainRedirect asks the internet for all other names.
  std::vector<ZoneFile> single_names(const std::string& zone) const {
    const auto full = [&](const std::string& owner) { return owner == "@" ? zone : owner + "." + zone; };
    std::vector<ZoneFile> result;
    for (const auto& [owner, record] : addresses_)
      result.push_back(single_name(full(owner), both_families(owner, record.second), record.first));
    for (const auto& [owner, record] : ipv6_addresses_)
      if (!addresses_.contains(owner)) result.push_back(single_name(full(owner), record.second, record.first));
    return result;
  }

 private:
  std::vector<IpAddress> both_families(const std::string& owner, std::vector<IpAddress> addresses) const {
    if (const auto six = ipv6_addresses_.find(owner); six != ipv6_addresses_.end())
      addresses.insert(addresses.end(), six->second.second.begin(), six->second.second.end());
    return addresses;
  }
  static bool registers(const Topology& topology, const Nic& nic) {
    if (nic.kind == NicKind::host) return true;
    const Server* server = nic.kind == NicKind::server ? find_server(topology, nic.node) : nullptr;
    return server != nullptr && server->kind == ServerKind::azure_vm;
  }
  void add_unless_listed(const std::string& owner, const IpAddress& address) {
    if (!addresses_.contains(owner) && !aliases_.contains(owner)) addresses_[owner] = {10, {address}};
  }

  std::map<std::string, std::pair<int, std::vector<IpAddress>>> addresses_;
  std::map<std::string, std::pair<int, std::vector<IpAddress>>> ipv6_addresses_;
  std::map<std::string, std::pair<int, std::string>> aliases_;
};

std::vector<ForwardZone> rules_of(const DnsForwardingRuleset& ruleset) {
  std::vector<ForwardZone> rules;
  for (const ForwardingRule& rule : ruleset.rules)
    if (rule.enabled) rules.push_back({without_dot(rule.domain_name), texts_of(rule.target_dns_servers)});
  return rules;
}

/// Where a VNet's own DNS sends what a rule speaks of: to the endpoint from which the resolver asks, where the file has
/// endpoints; else the VNet stands for it. Nowhere, when the ruleset has none of the file's.
std::vector<ForwardZone> rules_in(const Topology& topology, const Layout& layout, const DnsForwardingRuleset& ruleset,
                                  const std::string& network) {
  std::vector<ForwardZone> rules = rules_of(ruleset);
  if (topology.dns_outbound_endpoints.empty()) return rules;
  const ResolverLink* link = find_resolver_link(layout, ruleset, network);
  if (link == nullptr) return {};
  for (ForwardZone& rule : rules) rule.targets = {link->wire.other_address.to_string()};
  return rules;
}

NameServer outbound_endpoint(const ResolverLink& link) {
  return {link.wire.other_place,
          link.wire.other_address.to_string(),
          {},
          rules_of(*link.ruleset),
          {std::string{public_dns}}};
}

NameServer network_server(const Topology& topology, const Layout& layout, const Fabric& fabric) {
  NameServer result{fabric.place, std::string{azure_dns}, {}, {}, {std::string{public_dns}}};
  const std::string& network = fabric.network->name;
  for (const PrivateDnsZone& zone : topology.private_dns_zones) {
    const auto link = std::ranges::find(zone.virtual_network_links, network, &VirtualNetworkLink::virtual_network);
    if (link == zone.virtual_network_links.end()) continue;
    const ZoneRecords records{topology, layout, zone};
    if (link->resolution_policy == ResolutionPolicy::standard)
      result.zones.push_back(records.zone_file(zone.name));
    else
      for (ZoneFile& one : records.single_names(zone.name)) result.zones.push_back(std::move(one));
  }
  for (const DnsForwardingRuleset& ruleset : topology.dns_forwarding_rulesets) {
    if (std::ranges::find(ruleset.virtual_network_links, network) == ruleset.virtual_network_links.end()) continue;
    for (ForwardZone& rule : rules_in(topology, layout, ruleset, network)) {
      const auto same = [&](const auto& zone) { return zone.name == rule.name; };
      const bool taken = std::ranges::any_of(result.zones, same) || std::ranges::any_of(result.forward_zones, same);
      if (!taken) result.forward_zones.push_back(std::move(rule));
    }
  }
  return result;
}

/// Names of a site's own servers, for a resolver that the file does not describe.
std::vector<ZoneFile> names_at(const Topology& topology, const std::string& site) {
  std::vector<ZoneFile> result;
  for (const Server& server : topology.servers)
    if (server.site == site && server.ip_address && !server.fqdn.empty())
      result.push_back(single_name(server.fqdn, {*server.ip_address}));
  return result;
}

NameServer custom_server(const DnsServer& server, const Nic& nic) {
  NameServer result{nic.place, nic.address.to_string(), {}, {}, texts_of(server.forwarders)};
  if (result.forwarders.empty()) result.forwarders.emplace_back(public_dns);  // it would ask the root servers
  for (const ARecord& record : server.records) {
    std::vector<IpAddress> addresses = record.ipv4_addresses;
    addresses.insert(addresses.end(), record.ipv6_addresses.begin(), record.ipv6_addresses.end());
    result.zones.push_back(single_name(without_dot(record.name), addresses, record.ttl_seconds));
  }
  for (const ConditionalForwarder& one : server.conditional_forwarders)
    result.forward_zones.push_back({without_dot(one.zone), texts_of(one.forwarders)});
  return result;
}

/// Every public name of the file. A flexible server's name leads by CNAME into its private zone; the names of
/// endpoints have a public address too, which is what an unlinked VNet sees.
class PublicZone {
 public:
  PublicZone(const Topology& topology, const Layout& layout) {
    for (const Server& server : topology.servers)
      if (!server.fqdn.empty()) add(topology, layout, server);
  }
  NameServer server() const {
    // The root holds its own name server's name, and does not load without the address.
    std::string text = fmt::format("{}ns.lab.invalid. A {}\n", zone_head, public_dns);
    for (const auto& [owner, record] : records_) text += fmt::format("{}. 10 {}\n", owner, record);
    return {std::string{internet}, std::string{public_dns}, {{".", text}}, {}, {}};
  }

 private:
  void add(const Topology& topology, const Layout& layout, const Server& server) {
    const bool flexible_name = server.fqdn.ends_with(flexible_suffix) && !server.fqdn.ends_with(privatelink_suffix);
    std::string owner = server.fqdn;
    const bool behind_endpoint =
        server.access == ServerAccess::private_endpoint || find_private_endpoint_of(topology, server.name) != nullptr;
    if (flexible_name && behind_endpoint) {
      const std::string alias = label_of(server) + std::string{privatelink_suffix};
      records_[owner] = "CNAME " + alias + ".";
      owner = alias;
    } else if (flexible_name && !server.private_dns_zone.empty() &&
               !server.fqdn.ends_with("." + server.private_dns_zone)) {
      records_[owner] = "CNAME " + label_of(server) + "." + server.private_dns_zone + ".";
      return;
    }
    const auto leg = std::ranges::find(layout.public_legs, &server, &PublicLeg::server);
    if (leg != layout.public_legs.end())
      records_[owner] = "A " + leg->address.to_string();
    else if (server.public_ip_address)
      records_[owner] = "A " + server.public_ip_address->to_string();
    else if (amazon(server) && server.ip_address)
      records_[owner] = "A " + server.ip_address->to_string();
  }
  /// The name of a database instance of Amazon resolves to its private address everywhere.
  static bool amazon(const Server& server) {
    return server.kind == ServerKind::amazon_rds || server.kind == ServerKind::amazon_aurora;
  }

  std::map<std::string, std::string> records_;
};

bool described(const Topology& topology, const Server& server) {
  const auto covers = [&](std::string_view zone) {
    return server.fqdn == zone || server.fqdn.ends_with("." + std::string{zone});
  };
  return std::ranges::any_of(topology.private_dns_zones, [&](const auto& zone) { return covers(zone.name); }) ||
         std::ranges::any_of(topology.dns_servers, [&](const DnsServer& one) {
           return std::ranges::any_of(one.records,
                                      [&](const ARecord& record) { return covers(without_dot(record.name)); });
         });
}

void note_unknown_names(const Topology& topology, Notes& not_raised) {
  for (const Server& server : topology.servers) {
    const bool is_private = server.access == ServerAccess::private_access;
    if (is_private && !server.site.empty() && !server.fqdn.empty() && !described(topology, server))
      not_raised.push_back(
          fmt::format("server {}: {} is under no zone or record of the file; outside its site the lab "
                      "does not know it",
                      server.name, server.fqdn));
  }
  for (const DnsForwardingRuleset& ruleset : topology.dns_forwarding_rulesets)
    if (ruleset.resolver_outbound_endpoints.size() > 1)
      not_raised.push_back(fmt::format("ruleset {}: the lab asks from {} alone, the first of its outbound endpoints",
                                       ruleset.name, ruleset.resolver_outbound_endpoints.front()));
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const IpAddress& address : network.dns_servers)
      if (std::ranges::none_of(topology.dns_servers, [&](const DnsServer& one) { return one.ip_address == address; }) &&
          std::ranges::none_of(topology.dns_inbound_endpoints,
                               [&](const auto& one) { return one.ip_address == address; }) &&
          address.to_string() != azure_dns)
        not_raised.push_back(
            fmt::format("virtual network {}: DNS server {} is described nowhere", network.name, address.to_string()));
}

}  // namespace

std::vector<NameServer> name_servers(const Topology& topology, const Layout& layout, Notes& not_raised) {
  std::vector<NameServer> result{PublicZone{topology, layout}.server()};
  for (const Fabric& fabric : layout.fabrics) {
    if (fabric.network != nullptr)
      result.push_back(network_server(topology, layout, fabric));
    else if (!fabric.site->dns_servers)
      result.push_back(
          {fabric.place, std::string{site_dns}, names_at(topology, fabric.site->name), {}, {std::string{public_dns}}});
  }
  for (const Nic& nic : layout.nics) {
    if (nic.kind == NicKind::dns_inbound_endpoint)
      result.push_back({nic.place, nic.address.to_string(), {}, {}, {std::string{azure_dns}}});
    if (nic.kind != NicKind::dns_server) continue;
    const auto declared = std::ranges::find(topology.dns_servers, nic.node, &DnsServer::name);
    if (declared != topology.dns_servers.end())
      result.push_back(custom_server(*declared, nic));
    else
      result.push_back(
          {nic.place, nic.address.to_string(), names_at(topology, nic.site), {}, {std::string{public_dns}}});
  }
  for (const ResolverLink& link : layout.resolver_links) result.push_back(outbound_endpoint(link));
  note_unknown_names(topology, not_raised);
  return result;
}

std::string resolv_conf(const Topology& topology, const Nic& nic) {
  std::vector<std::string> servers;
  if (const VirtualNetwork* network = find_virtual_network(topology, nic.virtual_network))
    servers = texts_of(network->dns_servers);
  if (const Site* site = find_site(topology, nic.site))
    servers = texts_of(site->dns_servers.value_or(std::vector<IpAddress>{}));
  if (servers.empty()) servers.emplace_back(nic.site.empty() ? azure_dns : site_dns);
  std::string text;
  for (const std::string& server : servers) text += "nameserver " + server + "\n";
  return text + "options timeout:1 attempts:1\n";
}

std::string config_text(const NameServer& server, std::string_view directory) {
  const bool root = server.forwarders.empty();
  std::string text = fmt::format(
      "options {{\n  directory \"{}\";\n  pid-file none;\n  session-keyfile none;\n  listen-on {{ {}; }};\n"
      "  listen-on-v6 {{ none; }};\n  recursion {};\n  allow-query {{ any; }};\n  allow-recursion {{ any; }};\n"
      "  allow-query-cache {{ any; }};\n  dnssec-validation no;\n  empty-zones-enable no;\n  minimal-responses yes;\n",
      directory, server.listen, root ? "no" : "yes");
  // No answer outlives a repaired zone, and none is waited for longer than a client waits.
  if (!root)
    text += fmt::format(
        "  forwarders {{ {}; }};\n  forward only;\n  max-cache-ttl 1;\n  max-ncache-ttl 1;\n  servfail-ttl 0;\n",
        fmt::join(server.forwarders, "; "));
  text += "};\ncontrols { };\n";
  for (std::size_t i = 0; i < server.zones.size(); ++i)
    text += fmt::format("zone \"{}\" {{ type primary; file \"zone{}\"; }};\n", server.zones[i].name, i);
  for (const ForwardZone& zone : server.forward_zones)
    text += fmt::format("zone \"{}\" {{ type forward; forward only; forwarders {{ {}; }}; }};\n", zone.name,
                        fmt::join(zone.targets, "; "));
  return text;
}

}  // namespace pgpassage::lab
