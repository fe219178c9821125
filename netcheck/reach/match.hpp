#pragma once

#include <span>
#include <vector>

#include "netcheck/base/address.hpp"
#include "netcheck/reach/trace.hpp"

/// Matching in three values: an address that the file does not give may lie inside a prefix.
namespace pgpassage::netcheck {

class EffectiveStates;

enum class Match { no, yes, unknown };

Match all_of(Match one, Match other);  ///< yes when both are, no when either is no
Match any_of(Match one, Match other);  ///< yes when either is, no when both are no

/// Where one end of a flow may be: some address of `prefixes`, or, with `any_public`, some public address.
/// One known address is one prefix of full length. Both empty: nothing is known.
struct AddressSpan {
  std::vector<Cidr> prefixes;
  bool any_public = false;
  IpAddress::Family public_family = IpAddress::Family::ipv4;  ///< of `any_public`

  bool operator==(const AddressSpan&) const = default;
};

AddressSpan span_of(const IpAddress& address);

/// One address: /32, or /128 of IPv6. No longer route exists.
bool single(const Cidr& prefix);

/// Is every address of `address` in one of `prefixes` (yes), none (no), or does it depend (unknown)?
Match lies_in(const AddressSpan& address, std::span<const Cidr> prefixes);

/// What IpAddress::global() leaves out, as prefixes. IPv6 is public in 2000::/3 only.
std::span<const Cidr> private_prefixes();

/// Is it public: outside every private, loopback and reserved range?
Match lies_in_public(const AddressSpan& address);

/// The addresses from which a place sends and at which its network interface receives: its own, or any of its subnet
/// or site, or any public one.
AddressSpan span_of(const EffectiveStates& states, const Place& place);

}  // namespace pgpassage::netcheck
