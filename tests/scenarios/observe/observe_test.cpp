#include "scenarios/observe/observe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <map>

#include "tests/dns/resolver/dns_server.hpp"
#include "tests/netcheck/probe/listener.hpp"
#include "tests/netcheck/probe/postgres_cluster.hpp"
#include "tests/netcheck/probe/run.hpp"
#include "tests/scenarios/observe/orders_topology.hpp"

namespace pgpassage::scenarios {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using netcheck::Observation;
using netcheck::Observed;
using testing::ClosedPort;
using testing::DnsServer;
using ::testing::ElementsAre;
using testing::flow_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Listener;
using testing::Messages;
using testing::orders_topology;
using testing::Question;

using Records = std::map<std::string, std::vector<std::string>>;

/// Answers A questions from a table, and NXDOMAIN for what is not in it.
testing::Script serving(Records records) {
  return [records = std::move(records)](const Question& q) {
    const auto found = records.find(q.name);
    testing::Answer answer{q, found == records.end() ? 3 : 0};
    if (found != records.end() && q.asks_a())
      for (const std::string& address : found->second) answer.a(q.name, address);
    return Messages{answer.bytes()};
  };
}

LiveResults live(const Topology& topology, const Assessment& assessment, const DnsServer& dns,
                 std::chrono::milliseconds patience = 5s, const Places& places = {{"vm-crossing"}, {}}) {
  return testing::run(observe(topology, assessment, places, deadline_in(patience), {dns.name()}));
}

Observation the_flow(const LiveResults& results, const std::string& id) {
  const auto found =
      std::find_if(results.flows.begin(), results.flows.end(), [&](const auto& each) { return each.id == id; });
  if (found == results.flows.end()) throw std::out_of_range{id};
  return found->observation;
}

void expect_observed(const Observation& observation, Observed expected) {
  EXPECT_STREQ(to_string(observation.observed), to_string(expected)) << observation.detail;
}

TEST(PlacesHere, AreTheMachinesOfTheUsersOwnWithAnAddressOfThisOne) {
  Topology topology = orders_topology();
  Server vm{.name = "vm-postgres", .kind = ServerKind::azure_vm};
  vm.ip_address = IpAddress::parse("127.0.0.1");
  Server managed = vm;
  managed.name = "managed";
  managed.kind = ServerKind::flexible_server;
  topology.servers.insert(topology.servers.end(), {vm, managed});
  Host elsewhere{.name = "vm-elsewhere"};
  elsewhere.ip_address = *IpAddress::parse("192.0.2.77");
  topology.hosts.push_back(elsewhere);
  EXPECT_THAT(places_here(topology).here, ElementsAre("vm-postgres", "vm-crossing"));
}

TEST(Observe, AHostsFlowIsEvidenceForTheRoleToo) {
  const Listener server{"N"};
  const DnsServer dns{serving({{"orders-target.example", {"127.0.0.1"}}})};
  Assessment assessment;
  assessment.flows = {flow_of("runtime->target", "orders-runtime", "orders-target", server.port(), "127.0.0.1"),
                      flow_of("host->target", "vm-crossing", "orders-target", server.port(), "127.0.0.1")};
  const LiveResults results = live(orders_topology(), assessment, dns);
  for (const char* id : {"runtime->target", "host->target"}) {
    const Observation seen = the_flow(results, id);
    expect_observed(seen, Observed::connected);
    EXPECT_EQ(seen.from, "vm-crossing, standing for orders-runtime");
    EXPECT_EQ(seen.port, server.port());
  }
  EXPECT_EQ(results.flows[0].from, "orders-runtime");
  EXPECT_EQ(dns.questions(), 2);  // A and AAAA, once for both flows
}

TEST(Observe, AFlowThatStartsElsewhereIsNotProbed) {
  const Listener server{"N"};
  const DnsServer dns{serving({{"orders-target.example", {"127.0.0.1"}}})};
  Assessment assessment;
  assessment.flows = {flow_of("runtime->target", "orders-runtime", "orders-target", server.port(), "127.0.0.1")};
  assessment.names = {{.name = "orders-target.example", .from = "orders-runtime"}};
  const LiveResults results = live(orders_topology(), assessment, dns, 5s, {});
  expect_observed(the_flow(results, "runtime->target"), Observed::not_probed);
  EXPECT_EQ(the_flow(results, "runtime->target").cure, "Run pgpassage on vm-crossing (127.0.0.1)");
  EXPECT_EQ(the_flow(results, "runtime->target").from, "");
  EXPECT_THAT(results.names, IsEmpty());
  EXPECT_EQ(dns.questions(), 0);
}

TEST(Observe, AWrongAddressIsProbedToo) {
  const ClosedPort closed;
  const DnsServer dns{serving({{"orders-target.example", {"127.0.0.1"}}})};
  Assessment assessment;
  assessment.flows = {flow_of("host->target", "vm-crossing", "orders-target", closed.port(), "10.20.2.4")};
  const Observation seen = the_flow(live(orders_topology(), assessment, dns), "host->target");
  expect_observed(seen, Observed::wrong_address);
  EXPECT_THAT(seen.detail, HasSubstr("resolves to 127.0.0.1 here, and to 10.20.2.4 in the file (zone link link-hub)"));
  EXPECT_THAT(seen.detail, HasSubstr("refused there"));
}

TEST(Observe, ANameThatIsNotThere) {
  const DnsServer dns{serving({})};
  Assessment assessment;
  assessment.flows = {flow_of("host->target", "vm-crossing", "orders-target", 5432, "10.20.2.4")};
  assessment.names = {{.name = "orders-target.example", .from = "vm-crossing", .stands_for = "orders-runtime"},
                      {.name = "orders-target.example", .from = "orders-runtime"}};
  const LiveResults results = live(orders_topology(), assessment, dns);
  const Observation seen = the_flow(results, "host->target");
  expect_observed(seen, Observed::name_not_found);
  EXPECT_THAT(seen.detail, HasSubstr("NXDOMAIN"));
  EXPECT_EQ(seen.from, "vm-crossing, standing for orders-runtime");
  ASSERT_EQ(results.names.size(), 2U);
  for (const LiveResults::Name& name : results.names) {
    EXPECT_EQ(name.lookup.status, dns::LookupStatus::nx_domain);
    EXPECT_THAT(name.lookup.detail, HasSubstr("asked from vm-crossing, standing for orders-runtime"));
  }
  EXPECT_EQ(results.names[1].from, "orders-runtime");
}

TEST(Observe, ASilentDnsServerIsToldFromNxdomainAndLeavesTime) {
  const DnsServer dns{[](const Question&) { return Messages{}; }};
  Assessment assessment;
  assessment.flows = {flow_of("host->target", "vm-crossing", "orders-target", 5432, "10.20.2.4")};
  const Observation seen = the_flow(live(orders_topology(), assessment, dns, 600ms), "host->target");
  expect_observed(seen, Observed::name_not_found);
  EXPECT_THAT(seen.detail, HasSubstr("timedOut (" + dns.name() + ": no answer in time)"));
}

TEST(Observe, TheFirstAddressThatConnectsEndsTheWaitForTheOthers) {
  const Listener silent{"", Listener::Then::wait, "127.0.0.2"};
  const Listener postgres{"N", Listener::Then::wait, "127.0.0.3", silent.port()};
  const DnsServer dns{serving({{"orders-target.example", {"127.0.0.2", "127.0.0.3"}}})};
  Assessment assessment;
  assessment.flows = {flow_of("host->target", "vm-crossing", "orders-target", silent.port(), "127.0.0.2")};
  // Waiting for the silent one would end by ctest's own time limit: the deadline is beyond it.
  const Observation seen = the_flow(live(orders_topology(), assessment, dns, 24h), "host->target");
  expect_observed(seen, Observed::connected);
  EXPECT_EQ(seen.address, IpAddress::parse("127.0.0.3"));
}

TEST(Observe, TheFirstFailureIsReportedWithTheOthers) {
  const Listener ssh{"SSH-2.0-x\r\n", Listener::Then::wait, "127.0.0.2"};
  const DnsServer dns{serving({{"orders-target.example", {"127.0.0.3", "127.0.0.2"}}})};
  Assessment assessment;
  assessment.flows = {flow_of("host->target", "vm-crossing", "orders-target", ssh.port(), "127.0.0.2")};
  const Observation seen = the_flow(live(orders_topology(), assessment, dns), "host->target");
  expect_observed(seen, Observed::refused);
  EXPECT_THAT(seen.detail, HasSubstr("127.0.0.2: notPostgres"));
}

TEST(Observe, ADnsAnswerDoesNotMakeAPortScanner) {
  std::vector<std::string> many;
  for (int i = 1; i <= 30; ++i) many.push_back("127.0.1." + std::to_string(i));
  const ClosedPort closed;
  const DnsServer dns{serving({{"orders-target.example", many}})};
  Assessment assessment;
  assessment.flows = {flow_of("host->target", "vm-crossing", "orders-target", closed.port(), "")};
  const Observation seen = the_flow(live(orders_topology(), assessment, dns), "host->target");
  expect_observed(seen, Observed::refused);
  EXPECT_THAT(seen.detail, HasSubstr("127.0.1.16: refused"));
  EXPECT_THAT(seen.detail, ::testing::Not(HasSubstr("127.0.1.17")));
}

TEST(Observe, AServerWithoutNameUsesItsAddressAndOneWithNeitherSaysSo) {
  const Listener server{"N"};
  const DnsServer dns{serving({})};
  Topology topology = orders_topology();
  topology.servers[0].fqdn.clear();
  topology.servers[0].ip_address = IpAddress::parse("127.0.0.1");
  topology.servers[1].fqdn.clear();
  Assessment assessment;
  assessment.flows = {flow_of("host->source", "vm-crossing", "orders-source", server.port(), "127.0.0.1"),
                      flow_of("host->target", "vm-crossing", "orders-target", server.port(), "")};
  const LiveResults results = live(topology, assessment, dns);
  expect_observed(the_flow(results, "host->source"), Observed::connected);
  expect_observed(the_flow(results, "host->target"), Observed::not_probed);
  EXPECT_THAT(the_flow(results, "host->target").detail, HasSubstr("neither fqdn, customHost nor ipAddress"));
  EXPECT_EQ(dns.questions(), 0);
}

TEST(Observe, APassedDeadlineIsNotProbed) {
  const DnsServer dns{serving({{"orders-target.example", {"127.0.0.1"}}})};
  Assessment assessment;
  assessment.flows = {flow_of("host->target", "vm-crossing", "orders-target", 5432, "127.0.0.1")};
  assessment.names = {{.name = "orders-target.example", .from = "vm-crossing"}};
  const LiveResults results = live(orders_topology(), assessment, dns, -1ms);
  expect_observed(the_flow(results, "host->target"), Observed::not_probed);
  EXPECT_EQ(the_flow(results, "host->target").cure, "Raise --time-limit");
  EXPECT_THAT(results.names, IsEmpty());
}

TEST(Observe, NothingToAskIsNothing) {
  const DnsServer dns{serving({})};
  const LiveResults results = live(orders_topology(), {}, dns);
  EXPECT_THAT(results.flows, IsEmpty());
  EXPECT_THAT(results.names, IsEmpty());
}

Assessment two_hundred_names() {
  Assessment assessment;
  for (int i = 0; i < 200; ++i)
    assessment.names.push_back({.name = "n" + std::to_string(i) + ".example", .from = "vm-crossing"});
  return assessment;
}

long open_descriptors() { return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {}); }

TEST(Observe, NoMoreQuestionsAreUnderWayThanFilesMayBeOpen) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit few{.rlim_cur = 256, .rlim_max = limit.rlim_max};  // a quarter of them for names
  setrlimit(RLIMIT_NOFILE, &few);
  std::atomic<long> most = 0;
  const long before = open_descriptors();
  const DnsServer dns{[&](const Question& q) {
    most = std::max<long>(most, open_descriptors());
    return Messages{testing::Answer{q, 3}.bytes()};
  }};
  EXPECT_EQ(live(orders_topology(), two_hundred_names(), dns, 30s).names.size(), 200U);
  // Each question has a socket or two. All 200 names at once would be 200 and more; one after the other, a handful.
  EXPECT_GT(most, before + 20);
  EXPECT_LT(most, before + 190);
  EXPECT_EQ(dns.questions(), 400);
  setrlimit(RLIMIT_NOFILE, &limit);
}

TEST(Observe, CancellationEndsItAll) {
  const DnsServer dns{[](const Question&) { return Messages{}; }};
  const Topology topology = orders_topology();
  const Assessment assessment = two_hundred_names();
  asio::io_context io;
  asio::cancellation_signal signal;
  asio::steady_timer later{io, 50ms};
  bool ended = false;
  asio::co_spawn(io, observe(topology, assessment, Places{{"vm-crossing"}, {}}, deadline_in(24h), {dns.name()}),
                 asio::bind_cancellation_slot(signal.slot(),
                                              [&](const std::exception_ptr&, const LiveResults&) { ended = true; }));
  later.async_wait([&](auto) { signal.emit(asio::cancellation_type::terminal); });
  io.run();
  EXPECT_TRUE(ended);
}

TEST(Observe, ARealPostgresIsConnected) {
  if (const auto missing = testing::PostgresCluster::missing()) GTEST_SKIP() << *missing;
  const testing::PostgresCluster cluster{true};
  const DnsServer dns{serving({{"orders-target.example", {"127.0.0.1"}}})};
  Assessment assessment;
  assessment.flows = {flow_of("host->target", "vm-crossing", "orders-target", cluster.port(), "127.0.0.1")};
  const Observation seen = the_flow(live(orders_topology(), assessment, dns), "host->target");
  expect_observed(seen, Observed::connected);
  EXPECT_TRUE(seen.tls_offered);
}

}  // namespace
}  // namespace pgpassage::scenarios
