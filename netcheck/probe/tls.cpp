#include "netcheck/probe/tls.hpp"

#include <openssl/x509_vfy.h>
#include <unistd.h>

#include <boost/asio/ssl/context.hpp>
#include <cstdlib>

#include "netcheck/probe/async.hpp"
#include "netcheck/probe/x509.hpp"

namespace pgpassage::netcheck {
namespace {

namespace ssl = boost::asio::ssl;

/// Where libpq looks; empty when there is no such file.
std::string root_file_of_libpq() {
  const char* named = std::getenv("PGSSLROOTCERT");
  const char* home = std::getenv("HOME");
  std::string path = named != nullptr ? named : home != nullptr ? std::string{home} + "/.postgresql/root.crt" : "";
  return !path.empty() && access(path.c_str(), R_OK) == 0 ? path : std::string{};
}

ssl::context client_context() {
  ssl::context context{ssl::context::tls_client};
  context.set_verify_mode(ssl::verify_none);  // the chain is verified all the same, and the handshake goes on
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  // Time is judged apart from trust, so that an expired certificate is not taken for an unknown one.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.native_handle()), X509_V_FLAG_NO_CHECK_TIME);
  boost::system::error_code error;
  if (const std::string file = root_file_of_libpq(); !file.empty())
    context.load_verify_file(file, error);
  else
    context.set_default_verify_paths(error);
  return context;
}

TlsPeer peer_of(SSL* session, const std::string& host) {
  TlsPeer peer{.version = SSL_get_version(session), .cipher = SSL_get_cipher_name(session), .chain = {}};
  peer.roots = root_file_of_libpq().empty() ? Roots::of_system : Roots::of_libpq;
  const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(session);
  for (int i = 0; i < sk_X509_num(chain); ++i) peer.chain.push_back(certificate_of(sk_X509_value(chain, i)));
  if (sk_X509_num(chain) > 0) peer.name_matches = is_for(sk_X509_value(chain, 0), host);
  const long verified = SSL_get_verify_result(session);
  if (verified != X509_V_OK) peer.distrust = X509_verify_cert_error_string(verified);
  return peer;
}

}  // namespace

TlsStream tls_client(boost::asio::ip::tcp::socket& socket, const std::string& host) {
  ssl::context context = client_context();  // the stream keeps a reference to what it needs of it
  TlsStream stream{socket, context};
  if (!host.empty() && !IpAddress::parse(host)) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
  return stream;
}

boost::asio::awaitable<Result<TlsPeer>> shake_hands(TlsStream& stream, std::string host) {
  const auto [error] = co_await stream.async_handshake(ssl::stream_base::client, nothrow_awaitable);
  if (error == boost::asio::error::operation_aborted) co_return fail(Errc::canceled, "the wait was given up");
  if (error) co_return fail(Errc::connect_failed, "the TLS handshake failed: {}", error.message());
  co_return peer_of(stream.native_handle(), host);
}

}  // namespace pgpassage::netcheck
