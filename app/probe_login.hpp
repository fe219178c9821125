#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>
#include <utility>

#include "netcheck/base/deadline.hpp"
#include "netcheck/topology/topology.hpp"
#include "scenarios/observe/observe.hpp"

/// Logins behind probes: what a session says once the network lets it through.
namespace pgpassage::app {

/// How to log in where a probe has connected. Never written anywhere.
struct ProbeLogin {
  std::string user;         ///< where the question names none
  std::string password;     ///< empty: libpq finds it where the probe is made, or none is needed
  bool throughput = false;  ///< also measure what the path carries

  bool operator==(const ProbeLogin&) const = default;
};

/// By the name and port of a question.
using ProbeLogins = std::map<std::pair<std::string, Port>, ProbeLogin>;

/// One for each server to which a flow of the assessment goes, with the password that libpq would find here: of
/// passwordFile or passwordEnv, PGPASSWORD, PGPASSFILE. Errc::input for a file or variable that cannot be read.
Result<ProbeLogins> logins_for(const Topology& topology, const scenarios::Assessment& assessment, bool throughput);

/// Asks, and then logs in wherever a probe connected and the server let the session begin, one server after the other
/// so that measurements do not share the path. With logins, the probes have half of the time.
boost::asio::awaitable<scenarios::Answers> ask_and_log_in(scenarios::Questions questions, ProbeLogins logins,
                                                          Deadline deadline, scenarios::Heard heard = {});

}  // namespace pgpassage::app
