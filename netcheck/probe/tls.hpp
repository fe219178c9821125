#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "netcheck/base/error.hpp"

namespace pgpassage::netcheck {

/// Shakes hands as a TLS client, with OpenSSL's defaults and the machine's own policy, and without verifying the
/// certificate: whether TLS is possible, not whether the server is the right one. Returns the version, "TLSv1.3".
/// Errors carry OpenSSL's reason. The socket is of no use afterwards. Waits as long as the caller lets it.
boost::asio::awaitable<Result<std::string>> shake_hands(boost::asio::ip::tcp::socket& socket);

}  // namespace pgpassage::netcheck
