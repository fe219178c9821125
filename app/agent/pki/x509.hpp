#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "netcheck/base/error.hpp"

/// OpenSSL's certificates as the authority needs them: made, written, read.
namespace pgpassage::app::agent {

struct FreePki {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(X509_CRL* list) const noexcept { X509_CRL_free(list); }
};
using Key = std::unique_ptr<EVP_PKEY, FreePki>;
using X509Certificate = std::unique_ptr<X509, FreePki>;
using RevocationList = std::unique_ptr<X509_CRL, FreePki>;

enum class Use { authority, server, client };

struct Wanted {
  std::string name;
  Use use = Use::client;
  std::vector<std::string> hosts;  ///< of a server: names and addresses
  int days = 397;                  ///< from now for which it is good
};

/// A key and what certifies it.
struct Pair {
  Key key;
  X509Certificate certificate;
};

/// Signs with `issuer`, or with its own key where that is null.
Result<Pair> make_pair(const Wanted& wanted, const Pair* issuer);

Result<void> write_pair(const Pair& pair, const std::filesystem::path& stem);  ///< stem.crt and stem.key
Result<Pair> read_pair(const std::filesystem::path& stem);
Result<X509Certificate> read_certificate(const std::filesystem::path& file);

/// What the file says, or an empty list when there is none yet.
Result<RevocationList> read_revoked(const std::filesystem::path& file);
bool is_revoked(X509_CRL& list, const std::string& serial);  ///< hexadecimal
/// Adds the serials and signs the list anew.
Result<void> write_revoked(RevocationList list, const std::vector<std::string>& serials, const Pair& authority,
                           const std::filesystem::path& file);

}  // namespace pgpassage::app::agent
