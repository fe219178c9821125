#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "app/agent/client/shown.hpp"
#include "app/agent/http/reader.hpp"
#include "app/agent/pki/authority.hpp"
#include "app/agent/pki/x509.hpp"
#include "netcheck/probe/async.hpp"
#include "tests/app/agent/process.hpp"
#include "tests/app/program.hpp"

/// Who does not get in, and what the agent does with bytes that are no requests.
namespace pgpassage::app::agent {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class AgentSecurity : public testing::Test {
 protected:
  Result<Answer> ask_health(const Credentials& credentials) const {
    return ask(agent_.url(), credentials, "GET", "/v1/health");
  }
  void expect_refused(const Credentials& credentials, const std::string& why) const {
    const auto answer = ask_health(credentials);
    ASSERT_FALSE(answer) << why;
    EXPECT_EQ(answer.error().code, Errc::refused_login) << answer.error().message;
    EXPECT_THAT(answer.error().message, HasSubstr(why));
  }

  Workplace work_;
  Certificates certificates_{work_.path("certificates")};
  AgentProcess agent_{work_.path("home"), certificates_.server()};
};

TEST_F(AgentSecurity, ACertificateOfItsAuthorityGetsIn) {
  const auto answer = ask_health(certificates_.client());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(answer->body, HasSubstr("\"ok\""));
}

TEST_F(AgentSecurity, NoCertificate) {
  Credentials none = certificates_.client();
  none.tls.certificate.clear();
  expect_refused(none, "certificate required");
}

TEST_F(AgentSecurity, ACertificateOfAnotherAuthority) {
  const Certificates other{work_.path("other")};
  Credentials wrong = other.client();
  wrong.tls.ca = certificates_.client().tls.ca;
  expect_refused(wrong, "unknown ca");
}

TEST_F(AgentSecurity, AnAgentOfAnotherAuthorityIsNotTrusted) {
  const Certificates other{work_.path("other")};
  Credentials wrong = certificates_.client();
  wrong.tls.ca = other.client().tls.ca;
  expect_refused(wrong, "cannot be trusted");
}

TEST_F(AgentSecurity, AServersCertificateIsNoClients) { expect_refused(certificates_.client("server"), "certificate"); }

TEST_F(AgentSecurity, AnExpiredCertificate) {
  const auto authority = read_pair(certificates_.directory() / "ca");
  ASSERT_TRUE(authority);
  const auto expired = make_pair({.name = "expired", .use = Use::client, .hosts = {}, .days = -1}, &*authority);
  ASSERT_TRUE(expired);
  ASSERT_TRUE(write_pair(*expired, certificates_.directory() / "expired"));
  expect_refused(certificates_.client("expired"), "certificate expired");
}

TEST_F(AgentSecurity, ARevokedCertificateIsOutAtOnceAlsoOnAnOpenConnection) {
  ASSERT_TRUE(issue_client(certificates_.directory(), "alice"));
  auto client = Client::open(agent_.url(), certificates_.client("alice"));
  ASSERT_TRUE(client);
  const auto work = [&]() -> asio::awaitable<bool> {
    HttpRequest request{.method = "GET", .target = "/v1/health"};
    const auto before = co_await client->ask(request, deadline_in(std::chrono::seconds{30}));
    EXPECT_TRUE(before);
    EXPECT_TRUE(revoke_certificates(certificates_.directory(), "alice"));
    const auto after = co_await client->ask(request, deadline_in(std::chrono::seconds{30}));
    EXPECT_THAT(after ? "it was let in" : after.error().message, HasSubstr("not admitted any more"));
    co_return true;
  };
  run(work());
  expect_refused(certificates_.client("alice"), "revoked");
  EXPECT_TRUE(ask_health(certificates_.client()));
}

TEST_F(AgentSecurity, RenewedCertificatesServeWithoutARestart) {
  ASSERT_TRUE(renew_certificates(certificates_.directory(), {}));
  EXPECT_TRUE(ask_health(certificates_.client()));
  EXPECT_TRUE(agent_.wait_for("certificates and token read again"));
}

TEST_F(AgentSecurity, FilesThatAreBrokenMeanwhileChangeNothing) {
  work_.write("certificates/server.crt", "-----BEGIN");
  EXPECT_TRUE(ask_health(certificates_.client()));
  EXPECT_TRUE(agent_.wait_for("the former ones stay"));
}

/// What the agent answers to bytes on a connection of its own; empty when it says nothing.
std::string answer_to(const AgentProcess& agent, const Credentials& credentials, const std::string& bytes) {
  const auto context = client_tls(credentials.tls);
  const auto work = [&]() -> asio::awaitable<std::string> {
    asio::ip::tcp::socket socket{co_await asio::this_coro::executor};
    const asio::ip::tcp::endpoint peer{asio::ip::address_v4::loopback(), agent.port()};
    co_await socket.async_connect(peer, nothrow_awaitable);
    auto wire = tls_wire(std::move(socket), *context);
    const auto shaken = co_await wire->connect("127.0.0.1");
    if (!shaken) co_return shaken.error().message;
    co_await wire->write(bytes);
    std::string text;
    std::array<char, 4096> chunk;
    while (true) {
      const Transfer read = co_await wire->read(chunk);
      if (read.error) co_return text;
      text.append(chunk.data(), read.bytes);
    }
  };
  return run(work());
}

TEST_F(AgentSecurity, WhatIsNoRequestIsRefusedAndTheConnectionClosed) {
  const auto answer = [&](const std::string& bytes) { return answer_to(agent_, certificates_.client(), bytes); };
  EXPECT_THAT(answer("NONSENSE\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer("GET / HTTP/1.1\r\nA: " + std::string(most_header_bytes, 'a')), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answer("POST /v1/probe HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answer("GET /v1/nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(answer("PUT /v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
              testing::AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET")));
  EXPECT_THAT(answer("POST /v1/probe HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"),
              StartsWith("HTTP/1.1 415 "));
  EXPECT_TRUE(ask_health(certificates_.client())) << "and it serves on";
}

TEST_F(AgentSecurity, ItAnswersForNoPlaceWhereItIsNot) {
  const auto answer = ask(agent_.url(), certificates_.client(), "POST", "/v1/probe",
                          R"({"place":"vm-crossing","ipAddress":"203.0.113.9","questions":[]})");
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("is not at vm-crossing"));
}

TEST_F(AgentSecurity, StrangersAreCountedBeforeTheyCostAnything) {
  // More connections than strangers are let in, none of which ever says a word.
  asio::io_context context;
  std::vector<asio::ip::tcp::socket> silent;
  for (int i = 0; i < 400; ++i) {
    silent.emplace_back(context);
    silent.back().connect({asio::ip::address_v4::loopback(), agent_.port()});
  }
  char byte = 0;
  boost::system::error_code error;
  silent.back().read_some(asio::buffer(&byte, 1), error);
  EXPECT_TRUE(error) << "the last one is closed, not kept waiting";
  silent.clear();
  Result<Answer> answer = ask_health(certificates_.client());
  for (int attempts = 0; !answer && attempts < 1000; ++attempts) answer = ask_health(certificates_.client());
  EXPECT_TRUE(answer) << answer.error().message;
}

TEST(AgentToken, IsDemandedAndMayChange) {
  const Workplace work;
  const Certificates certificates{work.path("certificates")};
  work.write("token", std::string(40, 'a') + "\n");
  work.write("wrong", std::string(40, 'b') + "\n");
  const auto file = [&](const char* name) { return (certificates.directory() / name).string(); };
  AgentProcess agent{
      work.path("home"),
      {"--tls-cert", file("server.crt"), "--tls-key", file("server.key"), "--token-file", work.path("token")}};
  Credentials right{.tls = {.certificate = {}, .key = {}, .ca = file("ca.crt"), .revoked = {}},
                    .token_file = work.path("token")};
  Credentials wrong = right;
  wrong.token_file = work.path("wrong");
  Credentials none = right;
  none.token_file.clear();
  EXPECT_TRUE(ask(agent.url(), right, "GET", "/v1/health"));
  for (const Credentials& bad : {wrong, none}) {
    const auto answer = ask(agent.url(), bad, "GET", "/v1/health");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::refused_login);
  }
  work.write("token", std::string(40, 'b') + "\n");
  EXPECT_TRUE(ask(agent.url(), wrong, "GET", "/v1/health"));
  EXPECT_THAT(agent.log(), testing::Not(HasSubstr(std::string(40, 'b'))));
}

TEST(AgentOnLoopback, NeedsNoTlsAndDoesNotServeWebPages) {
  const Workplace work;
  AgentProcess agent{work.path("home"), {}};
  EXPECT_TRUE(ask(agent.url(false), {}, "GET", "/v1/health"));
  const auto page = [&](const std::string& header) {
    return work.run("curl -s -o /dev/null -w '%{http_code}' -H '" + header + "' " + agent.url(false) + "/v1/health");
  };
  if (page("X: y").output != "200") GTEST_SKIP() << "curl is not installed";
  EXPECT_EQ(page("Origin: https://evil.example").output, "403");
  EXPECT_EQ(page("Host: evil.example").output, "403");
}

TEST(AgentInTheOpen, IsRefusedWithoutTlsOrWithoutAuthentication) {
  const Workplace work;
  const Certificates certificates{work.path("certificates")};
  const auto plain = work.run("pgpassage agent --listen 0.0.0.0:0");
  EXPECT_EQ(plain.exit_code, 2);
  EXPECT_THAT(plain.error, HasSubstr("without TLS"));
  const auto open = work.run(
      "pgpassage agent --listen 0.0.0.0:0 --tls-cert certificates/server.crt --tls-key certificates/server.key");
  EXPECT_EQ(open.exit_code, 2);
  EXPECT_THAT(open.error, HasSubstr("everybody could order migrations"));
  work.write("short", "abc\n");
  const auto weak = work.run("pgpassage agent --listen 127.0.0.1:0 --token-file short");
  EXPECT_EQ(weak.exit_code, 2);
  EXPECT_THAT(weak.error, HasSubstr("shorter than 32"));
}

TEST(AgentSignals, ItStopsAndSaysSo) {
  const Workplace work;
  AgentProcess agent{work.path("home"), {}};
  agent.signal(SIGTERM);
  EXPECT_EQ(agent.exit_code(), 0);
  EXPECT_TRUE(agent.wait_for("stopped"));
}

}  // namespace
}  // namespace pgpassage::app::agent
