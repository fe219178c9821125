#pragma once

#include <optional>

#include "scenarios/verdict/assessment.hpp"
#include "scenarios/verdict/case.hpp"

/// The flows that a row requires, resolved and traced on paper.
namespace pgpassage::scenarios {

/// Whether a name leads where the scenario means.
enum class NameOutcome {
  leads_there,
  public_address,  ///< an address of the internet where a private one is due
  other_address,   ///< another private address, or a private one where a public one is due
  not_found,
  server_unreachable,
  unknown
};

/// Where a server is reached in this scenario.
struct Destination {
  const Server* server = nullptr;
  netcheck::Place place;
  std::optional<IpAddress> due;  ///< the address that its name must lead to; absent: the file does not say
  bool private_due = false;
  const PrivateEndpoint* endpoint = nullptr;  ///< by which it is reached
};

Destination destination_of(const Case& checked, const Server& server);

NameOutcome outcome_of(const dns::Answer& answer, const Destination& destination);

/// The addresses among these that lead elsewhere. One of the other family with the scope that is due may well be the
/// same server's, which the file gives one address only: it is none of them.
std::vector<IpAddress> strays(const std::vector<IpAddress>& addresses, const Destination& destination);

/// The trace of a flow whose name is part of the way: a hop for the name stands first, and a name that does not lead
/// to the server denies the flow. `trace` is the walk to the address that is due. `asked` is the server whose name it
/// is; the hop stands on its line where no object of the file answers.
netcheck::Trace with_name(netcheck::Trace trace, const netcheck::Place& from, const Server& asked,
                          const dns::Answer& answer, NameOutcome outcome);

/// Every required flow: the role's, and those of each host that stands for the role (contract 6.12).
std::vector<FlowAssessment> required_flows(const Case& checked);

/// The names that the flows ask for; what is asked for by its address has none.
std::vector<NameAssessment> names_of(const std::vector<FlowAssessment>& flows);

/// The place where a flow starts.
netcheck::Place start_of(const Topology& topology, const FlowAssessment& flow);

}  // namespace pgpassage::scenarios
