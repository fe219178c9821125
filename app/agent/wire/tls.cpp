#include "app/agent/wire/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "netcheck/base/address.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {
namespace {

namespace ssl = asio::ssl;
using boost::system::error_code;

/// Asio's context wants an SSL_CTX of its own: it gets one more reference.
ssl::context borrowed(const TlsContext& context) {
  SSL_CTX_up_ref(context.get());
  return ssl::context{context.get()};
}

Result<void> expect_name(SSL* session, const std::string& host) {
  const auto address = IpAddress::parse(host);
  if (!address) SSL_set_tlsext_host_name(session, host.c_str());
  X509_VERIFY_PARAM* wanted = SSL_get0_param(session);
  const int set = address ? X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str())
                          : X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size());
  if (set != 1) return fail(Errc::input, "'{}' cannot be the name of an agent", host);
  return {};
}

class OpenSslWire final : public TlsWire {
 public:
  OpenSslWire(asio::ip::tcp::socket socket, const TlsContext& context)
      : context_{borrowed(context)}, stream_{std::move(socket), context_} {}

  asio::awaitable<Result<void>> accept() override { return shake_hands(ssl::stream_base::server); }

  asio::awaitable<Result<void>> connect(std::string host) override {
    if (const auto named = expect_name(stream_.native_handle(), host); !named) co_return named;
    co_return co_await shake_hands(ssl::stream_base::client);
  }

  Certificate peer() const override {
    return Certificate{
        SSL_get1_peer_certificate(const_cast<ssl::stream<asio::ip::tcp::socket>&>(stream_).native_handle())};
  }

  asio::awaitable<Transfer> read(std::span<char> into) override {
    const auto [error, bytes] =
        co_await stream_.async_read_some(asio::buffer(into.data(), into.size()), nothrow_awaitable);
    co_return Transfer{error, bytes};
  }

  asio::awaitable<error_code> write(std::string_view bytes) override {
    const auto [error, written] = co_await asio::async_write(stream_, asio::buffer(bytes), nothrow_awaitable);
    co_return error;
  }

  asio::awaitable<void> finish() override { co_await stream_.async_shutdown(nothrow_awaitable); }

  void close() noexcept override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

 private:
  asio::awaitable<Result<void>> shake_hands(ssl::stream_base::handshake_type side) {
    const auto [error] = co_await stream_.async_handshake(side, nothrow_awaitable);
    if (!error) co_return Result<void>{};
    const long verified = SSL_get_verify_result(stream_.native_handle());
    co_return fail(Errc::connect_failed, "{}",
                   verified == X509_V_OK ? error.message() : X509_verify_cert_error_string(verified));
  }

  ssl::context context_;
  ssl::stream<asio::ip::tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<TlsWire> tls_wire(asio::ip::tcp::socket socket, TlsContext context) {
  return std::make_unique<OpenSslWire>(std::move(socket), context);
}

}  // namespace pgpassage::app::agent
