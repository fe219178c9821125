#include "netcheck/reach/families.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/locate.hpp"

namespace pgpassage::netcheck {
namespace {

using Family = IpAddress::Family;

bool known(const AddressSpan& span) { return !span.prefixes.empty() || span.any_public; }

Family family_of(const AddressSpan& span) {
  return span.prefixes.empty() ? Family::ipv4 : span.prefixes.front().address().family();
}

bool may_speak(const Place& place, const AddressSpan& span, Family family) {
  if (span.any_public && place.server != nullptr) return family == Family::ipv4;
  return speaks(span, family);
}

}  // namespace

bool speaks(const AddressSpan& span, Family family) {
  if (span.prefixes.empty()) return true;
  return std::any_of(span.prefixes.begin(), span.prefixes.end(),
                     [&](const Cidr& prefix) { return prefix.address().family() == family; });
}

AddressSpan only(AddressSpan span, Family family) {
  const auto other = [&](const Cidr& prefix) { return prefix.address().family() != family; };
  span.prefixes.erase(std::remove_if(span.prefixes.begin(), span.prefixes.end(), other), span.prefixes.end());
  span.public_family = family;
  return span;
}

std::vector<Family> shared_families(const Flow& flow) {
  // Where neither end lists an address there is nothing to choose.
  if (!known(flow.source) && !known(flow.destination)) return {Family::ipv4};
  std::vector<Family> families;
  for (const Family family : {Family::ipv4, Family::ipv6})
    if (may_speak(flow.from, flow.source, family) && may_speak(flow.to, flow.destination, family))
      families.push_back(family);
  if (families.size() == 2 && !(known(flow.source) && known(flow.destination)))
    return {family_of(known(flow.source) ? flow.source : flow.destination)};
  return families;
}

Hop no_shared_family(const Flow& flow) {
  const bool six = family_of(flow.destination) == Family::ipv6;
  const Subnet* subnet = flow.states.subnet(flow.from.virtual_network, flow.from.subnet);
  const bool impossible = subnet != nullptr && !speaks({subnet->prefixes, false}, six ? Family::ipv6 : Family::ipv4);
  Hop hop;
  hop.at = flow.from.node;
  hop.kind = HopKind::route;
  hop.decision = impossible ? Decision::deny : Decision::unknown;
  hop.by = impossible ? subnet->name : flow.from.node;
  hop.location = impossible ? subnet->location : location_of(flow.topology, flow.from);
  hop.cause = six ? cause::no_ipv6_address : cause::no_ipv4_address;
  hop.detail = impossible ? fmt::format("{} has no {} prefix, and {} is asked for by {}", subnet->name,
                                        six ? "IPv6" : "IPv4", flow.to.node, six ? "IPv6" : "IPv4")
                          : fmt::format("the {} address of {} is not given", six ? "IPv6" : "IPv4", flow.from.node);
  return hop;
}

}  // namespace pgpassage::netcheck
