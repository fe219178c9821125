// What Azure could never hold: azure-facts 2.3 to 2.6.
#include <fmt/format.h>

#include <algorithm>

#include "netcheck/base/azure_dns.hpp"
#include "netcheck/topology/reading/prefix_set.hpp"
#include "netcheck/topology/reading/resolve.hpp"
#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {
namespace {

struct Held {
  Cidr prefix;
  const Owner* owner;
};

/// Two prefixes either nest or lie apart, so neighbours in order of address suffice.
template <class Complain>
void find_overlaps(std::vector<Held>& held, Complain complain) {
  std::stable_sort(held.begin(), held.end(), [](const Held& a, const Held& b) { return a.prefix < b.prefix; });
  const Held* widest = nullptr;
  for (const Held& next : held) {
    if (widest != nullptr && widest->prefix.overlaps(next.prefix)) {
      complain(*widest, next);
    } else {
      widest = &next;
    }
  }
}

void check_space(Resolving& all, const VirtualNetwork& network) {
  static const Cidr unusable[] = {*Cidr::parse("224.0.0.0/4"), *Cidr::parse("255.255.255.255/32"),
                                  *Cidr::parse("127.0.0.0/8"), *Cidr::parse("169.254.0.0/16"), Cidr{azure_dns}};
  const Owner of = owner("virtual network", network);
  for (const Cidr& prefix : network.address_prefixes)
    for (const Cidr& reserved : unusable)
      if (prefix.overlaps(reserved))
        all.complain(of, "addressPrefixes",
                     fmt::format("{} of {} {} holds {}, which no virtual network may use", prefix.to_string(), of.noun,
                                 quoted(of.name), reserved.to_string()));
  std::vector<Held> held;
  for (const Cidr& prefix : network.address_prefixes) held.push_back({prefix, &of});
  find_overlaps(held, [&](const Held& a, const Held& b) {
    all.complain(of, "addressPrefixes",
                 fmt::format("address prefixes {} and {} of {} {} overlap", a.prefix.to_string(), b.prefix.to_string(),
                             of.noun, quoted(of.name)));
  });
}

std::string_view prefix_key(const Subnet& subnet) {
  return subnet.prefixes.size() > 1 ? "addressPrefixes" : "addressPrefix";
}

void check_subnets(Resolving& all, const VirtualNetwork& network, const PrefixSet& space) {
  std::vector<Owner> owners;
  owners.reserve(network.subnets.size());
  std::vector<Held> held;
  for (const Subnet& subnet : network.subnets) {
    const Owner& of = owners.emplace_back(owner("subnet", subnet));
    for (const Cidr& prefix : subnet.prefixes) {
      held.push_back({prefix, &of});
      if (!space.empty() && space.covering(prefix) == nullptr)
        all.complain(of, prefix_key(subnet),
                     fmt::format("{} of subnet {} lies outside virtual network {}", prefix.to_string(),
                                 quoted(subnet.name), quoted(network.name)));
      if (prefix.address().family() == IpAddress::Family::ipv4 && prefix.length() > 29)
        all.complain(of, prefix_key(subnet),
                     fmt::format("{} of subnet {} is too small: Azure's smallest subnet is a /29", prefix.to_string(),
                                 quoted(subnet.name)));
    }
  }
  find_overlaps(held, [&](const Held& a, const Held& b) {
    const Held& later = a.owner > b.owner ? a : b;
    const Held& earlier = a.owner > b.owner ? b : a;
    all.complain(*later.owner, "addressPrefix",
                 fmt::format("{} of subnet {} overlaps {} of subnet {}", later.prefix.to_string(),
                             quoted(later.owner->name), earlier.prefix.to_string(), quoted(earlier.owner->name)));
  });
}

struct Space {
  const VirtualNetwork* network;
  PrefixSet prefixes;
};
using Spaces = std::unordered_map<std::string_view, const Space*>;  // by name

void check_peerings(Resolving& all, const Space& space, const Spaces& spaces) {
  const VirtualNetwork& network = *space.network;
  Names remotes;
  int remote_gateways = 0;
  for (const Peering& peering : network.peerings) {
    const Owner of = owner("peering", peering);
    const auto remote = spaces.find(peering.remote_virtual_network);
    if (remote == spaces.end()) continue;
    const bool second = !remotes.add(peering.remote_virtual_network);
    if (remote->second == &space) {
      all.complain(of, "remoteVirtualNetwork",
                   fmt::format("peering {} joins {} with itself", quoted(peering.name), quoted(network.name)));
    } else if (const Cidr* shared = second ? nullptr : space.prefixes.shared_with(remote->second->prefixes)) {
      all.complain(of, "remoteVirtualNetwork",
                   fmt::format("peering {} joins networks that overlap: {} of {} is also in {}", quoted(peering.name),
                               shared->to_string(), quoted(remote->first), quoted(network.name)));
    }
    if (second)
      all.complain(
          of, "remoteVirtualNetwork",
          fmt::format("a second peering of {} with {}", quoted(network.name), quoted(peering.remote_virtual_network)));
    if (peering.use_remote_gateways && ++remote_gateways > 1)
      all.complain(of, "useRemoteGateways",
                   fmt::format("a second peering of {} uses remote gateways, one may", quoted(network.name)));
  }
}

void check_gateways(Resolving& all) {
  Names taken;
  for (const VirtualNetworkGateway& gateway : all.topology.virtual_network_gateways) {
    if (gateway.virtual_network.empty() || all.reading.broken(gateway.location, {"virtualNetwork", "gatewayType"}))
      continue;
    if (!taken.add(fmt::format("{}/{}", gateway.virtual_network, to_string(gateway.type))))
      all.complain(owner("virtual network gateway", gateway), "virtualNetwork",
                   fmt::format("a second {} gateway in {}", to_string(gateway.type), quoted(gateway.virtual_network)),
                   "a virtual network has at most one of each type");
  }
  for (const VirtualNetwork& network : all.topology.virtual_networks)
    for (const Peering& peering : network.peerings)
      for (const GatewayType type : {GatewayType::vpn, GatewayType::express_route})
        if (peering.use_remote_gateways && !taken.add(fmt::format("{}/{}", network.name, to_string(type))))
          all.complain(owner("peering", peering), "useRemoteGateways",
                       fmt::format("{} uses remote gateways and has a gateway of its own", quoted(network.name)));
}

void check_routes(Resolving& all, const RouteTable& table) {
  Names prefixes;
  for (const Route& route : table.routes) {
    const std::string prefix = route.prefix.cidr ? route.prefix.cidr->to_string() : route.prefix.tag;
    if (!prefix.empty() && !prefixes.add(prefix))
      all.complain(owner("route", route), "addressPrefix",
                   fmt::format("a second route for {} in route table {}", prefix, quoted(table.name)));
  }
}

}  // namespace

void check_networks(Resolving& all) {
  std::vector<Space> spaces;
  spaces.reserve(all.topology.virtual_networks.size());
  Spaces by_name;
  for (const VirtualNetwork& network : all.topology.virtual_networks)
    by_name.emplace(network.name, &spaces.emplace_back(Space{&network, PrefixSet{network.address_prefixes}}));
  for (const Space& space : spaces) {
    check_space(all, *space.network);
    check_subnets(all, *space.network, space.prefixes);
    check_peerings(all, space, by_name);
  }
  check_gateways(all);
  for (const RouteTable& table : all.topology.route_tables) check_routes(all, table);
}

}  // namespace pgpassage::reading
