#pragma once

#include "migrate/pg/session.hpp"
#include "netcheck/base/probe_step.hpp"

/// The upper end of a probe: a login and what the path carries. Live.
namespace pgpassage::migrate {

struct SessionProbe {
  ServerAddress server;
  std::string database;
  bool throughput = false;  ///< also how many megabytes a second pass each way
};

/// Logs in, and returns the steps made:
///
///   login       server version, and the round trip of the quickest of five statements. Causes: "wrong-password",
///               "password-missing", those of netcheck::cause_of_refusal, "timed-out", "login-failed"
///   path_mtu    64 KB each way after small messages have passed: "mtu-black-hole" when they stall
///   throughput  at most 64 MB and about a second each way. Poor: "packet-loss" (one segment in a hundred), "slow-path"
///               (less than 1 MB/s either way)
///
/// Changes nothing on the server and leaves nothing there.
boost::asio::awaitable<netcheck::ProbeSteps> probe_session(SessionProbe wanted, Deadline deadline);

}  // namespace pgpassage::migrate
