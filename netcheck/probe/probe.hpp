#pragma once

#include <boost/asio/awaitable.hpp>

#include "netcheck/base/deadline.hpp"
#include "netcheck/base/observation.hpp"
#include "netcheck/probe/connection_parameters.hpp"

/// Asks a port of the real network whether PostgreSQL answers there. Live.
namespace pgpassage::netcheck {

/// Climbs from the routing table over TCP, SSLRequest and TLS to the startup message, and says what came back
/// (contract 4); `steps` has each step with its own time, evidence and cause. What decides:
///
///   refused       the other side, or a firewall that rejects, closed the door (ECONNREFUSED)
///   timed_out     nothing came until the deadline; the last step says what had
///   unreachable   a router or this machine has no way there, or forbids it
///   not_postgres  something else answered, or the connection was closed or reset without an answer
///   tls_failed    the handshake failed, the sslMode wanted would refuse what the server showed, or it has no TLS and
///   the
///                 mode wants it
///   connected     PostgreSQL answered the SSLRequest. A server that then refuses the session has been reached, which
///   is
///                 what a network check asks: the step `startup` has failed, with the server's words in `detail`
///   not_probed    the deadline had passed, this process ran out of sockets, or the coroutine was canceled
///
/// The startup message is sent where `wanted` names a user, and never where its mode wants TLS and there is none. No
/// password is sent: the server's demand for one ends the ladder. `from` is left empty: the caller knows the place.
/// `elapsed` is the time until the last thing observed.
boost::asio::awaitable<Observation> probe_postgres(IpAddress address, Port port, Deadline deadline,
                                                   ConnectionParameters wanted = {});

}  // namespace pgpassage::netcheck
