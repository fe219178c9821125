#pragma once

#include "scenarios/verdict/flows.hpp"
#include "scenarios/verdict/proposed_rules.hpp"

/// What the names' answers mean for the rules.
namespace pgpassage::scenarios {

/// The private zone of the file that should answer for a server: of its endpoint's zone group, or its own, or the one
/// whose suffix fits its name best. Null when the file has none.
const PrivateDnsZone* zone_for(const Topology& topology, const Destination& destination);

const VirtualNetworkLink* find_link(const PrivateDnsZone& zone, std::string_view virtual_network);

/// The name of a server's record in a zone: "orders-target" for orders-target.postgres.database.azure.com.
std::string record_of(const Server& server, const PrivateDnsZone& zone);

/// One finding per flow that asks for a name.
void judge_names(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows,
                 ProposedRules& proposed);

}  // namespace pgpassage::scenarios
