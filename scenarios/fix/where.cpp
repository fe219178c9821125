#include <algorithm>

#include "netcheck/topology/occupancy.hpp"
#include "scenarios/fix/cures.hpp"

namespace pgpassage::scenarios::fix {
namespace {

using netcheck::Place;

std::vector<Cidr> around(const Topology& topology, const Place& place) {
  if (const Subnet* subnet = find_subnet(topology, place.virtual_network, place.subnet)) return subnet->prefixes;
  if (const Site* site = find_site(topology, place.site)) return site->address_prefixes;
  return {};
}

}  // namespace

std::vector<Cidr> source_prefixes(const Topology& topology, const Place& place, bool translated) {
  std::vector<Cidr> prefixes;
  if (translated) {
    for (const IpAddress& address : place.egress_ip_addresses) prefixes.emplace_back(address);
    return prefixes;
  }
  const bool managed = place.server != nullptr && place.server->access == ServerAccess::vnet_integrated;
  if (managed) prefixes = around(topology, place);
  if (prefixes.empty() && place.address) prefixes.emplace_back(*place.address);
  return prefixes.empty() ? around(topology, place) : prefixes;
}

std::vector<Cidr> destination_prefixes(const Topology& topology, const Place& place) {
  if (place.address) return {Cidr{*place.address}};
  return around(topology, place);
}

std::pair<std::string, std::string> split(std::string_view text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return {std::string{text}, ""};
  return {std::string{text.substr(0, at)}, std::string{text.substr(at + separator.size())}};
}

std::optional<IpAddress> free_address(const Topology& topology, const Subnet& subnet) {
  const std::set<IpAddress> taken = addresses_in_use(topology);
  for (const Cidr& prefix : subnet.prefixes) {
    if (prefix.address().family() != IpAddress::Family::ipv4) continue;
    for (std::uint32_t i = prefix.first().ipv4() + kept_at_the_start; i < prefix.last().ipv4(); ++i)
      if (!taken.contains(IpAddress::from_ipv4(i))) return IpAddress::from_ipv4(i);
  }
  return std::nullopt;
}

std::optional<Cidr> free_prefix(const VirtualNetwork& network, int length) {
  const std::uint64_t step = std::uint64_t{1} << (32 - length);
  for (const Cidr& space : network.address_prefixes) {
    if (space.address().family() != IpAddress::Family::ipv4 || space.length() > length) continue;
    for (std::uint64_t i = space.first().ipv4(); i <= space.last().ipv4(); i += step) {
      const Cidr prefix{IpAddress::from_ipv4(static_cast<std::uint32_t>(i)), length};
      const auto overlaps = [&](const Subnet& subnet) {
        return std::ranges::any_of(subnet.prefixes, [&](const Cidr& taken) { return taken.overlaps(prefix); });
      };
      if (std::ranges::none_of(network.subnets, overlaps)) return prefix;
    }
  }
  return std::nullopt;
}

}  // namespace pgpassage::scenarios::fix
