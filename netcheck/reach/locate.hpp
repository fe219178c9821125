#pragma once

#include <optional>

#include "netcheck/reach/trace.hpp"

/// From an address to the place where it lies.
namespace pgpassage::netcheck {

class EffectiveStates;

/// The private endpoint, server or host with that address, else the subnet, else the site (longest prefix first), else
/// the server with that public address, else the Internet. A machine in a VNet is not found by its public address: what
/// starts there is seen as any public address; `located` finds it as the end of a flow. Absent for an address that is
/// not public and lies in none of them. When unpeered VNets use the same addresses, the first of the file.
std::optional<Place> place_at(const Topology& topology, const IpAddress& address);

/// Where the file describes the place: the private endpoint, server or host, else the subnet, VNet or site; of a place
/// that is in no file the file as a whole.
Location location_of(const Topology& topology, const Place& place);

/// The place, with the server that is asked for there.
Place with_server(Place place, const Server& server);

/// Where packets to `place.address` really go: the caller may have put an address there to which a name resolved.
/// The server stays the one that was asked for.
Place located(const EffectiveStates& states, Place place);

}  // namespace pgpassage::netcheck
