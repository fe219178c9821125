#include "netcheck/reach/locate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netcheck/reach/states.hpp"

namespace pgpassage::netcheck {
namespace {

Place in_subnet(const std::string& network, const std::string& subnet, const IpAddress& address) {
  Place place;
  place.kind = Place::Kind::in_virtual_network;
  place.node = address.to_string();
  place.virtual_network = network;
  place.subnet = subnet;
  place.address = address;
  return place;
}

std::optional<Place> object_at(const Topology& topology, const IpAddress& address) {
  for (const PrivateEndpoint& endpoint : topology.private_endpoints) {
    if (endpoint.private_ip_address != address) continue;
    Place place = in_subnet(endpoint.virtual_network, endpoint.subnet, address);
    place.endpoint = &endpoint;
    place.server = find_server(topology, endpoint.private_link_service);
    return place;
  }
  for (const Server& server : topology.servers) {
    const bool here = !server.virtual_network.empty() || !server.site.empty();
    if (server.access != ServerAccess::private_endpoint && here &&
        (server.ip_address == address || server.ipv6_address == address))
      return place_of(topology, server);
  }
  for (const Host& host : topology.hosts)
    if (host.ip_address == address || host.ipv6_address == address) return place_of(topology, host);
  return std::nullopt;
}

const Server* public_server_at(const Topology& topology, const IpAddress& address) {
  for (const Server& server : topology.servers)
    if (server.public_ip_address == address) return &server;
  return nullptr;
}

// The public side of a server: its own lists decide there, wherever it lies.
Place public_side(const Server& server, const IpAddress& address) {
  Place place;
  place.node = address.to_string();
  place.address = address;
  place.server = &server;
  place.egress_ip_addresses = server.egress_ip_addresses;
  return place;
}

// Azure translates what is sent to a machine's public address before its security groups see it.
const Server* machine_at(const Topology& topology, const Place& place) {
  if (place.kind != Place::Kind::internet || place.server != nullptr || !place.address) return nullptr;
  return public_server_at(topology, *place.address);
}

std::optional<Place> subnet_at(const Topology& topology, const IpAddress& address) {
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Subnet& subnet : network.subnets)
      for (const Cidr& prefix : subnet.prefixes)
        if (prefix.contains(address)) return in_subnet(network.name, subnet.name, address);
  return std::nullopt;
}

std::optional<Place> site_at(const Topology& topology, const IpAddress& address) {
  std::optional<Place> found;
  int length = -1;
  for (const Site& site : topology.sites) {
    for (const Cidr& prefix : site.address_prefixes) {
      // A site that announces the default route is not the home of every address.
      if (!prefix.contains(address) || prefix.length() <= std::max(length, 0)) continue;
      length = prefix.length();
      found = Place{};
      found->kind = Place::Kind::at_site;
      found->node = address.to_string();
      found->site = site.name;
      found->address = address;
    }
  }
  return found;
}

bool any_contains(const std::vector<Cidr>& prefixes, const IpAddress& address) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const Cidr& prefix) { return prefix.contains(address); });
}

// The place as described already is where its address leads.
bool consistent(const EffectiveStates& states, const Place& place, const IpAddress& address) {
  if (place.endpoint != nullptr) return place.endpoint->private_ip_address == address;
  switch (place.kind) {
    case Place::Kind::internet: return address.global();
    case Place::Kind::at_site: {
      const Site* site = find_site(states.topology(), place.site);
      return site != nullptr && any_contains(site->address_prefixes, address);
    }
    case Place::Kind::in_virtual_network: {
      if (place.server != nullptr && place.server->public_ip_address == address) return true;
      const Subnet* subnet = states.subnet(place.virtual_network, place.subnet);
      return subnet != nullptr && any_contains(subnet->prefixes, address);
    }
  }
  return false;
}

}  // namespace

std::optional<Place> place_at(const Topology& topology, const IpAddress& address) {
  if (auto place = object_at(topology, address)) {
    if (place->ipv6_address == address) place->address = address;
    return place;
  }
  if (auto place = subnet_at(topology, address)) return place;
  if (auto place = site_at(topology, address)) return place;
  if (!address.global()) return std::nullopt;
  const Server* server = public_server_at(topology, address);
  const bool machine = server != nullptr && server->kind == ServerKind::azure_vm && !server->virtual_network.empty();
  if (server != nullptr && !machine)
    return server->access == ServerAccess::public_access ? place_of(topology, *server) : public_side(*server, address);
  Place place;
  place.node = address.to_string();
  place.address = address;
  return place;
}

Location location_of(const Topology& topology, const Place& place) {
  if (place.endpoint != nullptr) return place.endpoint->location;
  if (place.server != nullptr) return place.server->location;
  if (const Host* host = find_host(topology, place.node)) return host->location;
  if (const Subnet* subnet = find_subnet(topology, place.virtual_network, place.subnet)) return subnet->location;
  if (const VirtualNetwork* network = find_virtual_network(topology, place.virtual_network)) return network->location;
  if (const Site* site = find_site(topology, place.site)) return site->location;
  return {1, 1};
}

Place with_server(Place place, const Server& server) {
  place.node = server.name;
  place.server = &server;
  return place;
}

Place located(const EffectiveStates& states, Place place) {
  const Topology& topology = states.topology();
  if (const Server* machine = machine_at(topology, place)) {
    Place inside = place_of(topology, *machine);
    inside.address = place.address;
    return inside;
  }
  if (!place.address || consistent(states, place, *place.address)) return place;
  std::optional<Place> found = place_at(topology, *place.address);
  if (!found) return place;
  found->address = place.address;
  if (place.server != nullptr) return with_server(*std::move(found), *place.server);
  found->node = place.node;
  return *std::move(found);
}

}  // namespace pgpassage::netcheck
