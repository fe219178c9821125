#pragma once

#include <boost/asio/awaitable.hpp>

#include "netcheck/base/deadline.hpp"
#include "netcheck/base/observation.hpp"

/// Asks a port of the real network whether PostgreSQL answers there. Live.
namespace pgpassage::netcheck {

/// Connects, sends SSLRequest, and says what came back (contract 4). What decides:
///
///   refused       the other side, or a firewall that rejects, closed the door (ECONNREFUSED)
///   timed_out     nothing came until the deadline; `detail` says whether TCP had connected
///   unreachable   a router or this machine has no way there, or forbids it
///   not_postgres  something else answered, or the connection was closed or reset without an answer
///   tls_failed    the server offered TLS (S), and the handshake failed
///   connected     PostgreSQL answered: S and a handshake, N, or an ErrorResponse, whose words are in `detail`: a
///                 server that complains about itself has been reached, which is what a network check asks
///   not_probed    the deadline had passed, this process ran out of sockets, or the coroutine was canceled
///
/// No certificate is verified and nobody logs in. `from` is left empty: the caller knows the place. `elapsed` is the
/// time until the last thing observed.
boost::asio::awaitable<Observation> probe_postgres(IpAddress address, Port port, Deadline deadline);

}  // namespace pgpassage::netcheck
