#include "netcheck/reach/pairs/division.hpp"

#include <algorithm>

#include "netcheck/topology/occupancy.hpp"

namespace pgpassage::netcheck {
namespace {

bool kept_by_azure(const IpAddress& address, const Cidr& subnet) {
  if (address == subnet.last()) return true;
  std::optional<IpAddress> kept = subnet.first();
  for (int i = 0; kept && i < kept_at_the_start; kept = kept->next(), ++i)
    if (*kept == address) return true;
  return false;
}

}  // namespace

Division::Division(const Topology& topology, std::vector<Cidr> splits) : taken_{machine_addresses(topology)} {
  std::sort(splits.begin(), splits.end());
  splits.erase(std::unique(splits.begin(), splits.end()), splits.end());
  splits_ = PrefixOrder{splits};
}

bool Division::divides(const Subnet& subnet) const {
  return std::any_of(subnet.prefixes.begin(), subnet.prefixes.end(), [&](const Cidr& prefix) {
    const IndexRange inside = splits_.inside(prefix);
    return inside.last > inside.first && (inside.last - inside.first > 1 || splits_.prefixes()[inside.first] != prefix);
  });
}

std::vector<IpAddress> Division::parts_of(const Subnet& subnet) const {
  std::vector<IpAddress> addresses;
  for (const Cidr& prefix : subnet.prefixes) {
    std::vector<Cidr> parts{prefix};
    const IndexRange inside = splits_.inside(prefix);
    for (std::uint32_t i = inside.first; i < inside.last; ++i)
      if (splits_.prefixes()[i] != prefix) parts.push_back(splits_.prefixes()[i]);
    for (const Cidr& part : parts)
      if (const auto address = address_in(part, prefix)) addresses.push_back(*address);
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

// The first of the part that lies in no narrower one.
std::optional<IpAddress> Division::address_in(const Cidr& part, const Cidr& whole) const {
  std::optional<IpAddress> address = part.first();
  while (address && part.contains(*address)) {
    const Cidr* narrower = nullptr;
    const Cidr single{*address};
    const auto consider = [&](const Cidr& split) {
      const bool inside = split.length() > part.length() && part.contains(split) && split.contains(single);
      if (inside && (narrower == nullptr || split.length() < narrower->length())) narrower = &split;
    };
    splits_.around(single, [&](std::uint32_t index) { consider(splits_.prefixes()[index]); });
    const IndexRange equal = splits_.inside(single);
    if (!equal.empty()) consider(splits_.prefixes()[equal.first]);
    if (narrower != nullptr)
      address = narrower->last().next();
    else if (!kept_by_azure(*address, whole) && !taken_.contains(*address))
      return address;
    else
      address = address->next();
  }
  return std::nullopt;
}

}  // namespace pgpassage::netcheck
