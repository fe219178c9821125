#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>

#include "app/agent/pki/x509.hpp"
#include "netcheck/base/address.hpp"

namespace pgpassage::app::agent {
namespace {

struct FreeParts {
  void operator()(X509_EXTENSION* extension) const noexcept { X509_EXTENSION_free(extension); }
  void operator()(BIGNUM* number) const noexcept { BN_free(number); }
};

constexpr long day = 24 * 60 * 60;

tl::unexpected<Error> failed(std::string_view what) {
  std::array<char, 256> why{};
  ERR_error_string_n(ERR_get_error(), why.data(), why.size());
  ERR_clear_error();
  return fail(Errc::internal, "cannot {}: {}", what, why.data());
}

/// 159 random bits: no two are ever the same, and nobody can guess the next.
bool set_serial(X509* certificate) {
  const std::unique_ptr<BIGNUM, FreeParts> number{BN_new()};
  return number && BN_rand(number.get(), 159, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, FreeParts> extension{
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

std::string alternative_names(const std::vector<std::string>& hosts) {
  std::string names;
  for (const std::string& host : hosts)
    names += fmt::format("{}{}:{}", names.empty() ? "" : ",", IpAddress::parse(host) ? "IP" : "DNS", host);
  return names;
}

bool add_extensions(X509* certificate, X509* issuer, const Wanted& wanted) {
  const bool authority = wanted.use == Use::authority;
  bool good = add_extension(certificate, issuer, NID_basic_constraints,
                            authority ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE") &&
              add_extension(certificate, issuer, NID_key_usage,
                            authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature") &&
              add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  if (!authority)
    good =
        good && add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always") &&
        add_extension(certificate, issuer, NID_ext_key_usage, wanted.use == Use::server ? "serverAuth" : "clientAuth");
  if (!wanted.hosts.empty())
    good = good && add_extension(certificate, issuer, NID_subject_alt_name, alternative_names(wanted.hosts));
  return good;
}

bool describe(X509* certificate, const Wanted& wanted, EVP_PKEY* key) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
         // A clock that goes a little slow on the other machine must not refuse it.
         X509_gmtime_adj(X509_getm_notBefore(certificate), -day) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), wanted.days * day) != nullptr &&
         X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(wanted.name.c_str()), -1, -1, 0) == 1 &&
         X509_set_pubkey(certificate, key) == 1;
}

}  // namespace

Result<Pair> make_pair(const Wanted& wanted, const Pair* issuer) {
  Pair pair{Key{EVP_EC_gen("P-256")}, X509Certificate{X509_new()}};
  if (!pair.key || !pair.certificate || !describe(pair.certificate.get(), wanted, pair.key.get()))
    return failed("make a certificate");
  X509* by = issuer == nullptr ? pair.certificate.get() : issuer->certificate.get();
  EVP_PKEY* key = issuer == nullptr ? pair.key.get() : issuer->key.get();
  if (X509_set_issuer_name(pair.certificate.get(), X509_get_subject_name(by)) != 1 ||
      !add_extensions(pair.certificate.get(), by, wanted) || X509_sign(pair.certificate.get(), key, EVP_sha256()) == 0)
    return failed("sign a certificate");
  return pair;
}

}  // namespace pgpassage::app::agent
