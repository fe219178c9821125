#include "netcheck/reach/match.hpp"

#include <algorithm>
#include <array>

#include "netcheck/reach/states.hpp"

namespace pgpassage::netcheck {
namespace {

Cidr upper_half(const Cidr& prefix) { return Cidr{prefix.last(), prefix.length() + 1}; }
Cidr lower_half(const Cidr& prefix) { return Cidr{prefix.first(), prefix.length() + 1}; }

// Two prefixes that are no single one may cover a third together: halves are asked until one holds all or none does.
Match prefix_lies_in(const Cidr& prefix, std::span<const Cidr> prefixes) {
  std::vector<Cidr> inside;
  for (const Cidr& candidate : prefixes) {
    if (candidate.contains(prefix)) return Match::yes;
    if (prefix.contains(candidate)) inside.push_back(candidate);
  }
  if (inside.empty()) return Match::no;
  const Match lower = prefix_lies_in(lower_half(prefix), inside);
  if (lower != Match::yes) return Match::unknown;
  return prefix_lies_in(upper_half(prefix), inside) == Match::yes ? Match::yes : Match::unknown;
}

Match public_lies_in(std::span<const Cidr> prefixes, IpAddress::Family family) {
  static const Cidr public_ipv6 = *Cidr::parse("2000::/3");
  bool overlaps = false;
  for (const Cidr& prefix : prefixes) {
    if (prefix.address().family() != family) continue;
    if (prefix.length() == 0 || prefix.contains(public_ipv6)) return Match::yes;
    overlaps = overlaps || prefix_lies_in(prefix, private_prefixes()) != Match::yes;
  }
  return overlaps ? Match::unknown : Match::no;
}

}  // namespace

Match all_of(Match one, Match other) {
  if (one == Match::no || other == Match::no) return Match::no;
  return one == Match::yes && other == Match::yes ? Match::yes : Match::unknown;
}

Match any_of(Match one, Match other) {
  if (one == Match::yes || other == Match::yes) return Match::yes;
  return one == Match::no && other == Match::no ? Match::no : Match::unknown;
}

bool single(const Cidr& prefix) { return prefix.length() == prefix.address().bits(); }

AddressSpan span_of(const IpAddress& address) { return {{Cidr{address}}, false}; }

Match lies_in(const AddressSpan& address, std::span<const Cidr> prefixes) {
  if (prefixes.empty()) return Match::no;
  if (address.any_public) return public_lies_in(prefixes, address.public_family);
  if (address.prefixes.empty()) {
    const bool everything = std::any_of(prefixes.begin(), prefixes.end(), [](const Cidr& c) {
      return c.length() == 0 && c.address().family() == IpAddress::Family::ipv4;
    });
    return everything ? Match::yes : Match::unknown;
  }
  Match all = prefix_lies_in(address.prefixes.front(), prefixes);
  for (const Cidr& prefix : address.prefixes)
    if (prefix_lies_in(prefix, prefixes) != all) return Match::unknown;
  return all;
}

std::span<const Cidr> private_prefixes() {
  static const std::vector<Cidr> prefixes = [] {
    std::vector<Cidr> all;
    for (const char* text :
         {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
          "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/3", "4000::/2", "8000::/1"})
      all.push_back(*Cidr::parse(text));
    return all;
  }();
  return prefixes;
}

Match lies_in_public(const AddressSpan& address) {
  if (address.any_public) return Match::yes;
  switch (lies_in(address, private_prefixes())) {
    case Match::yes: return Match::no;
    case Match::no: return Match::yes;
    case Match::unknown: return Match::unknown;
  }
  return Match::unknown;
}

namespace {

// A machine with both families sends from the one of its destination.
AddressSpan with_ipv6(AddressSpan span, const Place& place) {
  if (place.ipv6_address && span != span_of(*place.ipv6_address)) span.prefixes.emplace_back(*place.ipv6_address);
  return span;
}

}  // namespace

AddressSpan span_of(const EffectiveStates& states, const Place& place) {
  // A machine with a public address of its own still sends and receives with its private one inside Azure.
  if (place.kind == Place::Kind::in_virtual_network) {
    const bool entered_publicly = place.server != nullptr && place.address == place.server->public_ip_address;
    if (place.address && !entered_publicly) return with_ipv6(span_of(*place.address), place);
    if (place.server != nullptr && place.server->ip_address)
      return with_ipv6(span_of(*place.server->ip_address), place);
    const VirtualNetwork* network = states.network(place.virtual_network);
    if (network == nullptr) return {};
    const Subnet* subnet = find_subnet(*network, place.subnet);
    return {subnet == nullptr ? network->address_prefixes : subnet->prefixes, false};
  }
  if (place.address) return with_ipv6(span_of(*place.address), place);
  if (place.kind == Place::Kind::internet) return {{}, true};
  const Site* site = find_site(states.topology(), place.site);
  return site == nullptr ? AddressSpan{} : AddressSpan{site->address_prefixes, false};
}

}  // namespace pgpassage::netcheck
