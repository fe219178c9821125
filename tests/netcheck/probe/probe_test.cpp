#include "netcheck/probe/probe.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>

#include "tests/netcheck/probe/listener.hpp"
#include "tests/netcheck/probe/network_namespace.hpp"
#include "tests/netcheck/probe/postgres_cluster.hpp"
#include "tests/netcheck/probe/run.hpp"

namespace pgpassage::netcheck {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace std::string_view_literals;
using testing::ClosedPort;
using ::testing::HasSubstr;
using testing::in_network_namespace;
using testing::Listener;
using testing::PostgresCluster;

const IpAddress loopback = *IpAddress::parse("127.0.0.1");

Observation probe(const char* address, Port port, std::chrono::milliseconds patience = 5s) {
  return testing::run(probe_postgres(*IpAddress::parse(address), port, deadline_in(patience)));
}

#define EXPECT_OBSERVED(observation, expected) \
  EXPECT_STREQ(to_string((observation).observed), to_string(expected)) << (observation).detail

TEST(ProbePostgres, WithoutTlsIsConnected) {
  const Listener server{"N"};
  const Observation seen = probe("127.0.0.1", server.port());
  EXPECT_OBSERVED(seen, Observed::connected);
  EXPECT_FALSE(seen.tls_offered);
  EXPECT_EQ(seen.address, loopback);
  EXPECT_EQ(seen.port, server.port());
  EXPECT_EQ(seen.source_address, loopback);
}

TEST(ProbePostgres, AClosedPortIsRefused) {
  const ClosedPort closed;
  const Observation seen = probe("127.0.0.1", closed.port(), 24h);  // longer than ctest lets a test run
  EXPECT_OBSERVED(seen, Observed::refused);
  EXPECT_FALSE(seen.source_address);
}

TEST(ProbePostgres, ASilentListenerTimesOutAndSaysThatTcpConnected) {
  const Listener server{""};
  const Observation seen = probe("127.0.0.1", server.port(), 300ms);
  EXPECT_OBSERVED(seen, Observed::timed_out);
  EXPECT_THAT(seen.detail, HasSubstr("TCP connected, but no answer to SSLRequest"));
  EXPECT_EQ(seen.source_address, loopback);
}

/// "route passed, tcp failed (refused)"
std::string steps_of(const Observation& seen) {
  std::string text;
  for (const ProbeStep& step : seen.steps)
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", to_string(step.kind), to_string(step.outcome),
                        step.cause.empty() ? "" : fmt::format(" ({})", step.cause));
  return text;
}

TEST(ProbePostgres, EachStepHasItsOutcomeAndCause) {
  const ClosedPort closed;
  EXPECT_EQ(steps_of(probe("127.0.0.1", closed.port())), "route passed, tcp failed (refused)");
  const Listener plain{"N"}, silent{""}, web{"HTTP/1.1 400 Bad Request\r\n\r\n"};
  EXPECT_EQ(steps_of(probe("127.0.0.1", plain.port())), "route passed, tcp passed, sslRequest passed");
  EXPECT_EQ(steps_of(probe("127.0.0.1", silent.port(), 300ms)), "route passed, tcp passed, sslRequest failed (silent)");
  EXPECT_EQ(steps_of(probe("127.0.0.1", web.port())), "route passed, tcp passed, sslRequest failed (not-postgres)");
}

TEST(ProbePostgres, WhoHasNoTlsIsRefusedByAModeThatWantsIt) {
  const Listener server{"N"};
  const Observation seen = testing::run(
      probe_postgres(loopback, server.port(), deadline_in(5s), {.ssl_mode = SslMode::require, .user = "migrator"}));
  EXPECT_OBSERVED(seen, Observed::tls_failed);
  EXPECT_EQ(steps_of(seen), "route passed, tcp passed, sslRequest passed, tls failed (tls-refused)");
}

struct SpeakerCase {
  const char* name;
  std::string answer;
  Listener::Then then;
  Observed observed;
  const char* detail;
};
void PrintTo(const SpeakerCase& each, std::ostream* out) { *out << each.name; }

class ProbeOf : public ::testing::TestWithParam<SpeakerCase> {};
TEST_P(ProbeOf, SaysWhatAnswers) {
  const Listener server{GetParam().answer, GetParam().then};
  const Observation seen = probe("127.0.0.1", server.port());
  EXPECT_OBSERVED(seen, GetParam().observed);
  EXPECT_THAT(seen.detail, HasSubstr(GetParam().detail));
}
INSTANTIATE_TEST_SUITE_P(
    Listener, ProbeOf,
    ::testing::Values(
        SpeakerCase{"Http", "HTTP/1.1 400 Bad Request\r\n\r\n", Listener::Then::close, Observed::not_postgres, "HTTP"},
        SpeakerCase{"Ssh", "SSH-2.0-OpenSSH_9.2\r\n", Listener::Then::wait, Observed::not_postgres, "SSH"},
        SpeakerCase{"ClosedAtOnce", "", Listener::Then::close, Observed::not_postgres, "closed without an answer"},
        SpeakerCase{"ResetAtOnce", "", Listener::Then::reset, Observed::not_postgres, "broke without an answer"},
        SpeakerCase{"TooManyClients", std::string{"E\0\0\0\x2eSFATAL\0C53300\0Msorry, too many clients already\0\0"sv},
                    Listener::Then::close, Observed::connected, "too many clients"},
        SpeakerCase{"TlsOfferedAndClosed", "S", Listener::Then::close, Observed::tls_failed, "TLS handshake failed"}),
    [](const auto& each) { return std::string{each.param.name}; });

TEST(ProbePostgres, TlsOfferedAndSilentTimesOut) {
  const Listener server{"S"};
  const Observation seen = probe("127.0.0.1", server.port(), 200ms);
  EXPECT_OBSERVED(seen, Observed::timed_out);
  EXPECT_TRUE(seen.tls_offered);
  EXPECT_THAT(seen.detail, HasSubstr("offered TLS"));
}

TEST(ProbePostgres, WorksOverIpv6) {
  std::optional<Listener> server;
  try {
    server.emplace("N", Listener::Then::wait, "::1");
  } catch (const std::runtime_error& error) {
    GTEST_SKIP() << "no IPv6 loopback here: " << error.what();
  }
  const Observation seen = probe("::1", server->port());
  EXPECT_OBSERVED(seen, Observed::connected);
  EXPECT_EQ(seen.source_address, IpAddress::parse("::1"));
}

/// Without a password: the server's answer to the startup message is as far as a probe goes.
TEST(ProbePostgres, BeginsASessionWhereAUserIsNamed) {
  if (const auto missing = PostgresCluster::missing()) GTEST_SKIP() << *missing;
  const PostgresCluster cluster{true};
  const std::string below = "route passed, tcp passed, sslRequest passed, tls passed, startup ";
  const auto as = [&](const char* user, const char* database) {
    const ConnectionParameters wanted{.host = "localhost", .user = user, .database = database};
    return steps_of(testing::run(probe_postgres(loopback, cluster.port(), deadline_in(5s), wanted)));
  };
  EXPECT_EQ(as("postgres", "postgres"), below + "passed");
  EXPECT_EQ(as("postgres", "nowhere"), below + "failed (database-missing)");
  EXPECT_EQ(as("nobody", "postgres"), below + "failed (role-refused)");
}

class RealPostgres : public ::testing::TestWithParam<bool> {};
TEST_P(RealPostgres, IsConnected) {
  if (const auto missing = PostgresCluster::missing()) GTEST_SKIP() << *missing;
  const PostgresCluster cluster{GetParam()};
  const Observation seen = probe("127.0.0.1", cluster.port());
  EXPECT_OBSERVED(seen, Observed::connected);
  EXPECT_EQ(seen.tls_offered, GetParam());
  EXPECT_EQ(seen.detail, GetParam() ? "TLSv1.3" : "");
}
INSTANTIATE_TEST_SUITE_P(Tls, RealPostgres, ::testing::Values(false, true),
                         [](const auto& each) { return each.param ? "On" : "Off"; });

struct NetworkCase {
  const char* name;
  const char* set_up;
  Observed observed;
  const char* detail;
};
void PrintTo(const NetworkCase& each, std::ostream* out) { *out << each.name; }

class ProbeThrough : public ::testing::TestWithParam<NetworkCase> {};
TEST_P(ProbeThrough, SaysWhatTheNetworkDid) {
  Observation seen;
  const auto reason = in_network_namespace(GetParam().set_up, [&] { seen = probe("192.0.2.9", 5432, 300ms); });
  if (reason) GTEST_SKIP() << *reason;
  EXPECT_OBSERVED(seen, GetParam().observed);
  EXPECT_THAT(seen.detail, HasSubstr(GetParam().detail));
}
constexpr const char* dropping =
    "ip addr add 192.0.2.9/32 dev lo && nft 'add table inet t; add chain inet t c { type filter hook input priority 0; "
    "}; add rule inet t c tcp dport 5432 drop'";
constexpr const char* rejecting =
    "ip addr add 192.0.2.9/32 dev lo && nft 'add table inet t; add chain inet t c { type filter hook input priority 0; "
    "}; add rule inet t c tcp dport 5432 reject with icmp admin-prohibited'";
constexpr const char* resetting =
    "ip addr add 192.0.2.9/32 dev lo && nft 'add table inet t; add chain inet t c { type filter hook input priority 0; "
    "}; add rule inet t c tcp dport 5432 reject with tcp reset'";
INSTANTIATE_TEST_SUITE_P(
    Namespace, ProbeThrough,
    ::testing::Values(NetworkCase{"Drop", dropping, Observed::timed_out, "no answer to the connection request"},
                      NetworkCase{"AdminProhibited", rejecting, Observed::unreachable, "No route to host"},
                      NetworkCase{"RejectWithReset", resetting, Observed::refused, "refused"},
                      NetworkCase{"NoRoute", "true", Observed::unreachable, "Network is unreachable"},
                      NetworkCase{"UnreachableRoute", "ip route add unreachable 192.0.2.0/24", Observed::unreachable,
                                  "No route to host"},
                      NetworkCase{"ProhibitRoute", "ip route add prohibit 192.0.2.0/24", Observed::unreachable,
                                  "of this machine forbids"},
                      NetworkCase{"BlackholeRoute", "ip route add blackhole 192.0.2.0/24", Observed::unreachable,
                                  "of this machine forbids"}),
    [](const auto& each) { return std::string{each.param.name}; });

TEST(ProbePostgres, APassedDeadlineIsNotATimeout) {
  const Listener server{"N"};
  const Observation seen = probe("127.0.0.1", server.port(), -1ms);
  EXPECT_OBSERVED(seen, Observed::not_probed);
  EXPECT_THAT(seen.detail, HasSubstr("time limit"));
}

#ifndef __SANITIZE_ADDRESS__  // the sanitizers open descriptors of their own for each virtual call that they check
TEST(ProbePostgres, NoMoreDescriptorsIsNotTheNetworksFault) {
  asio::io_context io;
  asio::steady_timer touch{io};  // makes Asio open its own descriptors
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit none{.rlim_cur = 3, .rlim_max = limit.rlim_max};
  Observation seen;
  asio::co_spawn(io, probe_postgres(loopback, 9, deadline_in(2s)),
                 [&](const std::exception_ptr&, Observation observation) { seen = std::move(observation); });
  setrlimit(RLIMIT_NOFILE, &none);
  io.run();
  setrlimit(RLIMIT_NOFILE, &limit);
  EXPECT_OBSERVED(seen, Observed::not_probed);
  EXPECT_THAT(seen.detail, HasSubstr("ulimit"));
}
#endif

TEST(ProbePostgres, CancellationEndsIt) {
  asio::io_context io;
  const Listener server{""};
  asio::cancellation_signal signal;
  asio::steady_timer later{io, 30ms};
  bool ended = false;
  asio::co_spawn(io, probe_postgres(loopback, server.port(), deadline_in(24h)),
                 asio::bind_cancellation_slot(signal.slot(),
                                              [&](const std::exception_ptr&, const Observation&) { ended = true; }));
  later.async_wait([&](auto) { signal.emit(asio::cancellation_type::terminal); });
  io.run();
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace pgpassage::netcheck
