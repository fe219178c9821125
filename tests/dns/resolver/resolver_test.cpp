#include "dns/resolver/resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "dns/resolver/channel.hpp"
#include "tests/dns/resolver/dns_server.hpp"
#include "tests/netcheck/probe/run.hpp"

namespace pgpassage::dns {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::Answer;
using testing::Bytes;
using testing::DnsServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Messages;
using testing::Question;
using testing::Script;

IpAddress address(const char* text) { return *IpAddress::parse(text); }

/// Longer than ctest lets a test run: what waits for its deadline fails there.
constexpr std::chrono::milliseconds no_end = 24h;

Lookup ask(const std::string& name, std::vector<std::string> servers, std::chrono::milliseconds patience = 5s) {
  return testing::run(lookup(name, std::move(servers), deadline_in(patience)));
}
Lookup ask(const std::string& name, const DnsServer& server, std::chrono::milliseconds patience = 5s) {
  return ask(name, std::vector{server.name()}, patience);
}

Script always(int rcode) {
  return [rcode](const Question& q) { return Messages{Answer{q, rcode}.bytes()}; };
}
Script silence() {
  return [](const Question&) { return Messages{}; };
}
Messages both_families(const Question& q) {
  Answer answer{q};
  if (q.asks_a()) answer.a(q.name, "10.20.2.4", 30);
  if (q.asks_aaaa()) answer.aaaa(q.name, "fd00::4", 20);
  return {answer.bytes()};
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {}));
}

/// The server's thread closes its end of a TCP connection when it sees ours closed, which is a little later.
bool comes_down_to(std::size_t descriptors) {
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (open_descriptors() > descriptors && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  return open_descriptors() == descriptors;
}

TEST(Lookup, FindsBothFamiliesAndSaysWhoAnswered) {
  const DnsServer server{both_families};
  const Lookup lookup = ask("Orders.Example.", server);
  EXPECT_EQ(lookup.status, LookupStatus::answered) << lookup.detail;
  EXPECT_EQ(lookup.name, "Orders.Example.");
  EXPECT_THAT(lookup.chain, ElementsAre("orders.example"));
  EXPECT_THAT(lookup.addresses, ElementsAre(address("10.20.2.4"), address("fd00::4")));
  EXPECT_EQ(lookup.server, server.name());
  EXPECT_EQ(lookup.ttl_seconds, 20);
}

TEST(Lookup, AsksAServerOverIpv6) {
  std::optional<DnsServer> server;
  try {
    server.emplace(both_families, "::1");
  } catch (const std::runtime_error& error) {
    GTEST_SKIP() << "no IPv6 loopback here: " << error.what();
  }
  EXPECT_EQ(ask("orders.example", *server).status, LookupStatus::answered);
}

TEST(Lookup, KeepsTheChainOfANameThatEndsInNxdomain) {
  const DnsServer server{[](const Question& q) {
    return Messages{Answer{q, 3}.cname(q.name, "orders.privatelink.example").bytes()};
  }};
  const Lookup lookup = ask("orders.example", server);
  EXPECT_EQ(lookup.status, LookupStatus::nx_domain);
  EXPECT_THAT(lookup.chain, ElementsAre("orders.example", "orders.privatelink.example"));
  EXPECT_THAT(lookup.addresses, IsEmpty());
  EXPECT_EQ(lookup.server, server.name());
  EXPECT_EQ(lookup.detail, "NXDOMAIN");
}

struct AnswerCase {
  const char* name;
  Script script;
  LookupStatus status;
  const char* detail;
};
void PrintTo(const AnswerCase& each, std::ostream* out) { *out << each.name; }

class LookupStatusOf : public ::testing::TestWithParam<AnswerCase> {};
TEST_P(LookupStatusOf, TellsFailuresApart) {
  const DnsServer server{GetParam().script};
  const auto patience = GetParam().status == LookupStatus::timed_out ? 400ms : no_end;
  const Lookup lookup = ask("orders.example", server, patience);
  EXPECT_STREQ(to_string(lookup.status), to_string(GetParam().status));
  EXPECT_THAT(lookup.detail, HasSubstr(GetParam().detail));
  EXPECT_EQ(lookup.server.empty(), lookup.status == LookupStatus::timed_out);
}
INSTANTIATE_TEST_SUITE_P(
    One, LookupStatusOf,
    ::testing::Values(
        AnswerCase{"Servfail", always(2), LookupStatus::server_failure, "SERVFAIL"},
        AnswerCase{"Refused", always(5), LookupStatus::refused, "REFUSED"},
        AnswerCase{"Nxdomain", always(3), LookupStatus::nx_domain, "NXDOMAIN"},
        AnswerCase{"NoData", always(0), LookupStatus::no_data, ""},
        AnswerCase{"Drop", silence(), LookupStatus::timed_out, "no answer in time"},
        AnswerCase{"WrongIdIsNoAnswer",
                   [](const Question& q) {
                     return Messages{Answer{q}.a(q.name, "10.6.6.6").id(static_cast<std::uint16_t>(q.id + 1)).bytes()};
                   },
                   LookupStatus::timed_out, "no answer in time"},
        AnswerCase{"GarbageIsNoAnswer", [](const Question&) { return Messages{Bytes(40, 0xEE)}; },
                   LookupStatus::timed_out, "no answer in time"},
        AnswerCase{"GarbageBehindTheQuestion",
                   [](const Question& q) {
                     Bytes bytes = Answer{q}.a(q.name, "10.0.0.1").bytes();
                     bytes.resize(bytes.size() - 3);
                     return Messages{bytes};
                   },
                   LookupStatus::malformed, "not a well-formed DNS message"},
        AnswerCase{
            "CnameLoop",
            [](const Question& q) { return Messages{Answer{q}.cname(q.name, "b.x").cname("b.x", q.name).bytes()}; },
            LookupStatus::malformed, "CNAME"},
        AnswerCase{"CnameToNowhere", [](const Question& q) { return Messages{Answer{q}.cname(q.name, "b.x").bytes()}; },
                   LookupStatus::no_data, ""}),
    [](const auto& each) { return std::string{each.param.name}; });

TEST(Lookup, TakesTheRightAnswerBehindAForgedOne) {
  const DnsServer server{[](const Question& q) {
    const auto other_id = static_cast<std::uint16_t>(q.id ^ 0x5555);
    return Messages{Answer{q}.a(q.name, "10.6.6.6").id(other_id).bytes(), both_families(q).front()};
  }};
  EXPECT_THAT(ask("orders.example", server).addresses, ElementsAre(address("10.20.2.4"), address("fd00::4")));
}

TEST(Lookup, RepeatsAQuestionWhoseAnswerWasLost) {
  std::atomic<int> seen = 0;
  const DnsServer server{[&](const Question& q) { return ++seen <= 2 ? Messages{} : both_families(q); }};
  const Lookup lookup = ask("orders.example", server, no_end);  // a long deadline does not make the repetition rare
  EXPECT_EQ(lookup.status, LookupStatus::answered);
  EXPECT_GE(server.questions(), 3);
}

Messages sixty_records_over_tcp(const Question& q) {
  if (!q.tcp) return {Answer{q}.truncated().bytes()};
  Answer answer{q};
  for (int i = 1; i <= 60 && q.asks_a(); ++i) answer.a(q.name, "10.0.0." + std::to_string(i));
  return {answer.bytes()};
}

TEST(Lookup, AsksAgainOverTcpWhenTruncated) {
  const DnsServer server{sixty_records_over_tcp};
  const Lookup lookup = ask("many.example", server);
  EXPECT_EQ(lookup.status, LookupStatus::answered) << lookup.detail;
  EXPECT_EQ(lookup.addresses.size(), 60U);
  EXPECT_EQ(server.tcp_questions(), 2);
}

TEST(Lookup, SaysThatTcp53IsClosedWhenTheAnswerIsTruncated) {
  const DnsServer server{sixty_records_over_tcp, "127.0.0.1", false};
  const Lookup lookup = ask("many.example", server, 5s);
  EXPECT_EQ(lookup.status, LookupStatus::unreachable);
  EXPECT_THAT(lookup.detail, HasSubstr("TCP"));
}

TEST(Lookup, AnAddressFoundIsFoundWhenTheOtherFamilyFails) {
  const DnsServer server{[](const Question& q) {
    return q.asks_a() ? both_families(q) : Messages{Answer{q, 2}.bytes()};
  }};
  const Lookup lookup = ask("orders.example", server);
  EXPECT_EQ(lookup.status, LookupStatus::answered);
  EXPECT_EQ(lookup.detail, "AAAA: SERVFAIL");
  EXPECT_EQ(lookup.ttl_seconds, 30);
}

TEST(Lookup, ASilentFamilyDoesNotHoldUpTheOtherForLong) {
  const DnsServer server{[](const Question& q) { return q.asks_a() ? both_families(q) : Messages{}; }};
  const Lookup lookup = ask("orders.example", server, no_end);
  EXPECT_EQ(lookup.status, LookupStatus::answered);
  EXPECT_EQ(lookup.detail, "AAAA: no answer in time");
}

TEST(Lookup, AFamilyWhoseFirstPacketWasLostIsStillFound) {
  std::atomic<int> seen = 0;
  const DnsServer server{
      [&](const Question& q) { return q.asks_aaaa() && ++seen == 1 ? Messages{} : both_families(q); }};
  EXPECT_EQ(ask("orders.example", server, 7s).addresses.size(), 2U);
}

TEST(Lookup, NoIpv4AndAFailureForIpv6IsAFailure) {
  const DnsServer server{[](const Question& q) { return Messages{Answer{q, q.asks_a() ? 0 : 2}.bytes()}; }};
  EXPECT_EQ(ask("orders.example", server).status, LookupStatus::server_failure);
}

TEST(Lookup, GoesOnToTheNextServerThatKnows) {
  const DnsServer broken{always(2)};
  const DnsServer good{both_families};
  const Lookup lookup = ask("orders.example", {broken.name(), good.name()});
  EXPECT_EQ(lookup.status, LookupStatus::answered);
  EXPECT_EQ(lookup.server, good.name());
  EXPECT_EQ(broken.questions(), 2);
}

TEST(Lookup, ADeadServerLeavesTimeForTheNext) {
  const DnsServer dead{silence()};
  const DnsServer good{both_families};
  const Lookup lookup = ask("orders.example", {dead.name(), good.name()}, 2s);
  EXPECT_EQ(lookup.status, LookupStatus::answered) << lookup.detail;
  EXPECT_EQ(lookup.server, good.name());
}

TEST(Lookup, SaysEveryRecordAndWhoDidNotKnow) {
  const DnsServer broken{always(2)};
  const DnsServer good{[](const Question& q) {
    Answer answer{q};
    answer.cname("orders.example", "orders.privatelink.example", 300);
    if (q.asks_a()) answer.a("orders.privatelink.example", "10.0.0.4", 10);
    return Messages{answer.bytes()};
  }};
  const Lookup lookup = ask("orders.example", {broken.name(), good.name()});
  EXPECT_THAT(lookup.records, ElementsAre(DnsRecord{"orders.example", "CNAME", "orders.privatelink.example", 300},
                                          DnsRecord{"orders.privatelink.example", "A", "10.0.0.4", 10}));
  EXPECT_THAT(lookup.lame, ElementsAre(LameServer{broken.name(), LookupStatus::server_failure, "SERVFAIL"}));
  EXPECT_FALSE(lookup.authenticated);
}

TEST(Lookup, AsksWhetherTheAnswerWasVerified) {
  const DnsServer server{[](const Question& q) {
    testing::Bytes answer = Answer{q}.a("orders.example", "10.0.0.4").bytes();
    answer[3] = static_cast<unsigned char>(answer[3] | (q.packet[3] & 0x20));  // AD, as it was asked for
    return Messages{answer};
  }};
  EXPECT_TRUE(ask("orders.example", server).authenticated);
}

TEST(Lookup, TriesTcpWhereUdpIsSilent) {
  const DnsServer server{[](const Question& q) {
    if (!q.tcp) return Messages{};
    return Messages{Answer{q}.a("orders.example", "10.0.0.4").bytes()};
  }};
  const Lookup lookup = ask("orders.example", server, 2s);
  EXPECT_EQ(lookup.status, LookupStatus::answered) << lookup.detail;
  EXPECT_TRUE(lookup.udp_silent);
  EXPECT_TRUE(lookup.over_tcp);
}

TEST(Lookup, NxdomainOfTheFirstServerIsFinal) {
  const DnsServer first{always(3)};
  const DnsServer second{both_families};
  EXPECT_EQ(ask("orders.example", {first.name(), second.name()}).status, LookupStatus::nx_domain);
  EXPECT_EQ(second.questions(), 0);
}

TEST(Lookup, NamesEveryServerThatFailed) {
  const DnsServer dead{silence()};
  const DnsServer refusing{always(5)};
  const Lookup lookup = ask("orders.example", {dead.name(), refusing.name(), "not-an-address"}, 1500ms);
  EXPECT_EQ(lookup.status, LookupStatus::refused);
  EXPECT_EQ(lookup.server, refusing.name());
  EXPECT_THAT(lookup.detail, HasSubstr(dead.name() + ": no answer in time"));
  EXPECT_THAT(lookup.detail, HasSubstr(refusing.name() + ": REFUSED"));
  EXPECT_THAT(lookup.detail, HasSubstr("not-an-address: is not the address of a name server"));
}

TEST(Lookup, AClosedPortIsUnreachableAtOnce) {
  std::string nobody;
  {
    const DnsServer gone{silence()};
    nobody = gone.name();
  }
  const Lookup lookup = ask("orders.example", {nobody}, no_end);
  EXPECT_EQ(lookup.status, LookupStatus::unreachable);
  EXPECT_EQ(lookup.server, "");
}

TEST(Lookup, AnAddressAnswersWithItself) {
  const Lookup lookup = ask("fd00::4", std::vector<std::string>{"127.0.0.1:1"});
  EXPECT_EQ(lookup.status, LookupStatus::answered);
  EXPECT_THAT(lookup.addresses, ElementsAre(address("fd00::4")));
  EXPECT_THAT(lookup.chain, ElementsAre("fd00::4"));
  EXPECT_EQ(lookup.server, "");
}

TEST(Lookup, AnImpossibleNameIsNotAsked) {
  const DnsServer server{both_families};
  const std::string long_label(64, 'x');
  std::string long_name;
  for (int i = 0; i < 60; ++i) long_name += "abcd.";
  for (const std::string& name :
       {std::string{}, std::string{"."}, std::string{"a..b"}, std::string{".a"}, long_label, long_name,
        std::string{"a b"}, std::string{"b\\195ro"}, std::string{"büro.example"}, std::string{"a\0b", 3}}) {
    const Lookup lookup = ask(name, server);
    EXPECT_EQ(lookup.status, LookupStatus::malformed) << name;
    EXPECT_THAT(lookup.detail, ::testing::Not(IsEmpty()));
  }
  EXPECT_EQ(server.questions(), 0);
}

TEST(Lookup, TheLongestNameIsAsked) {
  const DnsServer server{both_families};
  const std::string label(63, 'x');
  EXPECT_EQ(ask(label + '.' + label + '.' + label + '.' + std::string(61, 'y'), server).status, LookupStatus::answered);
}

TEST(Lookup, APassedDeadlineAsksNobody) {
  const DnsServer server{both_families};
  EXPECT_EQ(ask("orders.example", server, -1ms).status, LookupStatus::timed_out);
  EXPECT_EQ(server.questions(), 0);
}

TEST(Lookup, ADeadlineWhileWaitingClosesEverySocket) {
  const DnsServer server{silence()};
  ask("orders.example", server, 20ms);
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask("orders.example", server, 20ms).status, LookupStatus::timed_out);
  EXPECT_TRUE(comes_down_to(before)) << open_descriptors();
}

/// Asks a silent server and cancels while the answer is waited for; true when the coroutine ended.
bool cancel_a_lookup() {
  asio::io_context io;
  asio::cancellation_signal signal;
  const DnsServer server{[&](const Question&) {
    asio::post(io, [&] { signal.emit(asio::cancellation_type::terminal); });
    return Messages{};
  }};
  bool ended = false;
  asio::co_spawn(
      io, lookup("orders.example", {server.name()}, deadline_in(no_end)),
      asio::bind_cancellation_slot(signal.slot(), [&](const std::exception_ptr&, const Lookup&) { ended = true; }));
  io.run();
  return ended;
}

TEST(Lookup, CancellationEndsItAndClosesEverySocket) {
  const std::size_t before = open_descriptors();
  EXPECT_TRUE(cancel_a_lookup());
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Lookup, AnIoContextThatDiesWithAQuestionOpenClosesEverySocket) {
  std::size_t before = 0;
  std::atomic<int> asked = 0;
  const DnsServer server{[&](const Question&) { return ++asked, Messages{}; }};
  before = open_descriptors();
  {
    asio::io_context io;
    asio::co_spawn(io, lookup("orders.example", {server.name()}, deadline_in(60s)),
                   [](const std::exception_ptr&, const Lookup&) {});
    while (asked == 0) io.run_one_for(1s);
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Lookup, ManyAtOnceOnSeveralThreads) {
  const DnsServer server{both_families};
  asio::io_context io;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 50; ++i)
    asio::co_spawn(io, lookup("n" + std::to_string(i) + ".example", {server.name()}, deadline_in(10s)),
                   [&](const std::exception_ptr& error, const Lookup& lookup) {
                     if (!error && lookup.addresses.size() == 2) ++answered;
                   });
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { io.run(); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answered, 50);
}

TEST(NameServers, ComeFromTheFileInOrder) {
  const std::string path = ::testing::TempDir() + "pgpassage-resolv.conf";
  std::ofstream{path} << "search example\nnameserver 10.0.0.4\nnameserver fd00::4\noptions ndots:5\n";
  EXPECT_THAT(name_servers_in(path), ElementsAre("10.0.0.4", "fd00::4"));
  std::filesystem::remove(path);
}

TEST(NameServers, OfThisMachineAreThoseOfResolvConf) {
  EXPECT_EQ(system_name_servers(), name_servers_in("/etc/resolv.conf"));
}

}  // namespace
}  // namespace pgpassage::dns
