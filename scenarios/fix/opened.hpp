#pragma once

#include <string>
#include <vector>

#include "netcheck/topology/topology.hpp"
#include "scenarios/fix/change.hpp"
#include "scenarios/verdict/assessment.hpp"

/// What a change of a topology lets through that did not pass before. Pure.
namespace pgpassage::scenarios::fix {

struct OpenedFlow {
  std::string from, to;  ///< nodes as `check --all-pairs` names them: also parts of a subnet, "vnet/subnet 10.1.1.4"
  Port port = 5432;
  Protocol protocol = Protocol::tcp;
  /// Surely passes now; else it was stopped before and is undecided now, for want of a fact.
  bool allowed = true;

  bool operator==(const OpenedFlow&) const = default;
};

struct Opened {
  std::vector<OpenedFlow> flows;  ///< without the required ones
  bool complete = true;           ///< false: there are more than 10,000
};

/// Compares every pair of subnets, sites, servers, hosts, endpoints and the Internet, before and after.
Opened opened_flows(const Topology& before, const Topology& after, const std::vector<FlowAssessment>& required,
                    const std::vector<PortAsked>& ports);

}  // namespace pgpassage::scenarios::fix
