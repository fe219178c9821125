#include "app/agent/wire/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cerrno>
#include <new>

#include "app/agent/wire/socket_bio.hpp"
#include "netcheck/base/address.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {
namespace {

using boost::system::error_code;

struct FreeSession {
  void operator()(SSL* session) const noexcept { SSL_free(session); }
};

Result<void> expect_name(SSL* session, const std::string& host) {
  const auto address = IpAddress::parse(host);
  if (!address) SSL_set_tlsext_host_name(session, host.c_str());
  X509_VERIFY_PARAM* wanted = SSL_get0_param(session);
  const int set = address ? X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str())
                          : X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size());
  if (set != 1) return fail(Errc::input, "'{}' cannot be the name of an agent", host);
  return {};
}

/// What OpenSSL reports and waiting cannot mend.
error_code error_of(int reported) {
  if (reported == SSL_ERROR_ZERO_RETURN) return asio::error::eof;
  const unsigned long queued = ERR_get_error();
  if (queued != 0 && ERR_GET_REASON(queued) != SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return {static_cast<int>(queued), asio::error::get_ssl_category()};
  if (reported == SSL_ERROR_SYSCALL && errno != 0) return {errno, boost::system::system_category()};
  return asio::ssl::error::stream_truncated;
}

/// OpenSSL on the socket itself: asio's stream keeps 68 KiB of buffers for a connection, idle or not.
class OpenSslWire final : public TlsWire {
 public:
  OpenSslWire(asio::ip::tcp::socket socket, const TlsContext& context)
      : socket_{std::move(socket)}, session_{SSL_new(context.get())} {
    error_code ignored;  // of a socket that is closed already: the handshake fails
    socket_.native_non_blocking(true, ignored);
    Bio bio = socket_bio(socket_);
    if (!session_ || !bio) throw std::bad_alloc{};
    BIO* owned = bio.release();
    SSL_set_bio(session_.get(), owned, owned);
  }

  asio::awaitable<Result<void>> accept() override {
    SSL_set_accept_state(session_.get());
    return shake_hands();
  }

  asio::awaitable<Result<void>> connect(std::string host) override {
    if (const auto named = expect_name(session_.get(), host); !named) co_return named;
    SSL_set_connect_state(session_.get());
    co_return co_await shake_hands();
  }

  Certificate peer() const override { return Certificate{SSL_get1_peer_certificate(session_.get())}; }

  asio::awaitable<Transfer> read(std::span<char> into) override {
    // An end that sends without pause must not keep the others waiting.
    co_await asio::post(asio::use_awaitable);
    const auto step = [into](SSL* session, std::size_t& bytes) {
      return SSL_read_ex(session, into.data(), into.size(), &bytes);
    };
    co_return co_await perform(step);
  }

  asio::awaitable<error_code> write(std::string_view bytes) override {
    if (bytes.empty()) co_return error_code{};
    const auto step = [bytes](SSL* session, std::size_t& written) {
      return SSL_write_ex(session, bytes.data(), bytes.size(), &written);
    };
    const Transfer done = co_await perform(step);
    co_return done.error;
  }

  asio::awaitable<void> finish() override {
    const auto step = [](SSL* session, std::size_t&) { return SSL_shutdown(session); };
    co_await perform(step);
    co_await hang_up(socket_);
  }

  void close() noexcept override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  asio::awaitable<Result<void>> shake_hands() {
    const auto step = [](SSL* session, std::size_t&) { return SSL_do_handshake(session); };
    const Transfer done = co_await perform(step);
    if (!done.error) co_return Result<void>{};
    const long verified = SSL_get_verify_result(session_.get());
    co_return fail(Errc::connect_failed, "{}",
                   verified == X509_V_OK ? done.error.message() : X509_verify_cert_error_string(verified));
  }

  /// Until OpenSSL has done `step`, or cannot.
  template <class Step>
  asio::awaitable<Transfer> perform(Step step) {
    while (true) {
      if (!socket_.is_open()) co_return Transfer{asio::error::operation_aborted, 0};
      ERR_clear_error();
      errno = 0;
      std::size_t bytes = 0;
      const int done = step(session_.get(), bytes);
      if (done > 0) co_return Transfer{{}, bytes};
      const int reported = SSL_get_error(session_.get(), done);
      if (reported != SSL_ERROR_WANT_READ && reported != SSL_ERROR_WANT_WRITE)
        co_return Transfer{error_of(reported), 0};
      const auto what = reported == SSL_ERROR_WANT_READ ? asio::socket_base::wait_read : asio::socket_base::wait_write;
      const auto [error] = co_await socket_.async_wait(what, nothrow_awaitable);
      if (error) co_return Transfer{error, 0};
    }
  }

  asio::ip::tcp::socket socket_;
  std::unique_ptr<SSL, FreeSession> session_;  // goes before the socket that it uses
};

}  // namespace

std::unique_ptr<TlsWire> tls_wire(asio::ip::tcp::socket socket, TlsContext context) {
  return std::make_unique<OpenSslWire>(std::move(socket), context);
}

}  // namespace pgpassage::app::agent
