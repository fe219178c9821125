#include "app/signing/signature.hpp"

#include <openssl/err.h>

#include <boost/json.hpp>

#include "app/report/json_text.hpp"
#include "app/signing/base64.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

constexpr std::size_t signature_bytes = 64;  // RFC 8032

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// The decoded bytes of a member; empty for anything else.
std::string member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return bytes_of_base64(std::string_view{value->get_string()}).value_or(std::string{});
}

bool has_our_form(const json::object& object) {
  return object.size() == 4 && object.contains("schemaVersion") && object.at("schemaVersion") == 1 &&
         object.contains("algorithm") && object.at("algorithm") == "Ed25519";
}

bool fits(std::string_view report, const std::string& signature, const SigningKey& key) {
  const Digest context{EVP_MD_CTX_new()};
  const bool good =
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(report), report.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace

std::string signature_path_of(const std::string& report) { return report + ".sig"; }

Result<std::string> signature_of(std::string_view report, const SigningKey& key) {
  std::string signature(signature_bytes, '\0');
  std::size_t size = signature.size();
  const Digest context{EVP_MD_CTX_new()};
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes_of(report),
                     report.size()) != 1)
    return fail(Errc::internal, "OpenSSL cannot sign with this key");
  return json_text(json::object{{"schemaVersion", 1},
                                {"algorithm", "Ed25519"},
                                {"publicKey", base64_of(public_bytes(key))},
                                {"signature", base64_of(signature)}});
}

Result<SigningKey> signer_of(std::string_view report, std::string_view signature_text) {
  json::error_code wrong;
  const json::value parsed = json::parse(signature_text, wrong);
  const bool ours = !wrong && parsed.is_object() && has_our_form(parsed.get_object());
  const std::string signature = ours ? member(parsed.get_object(), "signature") : "";
  SigningKey key = ours ? key_of_public_bytes(member(parsed.get_object(), "publicKey")) : nullptr;
  ERR_clear_error();
  if (!key || signature.size() != signature_bytes) return fail(Errc::input, "this is no signature of pgpassage");
  if (!fits(report, signature, key))
    return fail(Errc::differs, "the signature does not fit: the report was changed after it was signed");
  return key;
}

}  // namespace pgpassage::app
