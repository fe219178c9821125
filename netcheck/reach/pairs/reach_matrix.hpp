#pragma once

#include "netcheck/reach/pairs/matrix.hpp"
#include "netcheck/reach/pairs/nodes.hpp"

/// Who reaches whom: every pair of nodes of a topology on one port.
namespace pgpassage::netcheck {

struct ReachMatrix {
  Nodes nodes;
  Matrix cells;
};

/// Each cell is `trace_flow(topology, from, to, port, protocol).predicted` of the two nodes' places; `self` where a
/// single machine would reach itself. A cell between subnets speaks of all their addresses: it is `unknown` when only a
/// part passes; `splits` divide subnets where it matters which. Found by sets, not by walking each pair: routes per
/// class of nodes, security groups per node against all others at once. Nodes refer into `topology`. `threads` 0: one
/// per core; the result does not depend on it. Needs 2 bits per pair: 400 MB for 40,000 nodes.
ReachMatrix reach_matrix(const Topology& topology, Port port, Protocol protocol = Protocol::tcp, unsigned threads = 0,
                         const std::vector<Cidr>& splits = {});

}  // namespace pgpassage::netcheck
