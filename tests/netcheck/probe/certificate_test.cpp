#include "netcheck/probe/certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgpassage::netcheck {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds now{1'800'000'000s};

TlsPeer good_peer() {
  TlsPeer peer{.version = "TLSv1.3", .cipher = "TLS_AES_256_GCM_SHA384", .chain = {}, .name_matches = true};
  peer.chain.push_back({"CN=orders", "CN=Contoso CA", {"orders.example"}, now - 24h, now + 24h});
  peer.roots = Roots::of_libpq;
  return peer;
}

std::string cause(SslMode mode, const TlsPeer& peer) { return verdict_of(mode, peer, now).cause; }

TEST(SslModeVerdict, AGoodCertificateIsGoodForEveryMode) {
  for (const SslMode mode :
       {SslMode::disable, SslMode::prefer, SslMode::require, SslMode::verify_ca, SslMode::verify_full})
    EXPECT_EQ(cause(mode, good_peer()), "");
}

TEST(SslModeVerdict, AnotherNameMattersToVerifyFullAlone) {
  TlsPeer peer = good_peer();
  peer.name_matches = false;
  EXPECT_EQ(cause(SslMode::verify_ca, peer), "");
  EXPECT_EQ(cause(SslMode::verify_full, peer), "certificate-host-name");
  EXPECT_THAT(verdict_of(SslMode::verify_full, peer, now).why, ::testing::HasSubstr("orders.example"));
}

TEST(SslModeVerdict, TimeComesBeforeTrust) {
  TlsPeer peer = good_peer();
  peer.distrust = "unable to get local issuer certificate";
  EXPECT_EQ(cause(SslMode::verify_ca, peer), "certificate-untrusted");
  peer.chain.front().not_after = now - 1s;
  EXPECT_EQ(cause(SslMode::verify_ca, peer), "certificate-expired");
  peer.chain.front().not_after = now + 1s;
  peer.chain.front().not_before = now + 1s;
  EXPECT_EQ(cause(SslMode::verify_ca, peer), "certificate-not-yet-valid");
}

TEST(SslModeVerdict, RequireVerifiesOnlyWhereLibpqHasRoots) {
  TlsPeer peer = good_peer();
  peer.distrust = "self-signed certificate";
  EXPECT_EQ(cause(SslMode::require, peer), "certificate-untrusted");
  peer.roots = Roots::of_system;
  EXPECT_EQ(cause(SslMode::require, peer), "");
  EXPECT_EQ(cause(SslMode::verify_ca, peer), "root-certificate-missing");
}

TEST(TlsPeerInWords, SaysWhichModesWouldRefuse) {
  EXPECT_THAT(describe(good_peer(), now), ::testing::HasSubstr("every sslMode would accept it"));
  TlsPeer peer = good_peer();
  peer.name_matches = false;
  EXPECT_THAT(describe(peer, now), ::testing::HasSubstr("; verify-full would refuse"));
}

}  // namespace
}  // namespace pgpassage::netcheck
