#pragma once

#include <optional>
#include <set>
#include <string>

#include "netcheck/topology/topology.hpp"
#include "tests/naive/ends.hpp"

/// What a name resolves to from one place, by azure-facts 2.10-2.12 and contract 6.7.
namespace pgpassage::naive {

/// The IPv4 addresses; empty when the name has none, does not exist, or nobody can be asked. Absent: it depends on what
/// the file does not say.
std::optional<std::set<IpAddress>> resolves(const Topology& topology, const End& from, const std::string& name);

}  // namespace pgpassage::naive
