#include "netcheck/reach/pairs/landmarks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "netcheck/reach/pairs/prefixes_of.hpp"

namespace pgpassage::netcheck {
namespace {

void add_address(const std::optional<IpAddress>& address, std::vector<Cidr>& prefixes) {
  if (address) prefixes.emplace_back(*address);
}

// Addresses of machines outside Azure, or seen there: they may lie in a VNet all the same.
void add_machines(const Topology& topology, std::vector<Cidr>& prefixes) {
  for (const Server& server : topology.servers) {
    add_address(server.public_ip_address, prefixes);
    for (const IpAddress& address : server.egress_ip_addresses) prefixes.emplace_back(address);
    add_prefixes(server, prefixes);
    if (!server.virtual_network.empty()) continue;
    add_address(server.ip_address, prefixes);
    add_address(server.ipv6_address, prefixes);
  }
  for (const Host& host : topology.hosts)
    if (host.virtual_network.empty()) {
      prefixes.emplace_back(host.ip_address);
      add_address(host.ipv6_address, prefixes);
    }
}

/// Where `prefix` lies inside the VNet's own prefixes; its own text when it does not.
std::string relative(const Cidr& prefix, const VirtualNetwork& network) {
  for (std::size_t i = 0; i < network.address_prefixes.size(); ++i) {
    const Cidr& own = network.address_prefixes[i];
    if (!own.contains(prefix)) continue;
    auto from = prefix.address().bytes();
    for (std::size_t k = 0; k < from.size(); ++k)
      from[k] = static_cast<std::uint8_t>(from[k] ^ own.address().bytes()[k]);
    return fmt::format("own{}+{:02x}/{}{}", i, fmt::join(from, ""), prefix.length(), own == prefix ? "=" : "");
  }
  return prefix.to_string();
}

std::string step_of(const Route& route) {
  return fmt::format("{}>{}", to_string(route.next_hop_type),
                     route.next_hop_ip_address ? route.next_hop_ip_address->to_string() : "");
}

}  // namespace

Landmarks::Landmarks(const Topology& topology) {
  for (const RouteTable& table : topology.route_tables) tables_.emplace(table.name, &table);
  find_overlaps(topology);
  find_users(topology);
  std::vector<Cidr> prefixes;
  for (const ServiceTag& tag : topology.service_tags)
    prefixes.insert(prefixes.end(), tag.prefixes.begin(), tag.prefixes.end());
  for (const Site& site : topology.sites) add_prefixes(site, prefixes);
  add_machines(topology, prefixes);
  for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways) add_prefixes(gateway, prefixes);
  for (const SecurityAdminConfiguration& configuration : topology.security_admin_configurations)
    add_prefixes(configuration, prefixes);
  for (const RouteTable& table : topology.route_tables) add_routes(table, prefixes);
  std::sort(prefixes.begin(), prefixes.end());
  prefixes.erase(std::unique(prefixes.begin(), prefixes.end()), prefixes.end());
  order_ = PrefixOrder{prefixes};
}

void Landmarks::find_overlaps(const Topology& topology) {
  std::vector<std::pair<Cidr, const VirtualNetwork*>> owned;
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Cidr& prefix : network.address_prefixes) owned.emplace_back(prefix, &network);
  std::sort(owned.begin(), owned.end());
  std::vector<Cidr> prefixes;
  for (const auto& [prefix, network] : owned) {
    prefixes.push_back(prefix);
    network_owners_.push_back(network);
  }
  network_order_ = PrefixOrder{prefixes};
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    const IndexRange inside = network_order_.inside(prefixes[i]);
    for (std::uint32_t k = inside.first; k < inside.last; ++k)
      if (network_owners_[k] != network_owners_[i]) overlapping_.insert({network_owners_[k], network_owners_[i]});
  }
}

void Landmarks::find_users(const Topology& topology) {
  for (const VirtualNetwork& network : topology.virtual_networks) {
    for (const Subnet& subnet : network.subnets) {
      if (subnet.route_table.empty()) continue;
      const auto [user, first] = sole_user_.emplace(subnet.route_table, &network);
      if (!first && user->second != &network) user->second = nullptr;
    }
  }
}

void Landmarks::add_routes(const RouteTable& table, std::vector<Cidr>& prefixes) {
  for (const Route& route : table.routes) {
    if (!route.prefix.cidr) continue;
    const Cidr& prefix = *route.prefix.cidr;
    bool inside = false;
    const auto enters = [&](std::uint32_t index) {
      inside = true;
      auto& into = routes_into_[network_owners_[index]];
      if (into.empty() || into.back().route != &route) into.push_back({&table, &route, prefix});
    };
    const IndexRange equal = network_order_.inside(prefix);
    for (std::uint32_t i = equal.first; i < equal.last; ++i)
      if (network_order_.prefixes()[i] == prefix) enters(i);
    network_order_.around(prefix, enters);
    if (!inside) prefixes.push_back(prefix);
  }
}

bool Landmarks::only_for(const RouteTable& table, const VirtualNetwork& network) const {
  const auto user = sole_user_.find(table.name);
  return user != sole_user_.end() && user->second == &network;
}

std::string Landmarks::name_of(const RouteTable& table, const VirtualNetwork& network) const {
  if (!only_for(table, network)) return "table " + table.name;
  std::string text = table.disable_bgp_route_propagation ? "own table, closed:" : "own table:";
  for (const Route& route : table.routes)
    text += fmt::format(" {}{}", route.prefix.cidr ? relative(*route.prefix.cidr, network) : route.prefix.tag,
                        step_of(route));
  return text;
}

std::string Landmarks::around(const Cidr& prefix, const VirtualNetwork* network) const {
  std::string text;
  const IndexRange inside = order_.inside(prefix);
  bool nearest = true;
  order_.around(prefix, [&](std::uint32_t index) {
    if (nearest) text += fmt::format("in{} ", index);
    nearest = false;
  });
  // A landmark that is the prefix itself is told from those inside it.
  const bool equal = !inside.empty() && order_.prefixes()[inside.first] == prefix;
  if (!inside.empty()) text += fmt::format("around{}-{}{} ", inside.first, inside.last, equal ? "=" : "");
  const auto into = network == nullptr ? routes_into_.end() : routes_into_.find(network);
  if (into == routes_into_.end()) return text;
  for (std::size_t i = 0; i < into->second.size(); ++i) {
    const Cidr& other = into->second[i].prefix;
    if (other.contains(prefix))
      text += fmt::format("r{} ", i);
    else if (prefix.contains(other))
      text += fmt::format("p{} ", i);
  }
  return text;
}

std::string Landmarks::routes_into(const VirtualNetwork& network) const {
  const auto into = routes_into_.find(&network);
  if (into == routes_into_.end()) return {};
  std::string text;
  for (const RouteInto& route : into->second)
    text += fmt::format("{} in {}{}\n", relative(route.prefix, network), name_of(*route.table, network),
                        step_of(*route.route));
  return text;
}

std::string Landmarks::table_of(const VirtualNetwork& network, const Subnet& subnet) const {
  const auto table = tables_.find(subnet.route_table);
  return table == tables_.end() ? std::string{} : name_of(*table->second, network);
}

}  // namespace pgpassage::netcheck
