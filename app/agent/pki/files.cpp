#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>

#include "app/agent/pki/x509.hpp"
#include "app/whole_file.hpp"

namespace pgpassage::app::agent {
namespace {

namespace fs = std::filesystem;

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
struct FreeValue {
  void operator()(ASN1_STRING* value) const noexcept { ASN1_STRING_free(value); }  // a time, or an integer
  void operator()(BIGNUM* number) const noexcept { BN_free(number); }
  void operator()(BIO* memory) const noexcept { BIO_free_all(memory); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;
using Time = std::unique_ptr<ASN1_TIME, FreeValue>;
using Number = std::unique_ptr<ASN1_INTEGER, FreeValue>;
enum class Secret { yes, no };

tl::unexpected<Error> cannot(std::string_view what, const fs::path& file) {
  const bool system = errno != 0;
  ERR_clear_error();
  return fail(Errc::input, "cannot {} {}: {}", what, file.string(),
              system ? std::strerror(errno) : "it is not what it should be");
}

/// The PEM that `put` writes, then the file, whole: an agent that reads at this moment finds the old one or the new
/// one. The service's own user may own its key, and root renews it: the owner stays.
Result<void> write_pem(const fs::path& file, Secret secret, const std::function<int(BIO*)>& put) {
  const std::unique_ptr<BIO, FreeValue> pem{BIO_new(BIO_s_mem())};
  errno = 0;
  if (!pem || put(pem.get()) != 1) return cannot("write", file);
  char* text = nullptr;
  const long size = BIO_get_mem_data(pem.get(), &text);
  errno = write_whole_file(file, {text, static_cast<std::size_t>(size)}, secret == Secret::yes ? 0600 : 0644);
  if (errno != 0) return cannot("write", file);
  return {};
}

File open_to_read(const fs::path& file) {
  errno = 0;
  return File{std::fopen(file.c_str(), "re")};
}

Number number_of(const std::string& serial) {
  BIGNUM* digits = nullptr;
  BN_hex2bn(&digits, serial.c_str());
  const std::unique_ptr<BIGNUM, FreeValue> owned{digits};
  return Number{BN_to_ASN1_INTEGER(digits, nullptr)};
}

fs::path with_ending(const fs::path& stem, const char* ending) { return stem.string() + ending; }

}  // namespace

Result<void> write_pair(const Pair& pair, const fs::path& stem) {
  auto key = write_pem(with_ending(stem, ".key"), Secret::yes, [&](BIO* pem) {
    return PEM_write_bio_PrivateKey(pem, pair.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  if (!key) return key;
  return write_pem(with_ending(stem, ".crt"), Secret::no,
                   [&](BIO* pem) { return PEM_write_bio_X509(pem, pair.certificate.get()); });
}

Result<X509Certificate> read_certificate(const fs::path& path) {
  const File file = open_to_read(path);
  X509Certificate certificate{file ? PEM_read_X509(file.get(), nullptr, nullptr, nullptr) : nullptr};
  if (!certificate) return cannot("read the certificate", path);
  return certificate;
}

Result<Pair> read_pair(const fs::path& stem) {
  auto certificate = read_certificate(with_ending(stem, ".crt"));
  if (!certificate) return tl::unexpected(certificate.error());
  const fs::path path = with_ending(stem, ".key");
  const File file = open_to_read(path);
  const auto no_pass_phrase = [](char*, int, int, void*) { return 0; };
  Key key{file ? PEM_read_PrivateKey(file.get(), nullptr, no_pass_phrase, nullptr) : nullptr};
  if (!key) return cannot("read the key", path);
  return Pair{std::move(key), std::move(*certificate)};
}

Result<RevocationList> read_revoked(const fs::path& path) {
  const File file = open_to_read(path);
  if (!file && errno == ENOENT) return RevocationList{X509_CRL_new()};
  RevocationList list{file ? PEM_read_X509_CRL(file.get(), nullptr, nullptr, nullptr) : nullptr};
  if (!list) return cannot("read the revocation list", path);
  return list;
}

Result<void> write_revoked(RevocationList list, const std::vector<std::string>& serials, const Pair& authority,
                           const fs::path& file) {
  const Time now{X509_gmtime_adj(nullptr, 0)};
  for (const std::string& serial : serials) {
    X509_REVOKED* entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, number_of(serial).get());
    X509_REVOKED_set_revocationDate(entry, now.get());
    X509_CRL_add0_revoked(list.get(), entry);
  }
  const Time since{X509_gmtime_adj(nullptr, -24 * 3600)};
  X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(authority.certificate.get()));
  X509_CRL_set1_lastUpdate(list.get(), since.get());
  // As long as the authority itself: a list that runs out would lock everybody out.
  X509_CRL_set1_nextUpdate(list.get(), X509_get0_notAfter(authority.certificate.get()));
  X509_CRL_sort(list.get());
  if (X509_CRL_sign(list.get(), authority.key.get(), EVP_sha256()) == 0)
    return fail(Errc::internal, "cannot sign the revocation list");
  return write_pem(file, Secret::no, [&](BIO* pem) { return PEM_write_bio_X509_CRL(pem, list.get()); });
}

bool is_revoked(X509_CRL& list, const std::string& serial) {
  X509_REVOKED* entry = nullptr;
  return X509_CRL_get0_by_serial(&list, &entry, number_of(serial).get()) == 1;
}

}  // namespace pgpassage::app::agent
