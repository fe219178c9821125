#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "app/agent/wire/tls.hpp"

namespace pgpassage::app::agent {
namespace {

struct FreeStoreContext {
  void operator()(X509_STORE_CTX* context) const noexcept { X509_STORE_CTX_free(context); }
};
struct FreeNumber {
  void operator()(BIGNUM* number) const noexcept { BN_free(number); }
};
struct FreeText {
  void operator()(char* text) const noexcept { OPENSSL_free(text); }
};

tl::unexpected<Error> unreadable(std::string_view what, const std::string& path, int error) {
  ERR_clear_error();
  return fail_with_cure(Errc::input,
                        error == EACCES ? "`pgpassage agent init --owner USER` gives the files to the user that runs it"
                                        : "`pgpassage agent init` makes it",
                        "cannot read the {} {}: {}", what, path, std::strerror(error));
}

tl::unexpected<Error> unusable(std::string_view what, const std::string& path) {
  if (access(path.c_str(), R_OK) != 0) return unreadable(what, path, errno);
  char why[256] = "";
  ERR_error_string_n(ERR_get_error(), why, sizeof why);
  ERR_clear_error();
  return fail_with_cure(Errc::input, "`pgpassage agent init` makes files that fit each other",
                        "{} {} cannot be used: {}", what, path, why);
}

Result<TlsContext> fresh(const SSL_METHOD* method) {
  TlsContext context{SSL_CTX_new(method), FreeContext{}};
  if (!context) return fail(Errc::internal, "no memory for TLS");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
  // A connection that waits holds no buffers of 16 KiB each way.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

Result<void> show(SSL_CTX* context, const TlsFiles& files) {
  if (files.certificate.empty()) return {};
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return unusable("certificate", files.certificate);
  // No pass phrase is asked for on a terminal: a key that needs one cannot be used.
  SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return 0; });
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1)
    return unusable("key", files.key);
  return {};
}

Result<void> trust(SSL_CTX* context, const TlsFiles& files) {
  if (SSL_CTX_load_verify_file(context, files.ca.c_str()) != 1) return unusable("CA certificate", files.ca);
  if (files.revoked.empty()) return {};
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  if (X509_load_crl_file(X509_STORE_add_lookup(store, X509_LOOKUP_file()), files.revoked.c_str(), X509_FILETYPE_PEM) <
      1)
    return unusable("revocation list", files.revoked);
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
  return {};
}

}  // namespace

void FreeContext::operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
void FreeCertificate::operator()(X509* certificate) const noexcept { X509_free(certificate); }

Result<TlsContext> server_tls(const TlsFiles& files) {
  auto context = fresh(TLS_server_method());
  if (!context) return context;
  if (const auto shown = show(context->get(), files); !shown) return tl::unexpected(shown.error());
  if (files.ca.empty()) return context;
  if (const auto trusted = trust(context->get(), files); !trusted) return tl::unexpected(trusted.error());
  SSL_CTX_set_verify(context->get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return context;
}

Result<TlsContext> client_tls(const TlsFiles& files) {
  auto context = fresh(TLS_client_method());
  if (!context) return context;
  if (const auto shown = show(context->get(), files); !shown) return tl::unexpected(shown.error());
  SSL_CTX_set_verify(context->get(), SSL_VERIFY_PEER, nullptr);
  if (files.ca.empty()) {
    SSL_CTX_set_default_verify_paths(context->get());
    return context;
  }
  if (const auto trusted = trust(context->get(), files); !trusted) return tl::unexpected(trusted.error());
  return context;
}

Identity identity_of(X509& certificate) {
  Identity identity;
  char name[256] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(&certificate), NID_commonName, name, sizeof name);
  identity.name = name;
  const std::unique_ptr<BIGNUM, FreeNumber> number{ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr)};
  if (const std::unique_ptr<char, FreeText> text{BN_bn2hex(number.get())}) identity.serial = text.get();
  return identity;
}

bool admits(SSL_CTX& context, X509& client) {
  const std::unique_ptr<X509_STORE_CTX, FreeStoreContext> check{X509_STORE_CTX_new()};
  if (!check || X509_STORE_CTX_init(check.get(), SSL_CTX_get_cert_store(&context), &client, nullptr) != 1) return false;
  X509_STORE_CTX_set_default(check.get(), "ssl_client");
  const bool verified = X509_verify_cert(check.get()) == 1;
  ERR_clear_error();
  return verified;
}

}  // namespace pgpassage::app::agent
