#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "netcheck/base/deadline.hpp"
#include "netcheck/probe/connection_parameters.hpp"
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
/// A server whose user the file names is also sent the startup message, without a password.
/// At most 256 names are asked and 2048 connections are open at once, or what the limit of open files leaves.
/// `name_servers` as in dns::lookup; empty: this machine's own.
boost::asio::awaitable<LiveResults> observe(const Topology& topology, const Assessment& assessment, Places places,
                                            Deadline deadline, std::vector<std::string> name_servers = {});

/// The three steps of `observe`, for questions that another machine answers: the agent of a host.
/// Each name once, with the ports that flows want of it and what is known of the sessions there; empty when nothing
/// starts at `places`.
using Questions = std::map<std::string, std::map<Port, netcheck::ConnectionParameters>>;
Questions questions_of(const Topology& topology, const Assessment& assessment, const Places& places);

struct Answered {
  std::optional<dns::Lookup> lookup;                          ///< absent: the deadline passed before its turn
  std::map<Port, std::vector<netcheck::Observation>> probes;  ///< one for each address asked, with address and port
};
using Answers = std::map<std::string, Answered>;
/// Told of each name as soon as all about it is known.
using Heard = std::function<void(const std::string& name, const Answered& answered)>;
boost::asio::awaitable<Answers> ask(Questions questions, std::vector<std::string> name_servers, Deadline deadline,
                                    Heard heard = {});

/// What the answers of `places` say about the flows and names of the assessment.
LiveResults results_of(const Topology& topology, const Assessment& assessment, const Places& places,
                       const Answers& answers);

}  // namespace pgpassage::scenarios
