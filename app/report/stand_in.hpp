#pragma once

#include <string>
#include <vector>

#include "scenarios/verdict/assessment.hpp"

/// What holds for a role usually holds for the host that stands for it (contract 6.12). A text says it once. Pure.
namespace pgpassage::app {

struct StandIn {
  std::string host;
  std::string role;  ///< name of a server

  bool operator==(const StandIn&) const = default;
};

std::vector<StandIn> stand_ins_of(const scenarios::Assessment& assessment);

/// `text` as it would read about the role: the host's name replaced by the role's.
std::string about_role(std::string text, const StandIn& stand_in);

/// The stand-in of which `again` says what `first` says of its role; null when it says something else.
const StandIn* said_again_by(const Finding& again, const Finding& first, const std::vector<StandIn>& stand_ins);

/// The same of flows and names: same end, same answer on paper, same answer of the network.
bool same_outcome(const scenarios::FlowAssessment& host, const scenarios::FlowAssessment& role);
bool same_outcome(const scenarios::NameAssessment& host, const scenarios::NameAssessment& role);

}  // namespace pgpassage::app
