#pragma once

#include "netcheck/reach/walk.hpp"

/// IPv4 and IPv6: both ends of a flow speak the same one.
namespace pgpassage::netcheck {

/// Does the span hold addresses of the family? A span of unknown addresses may, and so may "some public address".
bool speaks(const AddressSpan& span, IpAddress::Family family);

/// The addresses of one family. A span that lists none keeps its meaning; "some public address" is one of that family.
AddressSpan only(AddressSpan span, IpAddress::Family family);

/// The families in which both ends could speak; one, unless both are dual-stack subnets or sites, or one of them is
/// the Internet at large. The public address of a server that the file does not give is IPv4, as every public endpoint
/// of PostgreSQL in Azure is. Empty: none.
std::vector<IpAddress::Family> shared_families(const Flow& flow);

/// Why there is none: the start lacks the family of the destination.
Hop no_shared_family(const Flow& flow);

}  // namespace pgpassage::netcheck
