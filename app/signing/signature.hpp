#pragma once

#include <string>
#include <string_view>

#include "app/signing/keys.hpp"
#include "netcheck/base/error.hpp"

/// A detached signature: one scheme for every format, which leaves the report itself as it is. Pure but for OpenSSL.
///
/// The file is JSON with exactly `schemaVersion` 1, `algorithm` "Ed25519", `publicKey` and `signature`, both base64 (32
/// and 64 bytes). The signature (RFC 8032, pure Ed25519) covers every byte of the report and nothing else, so that
/// other programs can check it too: openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in REPORT -sigfile BYTES.
namespace pgpassage::app {

/// Where the signature of a report lies: beside it.
std::string signature_path_of(const std::string& report);

/// The signature file's text. Errc::internal when OpenSSL cannot sign.
Result<std::string> signature_of(std::string_view report, const SigningKey& key);

/// The key that made the signature, whose ever it is: the caller decides whether to trust it. Errc::input for a text
/// that is no signature file, Errc::differs when the signature does not fit the report.
Result<SigningKey> signer_of(std::string_view report, std::string_view signature_text);

}  // namespace pgpassage::app
