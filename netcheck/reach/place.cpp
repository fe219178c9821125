#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "netcheck/reach/locate.hpp"
#include "netcheck/reach/trace.hpp"

namespace pgpassage::netcheck {
namespace {

std::size_t edits(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

std::vector<std::string> nodes_of(const Topology& topology) {
  std::vector<std::string> nodes;
  for (const Server& server : topology.servers) nodes.push_back(server.name);
  for (const Host& host : topology.hosts) nodes.push_back(host.name);
  for (const PrivateEndpoint& endpoint : topology.private_endpoints) nodes.push_back(endpoint.name);
  for (const Site& site : topology.sites) nodes.push_back(site.name);
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Subnet& subnet : network.subnets) nodes.push_back(fmt::format("{}/{}", network.name, subnet.name));
  if (topology.migration) nodes.insert(nodes.end(), {"source", "target", "runtime"});
  nodes.emplace_back("Internet");
  return nodes;
}

// Names that hold the word, then the ones a few keystrokes away.
std::vector<std::string> likely_nodes(const Topology& topology, std::string_view node) {
  std::vector<std::pair<std::size_t, std::string>> scored;
  for (std::string& name : nodes_of(topology)) {
    const std::size_t distance = name.find(node) != name.npos ? 0 : edits(name, node);
    if (distance <= std::max<std::size_t>(2, node.size() / 3)) scored.emplace_back(distance, std::move(name));
  }
  std::stable_sort(scored.begin(), scored.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (const auto& [distance, name] : scored)
    if (names.size() < 3) names.push_back(name);
  return names;
}

tl::unexpected<Error> unknown_node(const Topology& topology, std::string_view node) {
  const std::vector<std::string> likely = likely_nodes(topology, node);
  if (likely.empty())
    return fail(Errc::input,
                "'{}' is no place in this topology: a node is a server, a host, runtime, source, target, vnet/subnet, "
                "a site, an address or Internet",
                node);
  return fail(Errc::input, "'{}' is no place in this topology; did you mean {}?", node, fmt::join(likely, ", "));
}

Result<Place> place_of_role(const Topology& topology, std::string_view role) {
  if (!topology.migration)
    return fail(Errc::input, "'{}' is a role of the migration, and this file has no migration", role);
  const Migration& migration = *topology.migration;
  const std::string& name = role == "source"   ? migration.source
                            : role == "target" ? migration.target
                                               : migration.runtime_server;
  if (name.empty()) return fail(Errc::input, "the migration '{}' has no runtimeServer", migration.name);
  const Server* server = find_server(topology, name);
  if (server == nullptr) return unknown_node(topology, name);
  return place_of(topology, *server);
}

std::optional<Place> place_of_subnet(const Topology& topology, std::string_view node) {
  const std::size_t slash = node.find('/');
  if (slash == node.npos) return std::nullopt;
  if (find_subnet(topology, node.substr(0, slash), node.substr(slash + 1)) == nullptr) return std::nullopt;
  Place place;
  place.kind = Place::Kind::in_virtual_network;
  place.node = node;
  place.virtual_network = node.substr(0, slash);
  place.subnet = node.substr(slash + 1);
  return place;
}

Result<Place> place_of_address(const Topology& topology, const IpAddress& address) {
  if (auto place = place_at(topology, address)) return *place;
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Cidr& prefix : network.address_prefixes)
      if (prefix.contains(address))
        return fail(Errc::input, "{} lies in {}, but in none of its subnets", address.to_string(), network.name);
  return fail(Errc::input, "{} is a private address that lies in no subnet and no site of this file",
              address.to_string());
}

// A public server is seen from its own public address unless the file says otherwise.
std::vector<IpAddress> egress_addresses(const Server& server) {
  if (!server.egress_ip_addresses.empty() || !server.public_ip_address) return server.egress_ip_addresses;
  const bool azure = server.kind == ServerKind::flexible_server || server.kind == ServerKind::single_server ||
                     server.kind == ServerKind::azure_vm;
  if (azure && server.access == ServerAccess::public_access) return {*server.public_ip_address};
  return {};
}

}  // namespace

Place place_of(const Topology& topology, const Server& server) {
  Place place;
  place.node = server.name;
  place.server = &server;
  place.network_security_group = server.network_security_group;
  place.application_security_groups = server.application_security_groups;
  place.egress_ip_addresses = egress_addresses(server);
  if (server.access == ServerAccess::private_endpoint) {
    place.endpoint = find_private_endpoint_of(topology, server.name);
    if (place.endpoint == nullptr) return place;
    place.kind = Place::Kind::in_virtual_network;
    place.virtual_network = place.endpoint->virtual_network;
    place.subnet = place.endpoint->subnet;
    place.address = place.endpoint->private_ip_address;
    place.network_security_group.clear();
    place.application_security_groups.clear();
    return place;
  }
  const bool is_public = server.access == ServerAccess::public_access;
  place.address = is_public ? server.public_ip_address : server.ip_address;
  if (!server.virtual_network.empty()) {
    place.kind = Place::Kind::in_virtual_network;
    place.virtual_network = server.virtual_network;
    place.subnet = server.subnet;
    place.ipv6_address = server.ipv6_address;
  } else if (!is_public && !server.site.empty()) {
    place.kind = Place::Kind::at_site;
    place.site = server.site;
    place.ipv6_address = server.ipv6_address;
  } else if (!is_public && server.ip_address) {
    return with_server(place_at(topology, *server.ip_address).value_or(place), server);
  } else if (is_public && !place.address && server.ip_address && server.ip_address->global()) {
    place.address = server.ip_address;
  }
  return place;
}

Place place_of(const Topology&, const Host& host) {
  Place place;
  place.kind = host.site.empty() ? Place::Kind::in_virtual_network : Place::Kind::at_site;
  place.node = host.name;
  place.virtual_network = host.virtual_network;
  place.subnet = host.subnet;
  place.site = host.site;
  place.address = host.ip_address;
  place.ipv6_address = host.ipv6_address;
  place.network_security_group = host.network_security_group;
  place.application_security_groups = host.application_security_groups;
  return place;
}

Place place_of(const Topology& topology, const PrivateEndpoint& endpoint) {
  Place place;
  place.kind = Place::Kind::in_virtual_network;
  place.node = endpoint.name;
  place.virtual_network = endpoint.virtual_network;
  place.subnet = endpoint.subnet;
  place.address = endpoint.private_ip_address;
  place.endpoint = &endpoint;
  place.server = find_server(topology, endpoint.private_link_service);
  return place;
}

Place place_of(const DnsServer& server) {
  Place place;
  place.kind = server.site.empty() ? Place::Kind::in_virtual_network : Place::Kind::at_site;
  place.node = server.name;
  place.virtual_network = server.virtual_network;
  place.subnet = server.subnet;
  place.site = server.site;
  place.address = server.ip_address;
  return place;
}

Result<Place> place_of(const Topology& topology, std::string_view node) {
  if (const Server* server = find_server(topology, node)) return place_of(topology, *server);
  if (const Host* host = find_host(topology, node)) return place_of(topology, *host);
  for (const PrivateEndpoint& endpoint : topology.private_endpoints)
    if (endpoint.name == node) return place_of(topology, endpoint);
  if (node == "source" || node == "target" || node == "runtime") return place_of_role(topology, node);
  if (auto place = place_of_subnet(topology, node)) return *place;
  Place place;
  place.node = node;
  if (find_site(topology, node) != nullptr) {
    place.kind = Place::Kind::at_site;
    place.site = node;
    return place;
  }
  if (node == "Internet" || node == "internet") return place;
  if (const auto address = IpAddress::parse(node)) return place_of_address(topology, *address);
  return unknown_node(topology, node);
}

}  // namespace pgpassage::netcheck
