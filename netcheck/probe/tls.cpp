#include "netcheck/probe/tls.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "netcheck/probe/async.hpp"

namespace pgpassage::netcheck {

namespace ssl = boost::asio::ssl;

boost::asio::awaitable<Result<std::string>> shake_hands(boost::asio::ip::tcp::socket& socket) {
  ssl::context context{ssl::context::tls_client};
  context.set_verify_mode(ssl::verify_none);
  ssl::stream<boost::asio::ip::tcp::socket&> stream{socket, context};
  const auto [error] = co_await stream.async_handshake(ssl::stream_base::client, nothrow_awaitable);
  if (error) co_return fail(Errc::connect_failed, "the TLS handshake failed: {}", error.message());
  co_return std::string{SSL_get_version(stream.native_handle())};
}

}  // namespace pgpassage::netcheck
