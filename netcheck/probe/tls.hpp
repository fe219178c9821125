#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <string>

#include "netcheck/base/error.hpp"
#include "netcheck/probe/certificate.hpp"

namespace pgpassage::netcheck {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

/// A TLS client's end as libpq would make it: TLS 1.2 at least, the machine's own policy, `host` sent as SNI unless it
/// is an address. The socket must outlive it.
TlsStream tls_client(boost::asio::ip::tcp::socket& socket, const std::string& host);

/// Shakes hands and looks at what the server shows; nothing is refused for its certificate, which `verdict_of` judges.
/// Errors carry OpenSSL's reason; Errc::canceled when the caller gave up waiting, which may be at any time.
boost::asio::awaitable<Result<TlsPeer>> shake_hands(TlsStream& stream, std::string host);

}  // namespace pgpassage::netcheck
