#include "tests/naive/ends.hpp"

#include <algorithm>
#include <set>

namespace pgpassage::naive {
namespace {

End in_network(const Topology& topology, const std::string& network, const std::string& subnet) {
  End end;
  end.network = find_virtual_network(topology, network);
  end.subnet = find_subnet(topology, network, subnet);
  return end;
}

End of_host(const Topology& topology, const Host& host) {
  End end = in_network(topology, host.virtual_network, host.subnet);
  end.site = find_site(topology, host.site);
  end.address = host.ip_address;
  end.ipv6_address = host.ipv6_address;
  end.nsg = host.network_security_group;
  end.asgs = host.application_security_groups;
  return end;
}

End of_endpoint(const Topology& topology, const PrivateEndpoint& endpoint) {
  End end = in_network(topology, endpoint.virtual_network, endpoint.subnet);
  end.endpoint = &endpoint;
  end.server = find_server(topology, endpoint.private_link_service);
  end.address = endpoint.private_ip_address;
  return end;
}

/// The subnet, the site or the Internet, by the address alone.
End place_of_address(const Topology& topology, const IpAddress& address) {
  End end;
  end.address = address;
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Subnet& subnet : network.subnets)
      if (contains(subnet.prefixes, address)) {
        end.network = &network;
        end.subnet = &subnet;
        end.asgs_known = false;
        return end;
      }
  int longest = 0;  // who announces the default route is not the home of every address
  for (const Site& site : topology.sites)
    for (const Cidr& prefix : site.address_prefixes)
      if (prefix.contains(address) && prefix.length() > longest) {
        longest = prefix.length();
        end.site = &site;
      }
  if (end.site != nullptr || !address.global()) return end;
  end.public_address = address;
  end.asked_publicly = true;
  return end;
}

/// What answers at a server's public address.
End public_side(const Topology& topology, const Server& server) {
  End end = end_of(topology, server);
  if (server.access == ServerAccess::private_endpoint || server.access == ServerAccess::vnet_integrated) {
    end = {};
    end.server = &server;
    end.public_address = server.public_ip_address;
  }
  end.undescribed = end.nowhere = false;
  end.asked_publicly = end.by_public_address = true;
  return end;
}

std::optional<End> of_object(const Topology& topology, const IpAddress& address) {
  for (const PrivateEndpoint& endpoint : topology.private_endpoints)
    if (endpoint.private_ip_address == address) return of_endpoint(topology, endpoint);
  for (const Server& server : topology.servers) {
    if (server.access == ServerAccess::private_endpoint) continue;
    if (server.ip_address != address && server.ipv6_address != address) continue;
    End end = end_of(topology, server);
    end.asked_publicly = false;
    end.address = address;
    return end;
  }
  for (const Host& host : topology.hosts)
    if (host.ip_address == address || host.ipv6_address == address) {
      End end = of_host(topology, host);
      end.address = address;
      return end;
    }
  for (const Server& server : topology.servers)
    if (server.public_ip_address == address) return public_side(topology, server);
  return std::nullopt;
}

std::optional<End> of_address(const Topology& topology, const IpAddress& address) {
  if (const auto object = of_object(topology, address)) return object;
  const End end = place_of_address(topology, address);
  return end.network != nullptr || end.site != nullptr || address.global() ? std::optional{end} : std::nullopt;
}

/// Addresses that some part of the file tells from their neighbours.
class Landmarks {
 public:
  explicit Landmarks(const Topology& topology) {
    for (const NetworkSecurityGroup& group : topology.network_security_groups)
      for (const SecurityRule& rule : group.rules) add(rule);
    for (const Site& site : topology.sites) {
      for (const SecurityRule& rule : site.firewall_rules.value_or(std::vector<SecurityRule>{})) add(rule);
      for (const Cidr& prefix : site.address_prefixes) {
        add(prefix);
        if (prefix.length() > 0) described_.push_back(prefix);
      }
      for (const Cidr& prefix : site.routes.value_or(std::vector<Cidr>{})) add(prefix);
    }
    add_admin_rules(topology);
    add_network_acls(topology);
    for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways)
      for (const GatewayConnection& connection : gateway.connections)
        for (const Cidr& prefix : connection.learned_routes.value_or(std::vector<Cidr>{})) add(prefix);
    for (const char* text : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}) add(*Cidr::parse(text));
    for (const RouteTable& table : topology.route_tables)
      for (const Route& route : table.routes)
        if (route.prefix.cidr) add(*route.prefix.cidr);
    for (const ServiceTag& tag : topology.service_tags)
      for (const Cidr& prefix : tag.prefixes) add(prefix);
    for (const VirtualNetwork& network : topology.virtual_networks)
      for (const Cidr& prefix : network.address_prefixes) {
        add(prefix);
        described_.push_back(prefix);
      }
    for (const Server& server : topology.servers)
      for (const FirewallRule& rule : server.firewall_rules.value_or(std::vector<FirewallRule>{})) {
        add(rule.start_ip_address, false);
        add(rule.end_ip_address, true);
      }
    for (const Server& server : topology.servers)
      for (const AuthorizedNetwork& network : server.authorized_networks.value_or(std::vector<AuthorizedNetwork>{}))
        add(network.value);
  }

  std::vector<IpAddress> inside(const std::vector<Cidr>& prefixes) const {
    std::set<IpAddress> result;
    for (const Cidr& prefix : prefixes) result.insert(prefix.first());
    for (const IpAddress& address : all_)
      if (contains(prefixes, address)) result.insert(address);
    return {result.begin(), result.end()};
  }

  /// Some address of which the file says nothing.
  std::vector<IpAddress> on_the_internet(Family family) const {
    std::set<IpAddress> result{*IpAddress::parse("9.9.9.9"), *IpAddress::parse("198.51.101.7")};
    if (family == Family::ipv6) result = {*IpAddress::parse("2600::9")};
    for (const IpAddress& address : all_)
      if (address.family() == family && address.global() && !contains(described_, address)) result.insert(address);
    return {result.begin(), result.end()};
  }

 private:
  void add_admin_rules(const Topology& topology) {
    for (const SecurityAdminConfiguration& configuration : topology.security_admin_configurations)
      for (const RuleCollection& collection : configuration.rule_collections)
        for (const AdminRule& rule : collection.rules)
          for (const auto* side : {&rule.sources, &rule.destinations})
            for (const AddressPrefix& entry : *side)
              if (entry.cidr) add(*entry.cidr);
  }
  void add_network_acls(const Topology& topology) {
    for (const Site& site : topology.sites)
      for (const NetworkAcl& acl : site.network_acls.value_or(std::vector<NetworkAcl>{})) {
        for (const Cidr& prefix : acl.associations) add(prefix);
        for (const NetworkAclEntry& entry : acl.entries) add(entry.cidr_block);
      }
  }
  void add(const SecurityRule& rule) {
    for (const auto* side : {&rule.source_prefixes, &rule.destination_prefixes})
      for (const AddressPrefix& entry : *side)
        if (entry.cidr) add(*entry.cidr);
  }
  void add(const Cidr& prefix) {
    add(prefix.first(), false);
    add(prefix.last(), true);
  }
  /// The address and, behind the last of a range, the next one.
  void add(const IpAddress& address, bool next) {
    all_.insert(address);
    if (const auto behind = address.next(); next && behind) all_.insert(*behind);
  }

  std::set<IpAddress> all_;
  std::vector<Cidr> described_;  ///< of networks and sites: an address of the Internet lies in none
};

IpAddress inside(World& world, const Topology& topology, const std::vector<Cidr>& prefixes, const std::string& which) {
  return world.pick_of<IpAddress>(which, [&] { return Landmarks{topology}.inside(prefixes); });
}

}  // namespace

std::string group_of(const Subnet* subnet) { return subnet == nullptr ? "" : subnet->network_security_group; }

bool contains(const std::vector<Cidr>& prefixes, const IpAddress& address) {
  return std::ranges::any_of(prefixes, [&](const Cidr& prefix) { return prefix.contains(address); });
}

End end_of(const Topology& topology, const Server& server) {
  if (server.access == ServerAccess::private_endpoint) {
    const PrivateEndpoint* endpoint = find_private_endpoint_of(topology, server.name);
    if (endpoint != nullptr) return of_endpoint(topology, *endpoint);
    End end;
    end.server = &server;
    end.nowhere = true;
    return end;
  }
  End end = in_network(topology, server.virtual_network, server.subnet);
  end.site = find_site(topology, server.site);
  if (end.network == nullptr && end.site == nullptr && server.access != ServerAccess::public_access &&
      server.ip_address)
    end = place_of_address(topology, *server.ip_address);
  end.undescribed = end.network == nullptr && end.site == nullptr && server.access != ServerAccess::public_access;
  end.server = &server;
  end.address = server.ip_address;
  if (end.address) end.ipv6_address = server.ipv6_address;
  end.public_address = server.public_ip_address;
  end.asked_publicly = server.access == ServerAccess::public_access;
  end.nsg = server.network_security_group;
  end.asgs = server.application_security_groups;
  return end;
}

std::optional<End> end_of(const Topology& topology, const std::string& node) {
  if (const Server* server = find_server(topology, node)) return end_of(topology, *server);
  if (const Host* host = find_host(topology, node)) return of_host(topology, *host);
  if (node == "Internet") return End{.asked_publicly = true};
  if (const auto slash = node.find('/'); slash != node.npos) {
    End end = in_network(topology, node.substr(0, slash), node.substr(slash + 1));
    end.asgs_known = false;
    return end.subnet == nullptr ? std::nullopt : std::optional{end};
  }
  if (const Site* site = find_site(topology, node)) {
    End end;
    end.site = site;
    return end;
  }
  const auto address = IpAddress::parse(node);
  return address ? of_address(topology, *address) : std::nullopt;
}

IpAddress public_address_in(World& world, const Topology& topology, const std::string& which, Family family) {
  return world.pick_of<IpAddress>(which, [&] { return Landmarks{topology}.on_the_internet(family); });
}

namespace {

/// Where an end is whose address the file does not give.
std::vector<Cidr> prefixes_of(const End& end) {
  if (end.network != nullptr) return end.subnet != nullptr ? end.subnet->prefixes : end.network->address_prefixes;
  return end.site != nullptr ? end.site->address_prefixes : std::vector<Cidr>{};
}

}  // namespace

std::set<Family> families_to(const End& end) {
  if (end.asked_publicly && end.public_address) return {end.public_address->family()};
  if (end.asked_publicly && end.server != nullptr) return {Family::ipv4};
  if (end.asked_publicly) return {Family::ipv4, Family::ipv6};
  if (end.address) return {end.address->family()};
  std::set<Family> families;
  for (const Cidr& prefix : prefixes_of(end)) families.insert(prefix.address().family());
  return families.empty() ? std::set{Family::ipv4} : families;
}

std::set<Family> families_from(const End& end) {
  const bool anywhere = !end.address && !end.public_address && end.network == nullptr && end.site == nullptr;
  if (anywhere && end.server == nullptr) return {Family::ipv4, Family::ipv6};
  std::set<Family> families = families_to(end);
  if (end.ipv6_address) families.insert(Family::ipv6);
  return families;
}

IpAddress address_in(World& world, const Topology& topology, const End& end, const std::string& which, Family family) {
  if (end.address && end.address->family() == family) return *end.address;
  if (end.ipv6_address && family == Family::ipv6) return *end.ipv6_address;
  std::vector<Cidr> prefixes = prefixes_of(end);
  std::erase_if(prefixes, [&](const Cidr& prefix) { return prefix.address().family() != family; });
  // Each family has a list of its own.
  if (!prefixes.empty()) return inside(world, topology, prefixes, family == Family::ipv6 ? which + " (IPv6)" : which);
  if (end.public_address && end.public_address->family() == family) return *end.public_address;
  return public_address_in(world, topology, family == Family::ipv6 ? which + " (IPv6)" : which, family);
}

}  // namespace pgpassage::naive
