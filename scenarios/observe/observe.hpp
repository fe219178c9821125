#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "netcheck/base/deadline.hpp"
#include "scenarios/observe/places.hpp"
#include "scenarios/verdict/assessment.hpp"

/// Asks the real network what an assessment says on paper. Live.
namespace pgpassage::scenarios {

/// Probes every flow and name that starts at one of `places`, all at once under one deadline. What starts elsewhere
/// is left out of the results' connections: its observation is `not_probed` with the reason and how to probe it.
///
/// A flow of a role gets what a host sees that stands for it, is one of `places` and lies in the role's own virtual
/// network or site; `from` then reads "vm-crossing, standing for orders-runtime" (contract 6.12).
/// A name that no DNS server answers is `name_not_found`, as it is for whoever connects; `detail` tells NXDOMAIN from
/// silence. An address other than the predicted ones is probed too: `wrong_address`, with its result in `detail`.
/// Of several addresses the one that connected is reported, else the first that failed; no more than 16 are tried.
/// At most 64 questions are under way at once. `name_servers` as in dns::lookup; empty: this machine's own.
boost::asio::awaitable<LiveResults> observe(const Topology& topology, const Assessment& assessment, Places places,
                                            Deadline deadline, std::vector<std::string> name_servers = {});

}  // namespace pgpassage::scenarios
