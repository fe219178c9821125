#pragma once

#include <cstdint>
#include <string>

namespace pgpassage::referee {

/// A topology file of two to four VNets with peerings, NSGs, routes, appliances, gateways, sites, private endpoints
/// and public servers, each thrown in by chance: the same text for the same seed on every machine. It is mostly, not
/// always, one that Azure could hold: the reader says.
std::string random_topology(std::uint32_t seed);

}  // namespace pgpassage::referee
