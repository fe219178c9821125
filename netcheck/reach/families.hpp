#pragma once

#include "netcheck/reach/walk.hpp"

/// IPv4 and IPv6: both ends of a flow speak the same one.
namespace pgpassage::netcheck {

/// Does the span hold addresses of the family? A span of unknown addresses may; "some public address" is IPv4.
bool speaks(const AddressSpan& span, IpAddress::Family family);

/// The addresses of one family; a span that lists none stays as it is.
AddressSpan only(AddressSpan span, IpAddress::Family family);

/// The families in which both ends could speak; one, unless both are dual-stack subnets or sites. Empty: none.
std::vector<IpAddress::Family> shared_families(const Flow& flow);

/// Why there is none: the start lacks the family of the destination.
Hop no_shared_family(const Flow& flow);

}  // namespace pgpassage::netcheck
