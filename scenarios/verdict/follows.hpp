#pragma once

#include <string>
#include <vector>

#include "scenarios/verdict/flows.hpp"

/// What stops a flow only because something else does.
namespace pgpassage::scenarios {

/// The hops of security groups (`by`) that deny a flow for want of a peering: the tag VirtualNetwork leaves a VNet out
/// whose peering is not Connected on both sides. Found by asking the same flow in a copy of the topology in which the
/// peerings that stop it are Connected. Empty for a flow that no peering stops.
/// Source: azure-facts 2.1, the VirtualNetwork tag; 2.4, peering states.
std::vector<std::string> denied_for_want_of_peering(const Case& checked, const FlowAssessment& flow);

}  // namespace pgpassage::scenarios
