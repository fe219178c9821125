#include "tests/naive/names.hpp"

#include <algorithm>

#include "tests/naive/filters.hpp"
#include "tests/naive/reach.hpp"

namespace pgpassage::naive {
namespace {

const IpAddress azure_dns = *IpAddress::parse("168.63.129.16");
const std::string azure_suffix = "postgres.database.azure.com";
const std::string privatelink = "privatelink.postgres.database.azure.com";

/// What one resolver says about one name.
struct Reply {
  enum Kind { addresses, alias, nothing, silence, unknown };

  Kind kind = unknown;
  std::set<IpAddress> found = {};
  std::string target = {};
};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (text.ends_with('.') && text.size() > 1) text.pop_back();
  return text;
}

bool under(const std::string& name, const std::string& zone) {
  return zone == "." || name == zone || name.ends_with("." + zone);
}

bool reserved(const std::string& name) { return under(name, "azure.com") || under(name, "windows.net"); }

std::string full_name(const std::string& label, const std::string& zone) {
  return label == "@" ? zone : lower(label) + "." + zone;
}

std::string first_label(const std::string& name) { return name.substr(0, name.find('.')); }

Reply known(const std::vector<IpAddress>& addresses) {
  Reply reply{Reply::addresses, {addresses.begin(), addresses.end()}};
  if (reply.found.empty()) reply.kind = Reply::nothing;
  return reply;
}

/// DNS inside a company has its own ways: what a site's filter lists is what the migration needs.
Topology without_site_filters(Topology topology) {
  for (Site& site : topology.sites) {
    site.firewall_rules = std::vector<SecurityRule>(2);
    for (SecurityRule& rule : *site.firewall_rules) {
      rule.access = Access::allow;
      rule.source_prefixes = rule.destination_prefixes = {{std::nullopt, "*"}};
      rule.source_ports = rule.destination_ports = {{0, 65535}};
    }
    site.firewall_rules->front().direction = Direction::outbound;
    site.network_acls.reset();
  }
  return topology;
}

class Resolver {
 public:
  explicit Resolver(const Topology& topology) : topology_{topology} {}

  Reply ask(const End& from, const std::string& name) {
    if (from.network != nullptr) {
      if (from.network->dns_servers.empty()) return ask_azure(from, name, 0);
      return first_of(from.network->dns_servers, from, name, 0);
    }
    if (from.site == nullptr) return in_public(name);
    if (!from.site->dns_servers) return undescribed(name);
    return first_of(*from.site->dns_servers, from, name, 0);
  }

 private:
  /// In order; the next only if there is no answer.
  Reply first_of(const std::vector<IpAddress>& servers, const End& from, const std::string& name, int depth) {
    if (depth == 8) return {Reply::silence};
    for (const IpAddress& server : servers) {
      const Reply reply = ask_server(server, from, name, depth + 1);
      if (reply.kind != Reply::silence) return reply;
    }
    return {Reply::silence};
  }

  /// Rules that name the platform may keep the question from it (2.1.12).
  Reply ask_azure(const End& from, const std::string& name, int depth) {
    const End platform;
    const auto passes = in_every_world([&](World& world) {
      Packet packet{.destination = azure_dns, .protocol = Protocol::udp, .port = 53, .from = &from, .to = &platform};
      packet.source = address_in(world, topology_, from, "source address");
      return platform_allowed(world, topology_, from.nsg, packet, *from.network, from.subnet) &&
             platform_allowed(world, topology_, group_of(from.subnet), packet, *from.network, from.subnet);
    });
    if (!passes) return {Reply::unknown};
    return *passes ? azure(*from.network, name, depth) : Reply{Reply::silence};
  }

  Reply ask_server(const IpAddress& address, const End& from, const std::string& name, int depth) {
    if (address == azure_dns) return from.network == nullptr ? Reply{Reply::silence} : ask_azure(from, name, depth);
    for (const DnsInboundEndpoint& endpoint : topology_.dns_inbound_endpoints) {
      if (endpoint.ip_address != address) continue;
      if (const auto stopped = way_to(from, place(endpoint.virtual_network, endpoint.subnet, "", endpoint.ip_address)))
        return *stopped;
      return azure(*find_virtual_network(topology_, endpoint.virtual_network), name, depth);
    }
    for (const DnsServer& server : topology_.dns_servers) {
      if (server.ip_address != address) continue;
      if (const auto stopped = way_to(from, place_of(server))) return *stopped;
      return of_server(server, name, depth);
    }
    return {Reply::unknown};
  }

  End place(const std::string& network, const std::string& subnet, const std::string& site, const IpAddress& address) {
    End end;
    end.network = find_virtual_network(topology_, network);
    end.subnet = find_subnet(topology_, network, subnet);
    end.site = find_site(topology_, site);
    end.address = address;
    end.asgs_known = end.network == nullptr;  // nothing at a site is in an application security group
    return end;
  }
  End place_of(const DnsServer& server) {
    return place(server.virtual_network, server.subnet, server.site, server.ip_address);
  }

  /// What stands in the way of a question.
  std::optional<Reply> way_to(const End& from, const End& server) {
    const auto passes = reaches(topology_, from, server, 53, Protocol::udp);
    if (!passes) return Reply{Reply::unknown};
    return *passes ? std::nullopt : std::optional{Reply{Reply::silence}};
  }

  Reply of_server(const DnsServer& server, const std::string& name, int depth) {
    for (const ARecord& record : server.records)
      if (lower(record.name) == name) {
        std::vector<IpAddress> both = record.ipv4_addresses;
        both.insert(both.end(), record.ipv6_addresses.begin(), record.ipv6_addresses.end());
        return known(both);
      }
    const End here = place_of(server);
    const ConditionalForwarder* best = nullptr;
    for (const ConditionalForwarder& forwarder : server.conditional_forwarders)
      if (under(name, lower(forwarder.zone)) && (best == nullptr || forwarder.zone.size() > best->zone.size()))
        best = &forwarder;
    if (best != nullptr) return first_of(best->forwarders, here, name, depth);
    if (!server.forwarders.empty()) return first_of(server.forwarders, here, name, depth);
    return in_public(name);
  }

  Reply azure(const VirtualNetwork& network, const std::string& name, int depth) {
    const PrivateDnsZone* zone = nullptr;
    const VirtualNetworkLink* link = nullptr;
    for (const PrivateDnsZone& one : topology_.private_dns_zones)
      for (const VirtualNetworkLink& its : one.virtual_network_links)
        if (its.virtual_network == network.name && under(name, one.name) &&
            (zone == nullptr || one.name.size() > zone->name.size())) {
          zone = &one;
          link = &its;
        }
    if (zone != nullptr) {
      const Reply reply = in_zone(*zone, name);
      const bool missing = reply.kind == Reply::nothing && !has_names_below(*zone, name);
      if (!missing || link->resolution_policy != ResolutionPolicy::nx_domain_redirect) return reply;
      return in_public(name);
    }
    return by_ruleset(network, name, depth);
  }

  /// Then the name exists, without an address of its own.
  static bool has_names_below(const PrivateDnsZone& zone, const std::string& name) {
    const auto below = [&](const auto& record) { return full_name(record.name, zone.name).ends_with("." + name); };
    return name == zone.name || std::ranges::any_of(zone.a_records, below) ||
           std::ranges::any_of(zone.aaaa_records, below) || std::ranges::any_of(zone.cname_records, below);
  }

  Reply by_ruleset(const VirtualNetwork& network, const std::string& name, int depth) {
    const ForwardingRule* best = nullptr;
    const DnsForwardingRuleset* its_set = nullptr;
    for (const DnsForwardingRuleset& ruleset : topology_.dns_forwarding_rulesets) {
      if (std::ranges::find(ruleset.virtual_network_links, network.name) == ruleset.virtual_network_links.end())
        continue;
      for (const ForwardingRule& rule : ruleset.rules) {
        const bool wildcard = rule.domain_name == ".";
        if (!rule.enabled || !under(name, lower(rule.domain_name)) || (wildcard && reserved(name))) continue;
        if (best != nullptr && rule.domain_name.size() <= best->domain_name.size()) continue;
        best = &rule;
        its_set = &ruleset;
      }
    }
    if (best == nullptr || network.address_prefixes.empty()) return in_public(name);
    if (!topology_.dns_outbound_endpoints.empty()) return from_endpoints(*its_set, *best, name, depth);
    End here;
    here.network = &network;  // where its outbound endpoint is, the file does not say
    here.address = network.address_prefixes.front().first();
    here.asgs_known = false;
    return first_of(best->target_dns_servers, here, name, depth);
  }

  /// Any of the ruleset's outbound endpoints may ask: what they do not agree about is not known.
  Reply from_endpoints(const DnsForwardingRuleset& ruleset, const ForwardingRule& rule, const std::string& name,
                       int depth) {
    std::optional<Reply> all;
    for (const std::string& of_set : ruleset.resolver_outbound_endpoints) {
      const DnsOutboundEndpoint* endpoint = find_dns_outbound_endpoint(topology_, of_set);
      End here;
      here.network = find_virtual_network(topology_, endpoint->virtual_network);
      here.subnet = find_subnet(*here.network, endpoint->subnet);
      here.asgs_known = false;
      const Reply one = first_of(rule.target_dns_servers, here, name, depth);
      if (all && (all->kind != one.kind || all->found != one.found || all->target != one.target))
        return {Reply::unknown};
      all = one;
    }
    return all.value_or(Reply{Reply::unknown});
  }

  /// What the zone lists, and what Azure writes itself for names that it does not list (contract 6.7).
  Reply in_zone(const PrivateDnsZone& zone, const std::string& name) {
    Reply reply = in_zone_by_ipv4(zone, name);
    if (reply.kind != Reply::addresses && reply.kind != Reply::nothing) return reply;
    for (const AaaaRecord& record : zone.aaaa_records)
      if (full_name(record.name, zone.name) == name)
        reply.found.insert(record.ipv6_addresses.begin(), record.ipv6_addresses.end());
    if (!reply.found.empty()) reply.kind = Reply::addresses;
    return reply;
  }

  Reply in_zone_by_ipv4(const PrivateDnsZone& zone, const std::string& name) {
    for (const ARecord& record : zone.a_records)
      if (full_name(record.name, zone.name) == name) return known(record.ipv4_addresses);
    for (const CnameRecord& record : zone.cname_records)
      if (full_name(record.name, zone.name) == name) return {Reply::alias, {}, lower(record.cname)};
    for (const PrivateEndpoint& endpoint : topology_.private_endpoints) {
      const auto& group = endpoint.private_dns_zone_group;
      const Server& server = *find_server(topology_, endpoint.private_link_service);
      const std::string label = first_label(server.fqdn.empty() ? server.name : server.fqdn);
      if (std::ranges::find(group, zone.name) != group.end() && full_name(label, zone.name) == name)
        return known({endpoint.private_ip_address});
    }
    for (const Server& server : topology_.servers) {
      const std::string label = first_label(server.fqdn.empty() ? server.name : server.fqdn);
      if (server.private_dns_zone == zone.name && full_name(label, zone.name) == name)
        return server.ip_address ? known({*server.ip_address}) : Reply{Reply::unknown};
    }
    for (const VirtualNetworkLink& link : zone.virtual_network_links) {
      if (!link.registration_enabled) continue;
      for (const Server& server : topology_.servers)
        if (server.kind == ServerKind::azure_vm && server.virtual_network == link.virtual_network &&
            full_name(server.name, zone.name) == name)
          return server.ip_address ? known({*server.ip_address}) : Reply{Reply::unknown};
      for (const Host& host : topology_.hosts)
        if (host.virtual_network == link.virtual_network && full_name(host.name, zone.name) == name)
          return known({host.ip_address});
    }
    return {Reply::nothing};
  }

  Reply in_public(const std::string& name) {
    for (const Server& server : topology_.servers) {
      const bool azure_server = server.kind == ServerKind::single_server || server.kind == ServerKind::flexible_server;
      const std::string label = first_label(server.fqdn);
      const bool endpoint = find_private_endpoint_of(topology_, server.name) != nullptr ||
                            server.access == ServerAccess::private_endpoint;
      if (azure_server && endpoint && under(server.fqdn, azure_suffix)) {
        if (server.fqdn == name) return {Reply::alias, {}, label + "." + privatelink};
      }
      // Behind the alias stands the public side; without one given, at least it is not the private endpoint.
      if (under(server.fqdn, azure_suffix) && name == label + "." + privatelink)
        return server.public_ip_address ? public_address(server) : Reply{Reply::nothing};
      if (server.access == ServerAccess::vnet_integrated) {
        if (!server.private_dns_zone.empty() && server.fqdn == name)
          return {Reply::alias, {}, label + "." + server.private_dns_zone};
        if (!server.private_dns_zone.empty() && name == label + "." + server.private_dns_zone) return {Reply::nothing};
      }
      if (server.fqdn == name) {
        if (server.access == ServerAccess::public_access) return public_address(server);
        return server.ip_address ? known({*server.ip_address}) : Reply{Reply::unknown};
      }
    }
    return {Reply::unknown};
  }

  static Reply public_address(const Server& server) {
    return server.public_ip_address ? known({*server.public_ip_address}) : Reply{Reply::unknown};
  }

  /// A site's own resolver: the public answers, and of its own names nothing is known.
  Reply undescribed(const std::string& name) {
    const Reply reply = in_public(name);
    return reply.kind == Reply::addresses ? reply : Reply{Reply::unknown};
  }

  const Topology& topology_;
};

}  // namespace

std::optional<std::set<IpAddress>> resolves(const Topology& topology, const End& from, const std::string& name) {
  if (const auto address = IpAddress::parse(name)) return std::set{*address};
  const Topology open = without_site_filters(topology);
  End start = from;
  if (from.network != nullptr) start.network = find_virtual_network(open, from.network->name);
  if (from.subnet != nullptr) start.subnet = find_subnet(*start.network, from.subnet->name);
  if (from.site != nullptr) start.site = find_site(open, from.site->name);
  std::string asked = lower(name);
  std::set<std::string> seen;
  while (seen.size() <= 16 && seen.insert(asked).second) {
    const Reply reply = Resolver{open}.ask(start, asked);
    if (reply.kind == Reply::unknown) return std::nullopt;
    if (reply.kind != Reply::alias) return reply.found;
    asked = reply.target;
  }
  return std::set<IpAddress>{};
}

}  // namespace pgpassage::naive
