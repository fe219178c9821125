#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "netcheck/base/error.hpp"

/// Ed25519 keys (RFC 8032) in PEM files, as `openssl genpkey -algorithm ed25519` makes them. Reads the file system, and
/// the terminal for a pass phrase that no file gives.
namespace pgpassage::app {

struct FreeSigningKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using SigningKey = std::unique_ptr<EVP_PKEY, FreeSigningKey>;

/// Errc::input for what is no private Ed25519 key, and for a wrong pass phrase. `passphrase_file`: its first line opens
/// the key; empty: OpenSSL asks on the terminal when the key has a pass phrase.
Result<SigningKey> read_private_key(const std::string& path, const std::string& passphrase_file);

/// Errc::input for what is no public Ed25519 key.
Result<SigningKey> read_public_key(const std::string& path);

/// The 32 bytes of RFC 8032, and a key of them. Null when they are none.
std::string public_bytes(const SigningKey& key);
SigningKey key_of_public_bytes(const std::string& bytes);

/// "SHA256:" and 64 hexadecimal digits of the key's SubjectPublicKeyInfo:
/// `openssl pkey -pubin -in public.pem -outform DER | sha256sum` gives the same.
std::string fingerprint_of(const SigningKey& key);

}  // namespace pgpassage::app
