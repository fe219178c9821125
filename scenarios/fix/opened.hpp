#pragma once

#include <string>
#include <vector>

#include "netcheck/topology/topology.hpp"
#include "scenarios/verdict/assessment.hpp"

/// What a change of a topology lets through that did not pass before. Pure.
namespace pgpassage::scenarios::fix {

struct OpenedFlow {
  std::string from, to;  ///< NODEs of contract 5
  Port port = 5432;
  Protocol protocol = Protocol::tcp;
  /// Surely passes now; else it was stopped before and is undecided now, for want of an exact address or a fact.
  bool allowed = true;

  bool operator==(const OpenedFlow&) const = default;
};

struct Opened {
  std::vector<OpenedFlow> flows;  ///< without the required ones
  std::size_t nodes = 0;          ///< that were asked
  bool complete = true;           ///< false: the topology has more nodes than are asked
};

struct PortAsked {
  Port port = 5432;
  Protocol protocol = Protocol::tcp;

  bool operator==(const PortAsked&) const = default;
};

/// Asks every pair of subnets, sites, servers, hosts and the Internet, before and after. At most `most_nodes`: the ends
/// of the required flows, sites, and what stands in the networks of those ends come first.
Opened opened_flows(const Topology& before, const Topology& after, const std::vector<FlowAssessment>& required,
                    const std::vector<PortAsked>& ports, std::size_t most_nodes);

}  // namespace pgpassage::scenarios::fix
