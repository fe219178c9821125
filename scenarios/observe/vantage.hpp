#pragma once

#include <optional>
#include <string>

#include "scenarios/observe/places.hpp"

/// From where on this machine a flow can be asked, and if from nowhere, why. Pure.
namespace pgpassage::scenarios {

/// Where a flow or name starts: a server's or host's name, and for a host the server in whose role it crosses.
struct Start {
  std::string from;
  std::string stands_for;
};

/// How a result from `places` names the place where it was made; absent when none of them can speak for `start`: it is
/// neither the start itself, nor a host that stands for it in the same virtual network or site (contract 6.12).
std::optional<std::string> vantage_of(const Topology& topology, const Start& start, const Places& places);

struct NotProbed {
  std::string reason;  ///< after "not probed: "
  std::string cure;    ///< how to have it probed; one sentence without a period
};

/// Where the flow starts, and how to probe it. For a start that has no vantage.
NotProbed why_not_probed(const Topology& topology, const Start& start, const Places& places);

/// Whether a process of the user's can run on such a server.
bool runs_user_processes(ServerKind kind);

}  // namespace pgpassage::scenarios
