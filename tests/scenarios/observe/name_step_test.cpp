#include "scenarios/observe/name_step.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/observe/orders_topology.hpp"

namespace pgpassage::scenarios {
namespace {

using namespace std::chrono_literals;
using dns::Lookup;
using dns::LookupStatus;
using netcheck::ProbeStep;
using netcheck::StepOutcome;
using ::testing::HasSubstr;

IpAddress address(const char* text) { return *IpAddress::parse(text); }

dns::Answer predicted(const char* text) {
  dns::Answer answer{.kind = dns::AnswerKind::addresses};
  answer.addresses = {address(text)};
  answer.by = "zone link link-hub";
  return answer;
}

Lookup answered(const char* text) {
  Lookup lookup{.name = "orders.example", .status = LookupStatus::answered, .server = "168.63.129.16"};
  lookup.addresses = {address(text)};
  lookup.records = {{"orders.example", "CNAME", "orders.privatelink.example", 300},
                    {"orders.privatelink.example", "A", text, 10}};
  return lookup;
}

ProbeStep step(const char* due, const Lookup& lookup) {
  return name_step(testing::orders_topology(), predicted(due), lookup);
}

TEST(NameStep, SaysEveryRecordAndWhoAnswered) {
  Lookup lookup = answered("10.20.2.4");
  lookup.authenticated = true;
  const ProbeStep seen = step("10.20.2.4", lookup);
  EXPECT_EQ(seen.outcome, StepOutcome::passed);
  EXPECT_EQ(seen.cause, "");
  EXPECT_EQ(
      seen.evidence,
      "orders.example CNAME orders.privatelink.example (TTL 300), orders.privatelink.example A 10.20.2.4 (TTL 10), "
      "by 168.63.129.16, verified by DNSSEC (AD)");
}

TEST(NameStep, TellsWrongAddressesApart) {
  EXPECT_EQ(step("10.20.2.4", answered("20.30.40.50")).cause, "public-address");
  EXPECT_EQ(step("10.20.2.4", answered("192.168.4.20")).cause, "other-endpoint");
  EXPECT_THAT(step("10.20.2.4", answered("192.168.4.20")).evidence, HasSubstr("the address of orders-source"));
  EXPECT_EQ(step("10.20.2.4", answered("10.20.2.9")).cause, "stale-record");
  EXPECT_EQ(step("20.30.40.50", answered("20.30.40.51")).cause, "wrong-address");
}

TEST(NameStep, TellsWhatIsSlowFromWhatFails) {
  Lookup slow = answered("10.20.2.4");
  slow.elapsed = 1s;
  EXPECT_EQ(step("10.20.2.4", slow).outcome, StepOutcome::poor);
  EXPECT_EQ(step("10.20.2.4", slow).cause, "slow-dns");
  slow.lame = {{"10.0.0.10", LookupStatus::server_failure, "SERVFAIL"}};
  EXPECT_EQ(step("10.20.2.4", slow).cause, "lame-server");
  slow.udp_silent = true;
  EXPECT_EQ(step("10.20.2.4", slow).cause, "dns-udp-blocked");
}

struct StatusCase {
  LookupStatus status;
  const char* cause;
};
class NameStepOf : public ::testing::TestWithParam<StatusCase> {};
TEST_P(NameStepOf, FailsWithItsCause) {
  const ProbeStep seen = step("10.20.2.4", {.name = "orders.example", .status = GetParam().status});
  EXPECT_EQ(seen.outcome, StepOutcome::failed);
  EXPECT_EQ(seen.cause, GetParam().cause);
}
INSTANTIATE_TEST_SUITE_P(Status, NameStepOf,
                         ::testing::Values(StatusCase{LookupStatus::nx_domain, "name-not-found"},
                                           StatusCase{LookupStatus::no_data, "no-address"},
                                           StatusCase{LookupStatus::server_failure, "dns-server-failure"},
                                           StatusCase{LookupStatus::refused, "dns-refused"},
                                           StatusCase{LookupStatus::timed_out, "dns-timeout"},
                                           StatusCase{LookupStatus::unreachable, "dns-unreachable"},
                                           StatusCase{LookupStatus::malformed, "dns-malformed"}),
                         [](const auto& each) {
                           std::string name = each.param.cause;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace pgpassage::scenarios
