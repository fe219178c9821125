#include "app/signing/signature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/signing/base64.hpp"
#include "program.hpp"

namespace pgpassage::app {
namespace {

using testing::HasSubstr;

/// RFC 8032, 7.1, test 2: 32 bytes of the private key behind PKCS #8's head.
constexpr const char* rfc_key =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
    "-----END PRIVATE KEY-----\n";

class Signature : public testing::Test {
 protected:
  void SetUp() override {
    work_.write("sign.pem", rfc_key);
    work_.write("ready.yaml", ready_topology);
    ASSERT_EQ(work_.run("openssl pkey -in sign.pem -pubout -out public.pem").exit_code, 0);
    ASSERT_EQ(work_.run("openssl genpkey -algorithm ed25519 -out other.pem").exit_code, 0);
    ASSERT_EQ(work_.run("openssl pkey -in other.pem -pubout -out other-public.pem").exit_code, 0);
  }

  ProgramResult sign(const std::string& format, const std::string& more = {}) const {
    return work_.run("pgpassage report ready.yaml --no-live --output r --format " + format + " --sign sign.pem" + more);
  }
  ProgramResult check(const std::string& more = {}) const {
    return work_.run("pgpassage report --check-signature r" + more);
  }

  Workplace work_;
};

TEST(Base64, IsWhatTheStandardSays) {
  for (const auto& [bytes, text] : {std::pair{"", ""}, std::pair{"f", "Zg=="}, std::pair{"fo", "Zm8="},
                                    std::pair{"foo", "Zm9v"}, std::pair{"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(base64_of(bytes), text);
    EXPECT_EQ(bytes_of_base64(text), bytes);
  }
  for (const char* wrong : {"Zg", "Zg=", "Z===", "Zh==", "Zm9v\n", " Zm9v", "Zm9*", "===="})
    EXPECT_EQ(bytes_of_base64(wrong), std::nullopt) << wrong;
}

TEST_F(Signature, IsTheOneOfTheStandard) {
  const auto key = read_private_key(work_.path("sign.pem"), {});
  ASSERT_TRUE(key) << key.error().message;
  const auto object = boost::json::parse(signature_of("\x72", *key).value());
  const std::string expected =
      "\x92\xa0\x09\xa9\xf0\xd4\xca\xb8\x72\x0e\x82\x0b\x5f\x64\x25\x40\xa2\xb2\x7b\x54\x16\x50\x3f\x8f\xb3\x76\x22\x23"
      "\xeb\xdb\x69\xda\x08\x5a\xc1\xe4\x3e\x15\x99\x6e\x45\x8f\x36\x13\xd0\xf1\x1d\x8c\x38\x7b\x2e\xae\xb4\x30\x2a\xee"
      "\xb0\x0d\x29\x16\x12\xbb\x0c";
  EXPECT_EQ(bytes_of_base64(object.at("signature").as_string()), expected + std::string(64 - expected.size(), '\0'));
}

TEST_F(Signature, FindsAnyEditInEveryFormat) {
  for (const char* format : {"text", "json", "markdown", "html", "junit", "sarif"}) {
    ASSERT_EQ(sign(format).exit_code, 0) << format;
    EXPECT_EQ(check(" --trusted-key public.pem").exit_code, 0) << format;
    const std::string report = work_.read("r");
    for (std::size_t at = 0; at < report.size(); at += 1 + report.size() / 7) {
      std::string edited = report;
      edited[at] = static_cast<char>(edited[at] ^ 1);
      work_.write("r", edited);
      EXPECT_EQ(check().exit_code, 1) << format << " at " << at;
    }
    for (const std::string& edited : {report + "\n", report.substr(1), report.substr(0, report.size() - 1)}) {
      work_.write("r", edited);
      EXPECT_EQ(check().exit_code, 1) << format;
    }
  }
}

TEST_F(Signature, FindsAnyEditOfItself) {
  ASSERT_EQ(sign("text").exit_code, 0);
  const std::string signature = work_.read("r.sig");
  for (std::size_t at = 0; at < signature.size(); ++at) {
    if (std::isspace(static_cast<unsigned char>(signature[at]))) continue;
    std::string edited = signature;
    edited[at] = edited[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(signer_of(work_.read("r"), edited)) << edited;
  }
}

TEST_F(Signature, OfAnotherKeyIsNotTrusted) {
  ASSERT_EQ(sign("html").exit_code, 0);
  const auto unknown = check();
  EXPECT_EQ(unknown.exit_code, 0);
  EXPECT_THAT(unknown.output, HasSubstr("compare the fingerprint"));
  EXPECT_EQ(check(" --trusted-key other-public.pem").exit_code, 1);
  const auto json = boost::json::parse(check(" --trusted-key other-public.pem --format json").output);
  EXPECT_EQ(json.at("intact"), true);
  EXPECT_EQ(json.at("trusted"), false);
}

TEST_F(Signature, HasTheFingerprintThatOpensslShows) {
  ASSERT_EQ(sign("json").exit_code, 0);
  const auto sum = work_.run("openssl pkey -pubin -in public.pem -outform DER | sha256sum | cut -d ' ' -f 1");
  const auto json = boost::json::parse(check(" --format json").output);
  EXPECT_EQ(std::string_view{json.at("fingerprint").as_string()}, "SHA256:" + sum.output.substr(0, 64));
}

TEST_F(Signature, CanBeCheckedWithoutPgpassage) {
  ASSERT_EQ(sign("sarif").exit_code, 0);
  const auto object = boost::json::parse(work_.read("r.sig"));
  work_.write("raw", bytes_of_base64(object.at("signature").as_string()).value());
  EXPECT_EQ(work_.run("openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in r -sigfile raw").exit_code, 0);
}

TEST_F(Signature, TakesThePassPhraseFromAFile) {
  work_.write("words", "correct horse\n");
  ASSERT_EQ(work_.run("openssl pkey -in sign.pem -aes256 -passout file:words -out locked.pem").exit_code, 0);
  const std::string report = "pgpassage report ready.yaml --no-live --output r --sign locked.pem";
  EXPECT_EQ(work_.run(report + " --passphrase-file words").exit_code, 0);
  EXPECT_EQ(check(" --trusted-key public.pem").exit_code, 0);
  work_.write("words", "wrong\n");
  const auto refused = work_.run(report + " --passphrase-file words");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.error, HasSubstr("pass phrase"));
}

TEST_F(Signature, NeedsAPrivateEd25519KeyAndAPlace) {
  ASSERT_EQ(work_.run("openssl genpkey -algorithm rsa -out rsa.pem").exit_code, 0);
  for (const char* key : {"rsa.pem", "public.pem", "ready.yaml", "nothing.pem", "."})
    EXPECT_EQ(work_.run(std::string{"pgpassage report ready.yaml --no-live --output r --sign "} + key).exit_code, 2)
        << key;
  EXPECT_EQ(work_.run("pgpassage report ready.yaml --no-live --sign sign.pem").exit_code, 2);
  EXPECT_EQ(work_.run("pgpassage report --check-signature r").exit_code, 2);  // there is none
  ASSERT_EQ(sign("text").exit_code, 0);
  EXPECT_EQ(check(" --trusted-key ready.yaml").exit_code, 2);
  work_.write("r.sig", "{}");
  EXPECT_EQ(check().exit_code, 2);
}

TEST_F(Signature, DoesNotChangeTheReportOrItsExitCode) {
  const std::string stamp = " --report-time 2025-02-07T10:00:00Z --report-host a";
  ASSERT_EQ(sign("html", stamp).exit_code, 0);
  EXPECT_EQ(work_.read("r"), work_.run("pgpassage report ready.yaml --no-live --format html" + stamp).output);
}

}  // namespace
}  // namespace pgpassage::app
