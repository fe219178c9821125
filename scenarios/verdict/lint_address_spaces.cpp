#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "scenarios/verdict/lint.hpp"

namespace pgpassage::scenarios {
namespace {

/// The prefixes of one network that meets others in a third.
struct Space {
  Cidr prefix;
  std::string_view name;
  Location location;
};

std::vector<Space> spaces_of(const std::vector<Cidr>& prefixes, std::string_view name, Location location) {
  std::vector<Space> spaces;
  for (const Cidr& prefix : prefixes) spaces.push_back({prefix, name, location});
  return spaces;
}

/// Who meets in a network: itself, its peers, and the sites behind its gateways.
std::vector<Space> meeting_in(const Topology& topology, const VirtualNetwork& network,
                              const std::unordered_map<std::string_view, const VirtualNetwork*>& networks) {
  std::vector<Space> all = spaces_of(network.address_prefixes, network.name, network.location);
  const auto add = [&](std::vector<Space> more) { all.insert(all.end(), more.begin(), more.end()); };
  for (const Peering& peering : network.peerings)
    if (const auto remote = networks.find(peering.remote_virtual_network); remote != networks.end())
      add(spaces_of(remote->second->address_prefixes, remote->second->name, peering.location));
  for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways) {
    if (gateway.virtual_network != network.name) continue;
    for (const GatewayConnection& connection : gateway.connections)
      if (const Site* site = find_site(topology, connection.site))
        add(spaces_of(site->address_prefixes, site->name, connection.location));
  }
  return all;
}

void warn_of_overlap(const Lint& lint, const VirtualNetwork& meeting, const Space& one, const Space& other) {
  const Cidr& shared = one.prefix.length() > other.prefix.length() ? one.prefix : other.prefix;
  lint.warn(
      rules::address_spaces_overlap,
      {fmt::format("{}: {} and {}", meeting.name, one.name, other.name),
       fmt::format("{} and {} meet in {} and both use {}", one.name, other.name, meeting.name, shared.to_string()),
       {fmt::format("{} has {}, {} has {}", one.name, one.prefix.to_string(), other.name, other.prefix.to_string())},
       other.location,
       {{"one", std::string{one.name}}, {"other", std::string{other.name}}, {"shared", shared.to_string()}}});
}

/// Prefixes nest or lie apart, so in order of address each is compared with the one that still holds it.
void lint_meeting(const Lint& lint, const VirtualNetwork& meeting, std::vector<Space> spaces) {
  std::ranges::stable_sort(spaces, {}, &Space::prefix);
  const Space* widest = nullptr;
  for (const Space& next : spaces) {
    if (!widest || !widest->prefix.overlaps(next.prefix)) {
      widest = &next;
    } else if (widest->name != next.name) {
      // Two networks that are peered with each other and overlap are an error of the input already.
      const bool direct = widest->name == meeting.name || next.name == meeting.name;
      const bool site = find_site(lint.checked.topology, widest->name) || find_site(lint.checked.topology, next.name);
      if (!direct || site) warn_of_overlap(lint, meeting, *widest, next);
    }
  }
}

}  // namespace

void lint_address_spaces(const Lint& lint) {
  const Topology& topology = lint.checked.topology;
  std::unordered_map<std::string_view, const VirtualNetwork*> networks;
  for (const VirtualNetwork& network : topology.virtual_networks) networks.emplace(network.name, &network);
  std::size_t joined = 0;
  for (const VirtualNetwork& network : topology.virtual_networks) {
    std::vector<Space> spaces = meeting_in(topology, network, networks);
    joined += spaces.size() > network.address_prefixes.size() ? 1 : 0;
    lint_meeting(lint, network, std::move(spaces));
  }
  lint.pass(rules::address_spaces_overlap, joined, "networks that are joined with others");
}

}  // namespace pgpassage::scenarios
