#include "app/signing/keys.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "app/input_file.hpp"
#include "app/topology_file.hpp"

namespace pgpassage::app {
namespace {

constexpr const char* cure = "make one with: openssl genpkey -algorithm ed25519 -aes256 -out sign.pem";

struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

Result<std::string> read_pem(const std::string& path) {
  Result<std::string> text = read_input(path, "a key");
  if (!text) return fail(Errc::input, "cannot read the key '{}': {}", path, text.error().message);
  return text;
}

SigningKey parsed(const std::string& pem, auto read, pem_password_cb* callback, void* passphrase) {
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  SigningKey key{read(bio.get(), nullptr, callback, passphrase)};
  ERR_clear_error();
  return key && EVP_PKEY_is_a(key.get(), "ED25519") == 1 ? std::move(key) : nullptr;
}

int given_passphrase(char* buffer, int size, int, void* passphrase) {
  const auto& text = *static_cast<const std::string*>(passphrase);
  if (text.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, text.data(), text.size());
  return static_cast<int>(text.size());
}

Result<std::string> first_line(const std::string& path) {
  Result<std::string> text = read_input(path, "a file with a pass phrase");
  if (!text) return fail(Errc::input, "cannot read the pass phrase '{}': {}", path, text.error().message);
  text->erase(std::min(text->find_first_of("\r\n"), text->size()));
  return text;
}

}  // namespace

Result<SigningKey> read_private_key(const std::string& path, const std::string& passphrase_file) {
  const Result<std::string> pem = read_pem(path);
  if (!pem) return tl::unexpected(pem.error());
  Result<std::string> passphrase = passphrase_file.empty() ? std::string{} : first_line(passphrase_file);
  if (!passphrase) return tl::unexpected(passphrase.error());
  SigningKey key = parsed(*pem, PEM_read_bio_PrivateKey, passphrase_file.empty() ? nullptr : given_passphrase,
                          passphrase_file.empty() ? nullptr : &*passphrase);
  std::fill(passphrase->begin(), passphrase->end(), '\0');
  if (key) return key;
  if (pem->find("ENCRYPTED") != std::string::npos)
    return fail_with_cure(Errc::input, "give the right pass phrase in a file: --passphrase-file FILE",
                          "the private key '{}' cannot be opened with this pass phrase, or is no Ed25519 key", path);
  return fail_with_cure(Errc::input, cure, "'{}' is no private Ed25519 key in PEM form", path);
}

Result<SigningKey> read_public_key(const std::string& path) {
  const Result<std::string> pem = read_pem(path);
  if (!pem) return tl::unexpected(pem.error());
  if (SigningKey key = parsed(*pem, PEM_read_bio_PUBKEY, nullptr, nullptr)) return key;
  return fail_with_cure(Errc::input, "make one with: openssl pkey -in sign.pem -pubout -out public.pem",
                        "'{}' is no public Ed25519 key in PEM form", path);
}

std::string public_bytes(const SigningKey& key) {
  std::string bytes(32, '\0');
  std::size_t size = bytes.size();
  EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
  return bytes;
}

SigningKey key_of_public_bytes(const std::string& bytes) {
  return SigningKey{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                                reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size())};
}

std::string fingerprint_of(const SigningKey& key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  const std::string sum = sha256_of({reinterpret_cast<const char*>(der), static_cast<std::size_t>(std::max(size, 0))});
  OPENSSL_free(der);
  return "SHA256:" + sum;
}

}  // namespace pgpassage::app
