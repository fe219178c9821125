#pragma once

#include <string>
#include <vector>

#include "dns/zones/answer.hpp"
#include "netcheck/reach/trace.hpp"
#include "netcheck/topology/topology.hpp"
#include "tests/referee/network.hpp"

/// What the static analysis says of one topology, each statement in a form that the lab can be asked about.
namespace pgpassage::referee {

struct ConnectTrial {
  std::string what;  ///< "runtime->source from vm-crossing", "vm-a -> vm-b"
  lab::Attempt attempt;
  netcheck::Trace trace;
};

struct NameTrial {
  Question question;
  dns::Answer answer;
};

struct Trials {
  lab::LabPlan plan;  ///< with a listener at every machine, not only at the servers
  std::vector<ConnectTrial> connects;
  std::vector<NameTrial> names;
  std::vector<std::string> not_refereed;  ///< flows between places of which the lab has no machine
};

/// Every pair of machines at the port of the second, also by its public address where it has one; and, when the file
/// has a migration, its required flows and names.
Trials trials_of(const Topology& topology);

Experiment experiment_of(const Trials& trials);

struct Score {
  int connected = 0, dropped = 0, named = 0, undecided = 0;
  std::vector<std::string> disagreements;  ///< each with the evidence of the static analysis
};

/// allowed <=> connected, denied <=> not connected; addresses of a name are the same. `unknown` is no statement.
Score compare(const Trials& trials, const Observed& observed);

}  // namespace pgpassage::referee
