#include "app/signing/base64.hpp"

#include <openssl/evp.h>

namespace pgpassage::app {

std::string base64_of(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL ends it with a zero
  const int written =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(written));
  return text;
}

std::optional<std::string> bytes_of_base64(std::string_view text) {
  std::string bytes(3 * (text.size() / 4), '\0');
  const int written =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  // OpenSSL counts the padding as bytes and forgives white space: only what it would write itself is taken.
  if (written < 0 || static_cast<std::size_t>(written) != bytes.size()) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding, text.remove_suffix(1)) bytes.pop_back();
  if (!base64_of(bytes).starts_with(text)) return std::nullopt;
  return bytes;
}

}  // namespace pgpassage::app
