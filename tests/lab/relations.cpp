#include <algorithm>
#include <cctype>

#include "tests/lab/layout.hpp"

namespace pgpassage::lab {

std::string safe(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_';
    result += plain ? c : '_';
  }
  return result;
}

std::string place_name(std::string_view kind, std::string_view name) { return std::string{kind} + "." + safe(name); }

const Fabric* find_fabric(const Layout& layout, std::string_view place) {
  const auto found = std::ranges::find(layout.fabrics, place, &Fabric::place);
  return found == layout.fabrics.end() ? nullptr : &*found;
}

const Nic* find_nic(const Layout& layout, std::string_view place) {
  const auto found = std::ranges::find(layout.nics, place, &Nic::place);
  return found == layout.nics.end() ? nullptr : &*found;
}

const ResolverLink* find_resolver_link(const Layout& layout, const DnsForwardingRuleset& ruleset,
                                       std::string_view network) {
  const auto found = std::ranges::find_if(layout.resolver_links, [&](const ResolverLink& link) {
    return link.ruleset == &ruleset && link.network == network;
  });
  return found == layout.resolver_links.end() ? nullptr : &*found;
}

const PeeringWire* find_peering_wire(const Layout& layout, std::string_view one, std::string_view other) {
  for (const PeeringWire& peering : layout.peerings) {
    if (peering.one_network == one && peering.other_network == other) return &peering;
    if (peering.one_network == other && peering.other_network == one) return &peering;
  }
  return nullptr;
}

const HopWire* find_hop(const Layout& layout, std::string_view network, std::string_view node) {
  for (const HopWire& hop : layout.hops)
    if (hop.network == network && hop.node == node) return &hop;
  return nullptr;
}

bool peered(const Topology&, const VirtualNetwork& one, const VirtualNetwork& other) {
  const Peering* there = find_peering(one, other.name);
  const Peering* back = find_peering(other, one.name);
  return there != nullptr && back != nullptr && there->state == PeeringState::connected &&
         back->state == PeeringState::connected;
}

bool uses_gateway_of(const Topology& topology, const VirtualNetwork& spoke, const VirtualNetwork& hub) {
  return peered(topology, spoke, hub) && find_peering(spoke, hub.name)->use_remote_gateways &&
         find_peering(hub, spoke.name)->allow_gateway_transit;
}

std::vector<const VirtualNetworkGateway*> gateways_of(const Topology& topology, const VirtualNetwork& network) {
  std::vector<const VirtualNetworkGateway*> own;
  std::vector<const VirtualNetworkGateway*> remote;
  for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways) {
    const VirtualNetwork* hub = find_virtual_network(topology, gateway.virtual_network);
    if (hub == &network) own.push_back(&gateway);
    if (hub != nullptr && hub != &network && uses_gateway_of(topology, network, *hub)) remote.push_back(&gateway);
  }
  return own.empty() ? remote : own;
}

std::vector<Cidr> disjoint(std::vector<Cidr> prefixes) {
  std::erase_if(prefixes, [](const Cidr& one) { return one.address().family() != IpAddress::Family::ipv4; });
  std::ranges::sort(prefixes);
  prefixes.erase(std::unique(prefixes.begin(), prefixes.end()), prefixes.end());
  std::vector<Cidr> result;
  for (const Cidr& one : prefixes)
    if (std::ranges::none_of(prefixes, [&](const Cidr& other) { return other != one && other.contains(one); }))
      result.push_back(one);
  return result;
}

}  // namespace pgpassage::lab
