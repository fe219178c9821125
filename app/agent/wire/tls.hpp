#pragma once

#include <memory>
#include <string>

#include "app/agent/wire/wire.hpp"
#include "netcheck/base/error.hpp"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct x509_st X509;

/// TLS 1.3 by OpenSSL, on either end.
namespace pgpassage::app::agent {

struct FreeContext {
  void operator()(SSL_CTX* context) const noexcept;
};
struct FreeCertificate {
  void operator()(X509* certificate) const noexcept;
};
/// Shared, because connections go on with the one they began with when the files change.
using TlsContext = std::shared_ptr<SSL_CTX>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

/// What a certificate says about its owner.
struct Identity {
  std::string name;    ///< common name
  std::string serial;  ///< upper-case hexadecimal
};
Identity identity_of(X509& certificate);

/// What one end shows and whom it trusts; empty paths: nothing.
struct TlsFiles {
  std::string certificate, key;  ///< PEM; the certificate first, then its chain
  std::string ca;                ///< PEM: who signs for the other end
  std::string revoked;           ///< PEM certificate revocation list of that CA
};

/// With a CA, clients must show a certificate that it signed for clients, and that is not revoked. No session is ever
/// resumed, since a resumed one is not verified again. Errc::input for files that cannot be read or do not fit.
Result<TlsContext> server_tls(const TlsFiles& files);
/// The agent must show a certificate that `ca` signed, or where it is empty one of the system's.
Result<TlsContext> client_tls(const TlsFiles& files);

class TlsWire : public Wire {
 public:
  /// Errors: the handshake's, in OpenSSL's words.
  virtual asio::awaitable<Result<void>> accept() = 0;
  /// `host` is the name or address that the agent's certificate must be for.
  virtual asio::awaitable<Result<void>> connect(std::string host) = 0;
  virtual Certificate peer() const = 0;  ///< null: it showed none
};
std::unique_ptr<TlsWire> tls_wire(asio::ip::tcp::socket socket, TlsContext context);

/// Whether `context` would let this client in now; what it was when it came may have changed.
bool admits(SSL_CTX& context, X509& client);

}  // namespace pgpassage::app::agent
