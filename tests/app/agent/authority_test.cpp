#include "app/agent/pki/authority.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/agent/pki/x509.hpp"
#include "app/agent/wire/tls.hpp"
#include "netcheck/probe/x509.hpp"
#include "tests/app/program.hpp"

namespace pgpassage::app::agent {
namespace {

using testing::HasSubstr;

class Authority : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(make_authority(directory(), {"10.20.2.4", "vm.example", "fd00::4"})); }
  fs::path directory() const { return work_.path("certificates"); }
  bool admitted(const std::string& name) const {
    const auto context = server_tls({.certificate = directory() / "server.crt",
                                     .key = directory() / "server.key",
                                     .ca = directory() / "ca.crt",
                                     .revoked = directory() / "revoked.pem"});
    const auto certificate = read_certificate(directory() / (name + ".crt"));
    return context && certificate && admits(**context, **certificate);
  }
  std::vector<std::string> hosts_of_server() const {
    return netcheck::alternative_names(read_certificate(directory() / "server.crt")->get());
  }
  Workplace work_;
};

TEST_F(Authority, KeysAreTheirOwnersAlone) {
  for (const char* file : {"ca.key", "server.key", "client.key"}) {
    struct stat status {};
    ASSERT_EQ(stat((directory() / file).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600U) << file;
  }
}

TEST_F(Authority, WhoRunsTheAgentReadsItsKeyAndChangesNothing) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  const auto nobody = account_named("nobody");
  ASSERT_TRUE(nobody);
  ASSERT_TRUE(give_to(directory(), *nobody));
  struct stat key {
  }, whole{}, authority{};
  ASSERT_EQ(stat((directory() / "server.key").c_str(), &key), 0);
  ASSERT_EQ(stat(directory().c_str(), &whole), 0);
  ASSERT_EQ(stat((directory() / "ca.key").c_str(), &authority), 0);
  EXPECT_EQ(key.st_uid, nobody->user);
  EXPECT_EQ(whole.st_uid, 0U);
  EXPECT_EQ(whole.st_gid, nobody->group);
  EXPECT_EQ(whole.st_mode & 07777, 0750U);
  EXPECT_EQ(authority.st_uid, 0U);
  ASSERT_TRUE(renew_certificates(directory(), {}));
  ASSERT_EQ(stat((directory() / "server.key").c_str(), &key), 0);
  EXPECT_EQ(key.st_uid, nobody->user) << "renewed for the same account";
}

TEST_F(Authority, AnUnknownAccountIsSaidBeforeAnythingIsMade) {
  const auto refused = work_.run("pgpassage agent init --directory new --owner nobody-of-that-name");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.error, HasSubstr("there is no user nobody-of-that-name"));
  EXPECT_FALSE(fs::exists(work_.path("new")));
}

TEST_F(Authority, ClientsGetInAndServersDoNot) {
  EXPECT_TRUE(admitted("client"));
  EXPECT_FALSE(admitted("server"));
  EXPECT_FALSE(admitted("ca"));
}

TEST_F(Authority, ServerIsFoundUnderEveryName) {
  EXPECT_EQ(hosts_of_server(), (std::vector<std::string>{"10.20.2.4", "vm.example", "fd00::4"}));
  ASSERT_TRUE(renew_certificates(directory(), {}));
  EXPECT_EQ(hosts_of_server().size(), 3U) << "renewed with the same names";
  ASSERT_TRUE(renew_certificates(directory(), {"other.example"}));
  EXPECT_EQ(hosts_of_server(), std::vector<std::string>{"other.example"});
}

TEST_F(Authority, RevokingANameRevokesWhatWasRenewedToo) {
  ASSERT_TRUE(issue_client(directory(), "alice"));
  fs::copy_file(directory() / "alice.crt", directory() / "former.crt");
  ASSERT_TRUE(renew_certificates(directory(), {}));
  EXPECT_TRUE(admitted("former"));
  const auto revoked = revoke_certificates(directory(), "alice");
  ASSERT_TRUE(revoked) << revoked.error().message;
  EXPECT_EQ(revoked->size(), 2U);
  EXPECT_FALSE(admitted("former"));
  EXPECT_FALSE(admitted("alice"));
  EXPECT_TRUE(admitted("client"));
  EXPECT_EQ(revoke_certificates(directory(), "alice").error().code, Errc::already_exists);
  const auto renewed = renew_certificates(directory(), {});
  ASSERT_TRUE(renewed);
  for (const Issued& one : *renewed) EXPECT_NE(one.name, "alice");
  EXPECT_TRUE(issue_client(directory(), "alice")) << "the name is free again";
  EXPECT_TRUE(admitted("alice"));
}

TEST_F(Authority, ASerialNumberRevokesOneAlone) {
  const auto first = issue_client(directory(), "alice");
  ASSERT_TRUE(first);
  ASSERT_TRUE(renew_certificates(directory(), {}));
  const auto revoked = revoke_certificates(directory(), first->serial);
  ASSERT_TRUE(revoked) << revoked.error().message;
  EXPECT_EQ(revoked->size(), 1U);
  EXPECT_TRUE(admitted("alice"));
  EXPECT_EQ(revoke_certificates(directory(), "AB12").error().code, Errc::not_found);
}

TEST_F(Authority, RefusesWhatWouldOverwriteOrEscape) {
  EXPECT_EQ(make_authority(directory(), {"a"}).error().code, Errc::already_exists);
  EXPECT_EQ(make_authority(work_.path("b"), {"a,DNS:b"}).error().code, Errc::input);
  for (const char* name : {"", "../x", "a b", "ca", "-a", "client", "server"})
    EXPECT_FALSE(issue_client(directory(), name)) << name;
  EXPECT_THAT(issue_client(work_.path("none"), "a").error().cure, HasSubstr("agent init"));
}

}  // namespace
}  // namespace pgpassage::app::agent
