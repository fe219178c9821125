#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dns/resolver/resolver.hpp"
#include "tests/dns/resolver/named.hpp"
#include "tests/netcheck/probe/run.hpp"

namespace pgpassage::dns {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::Named;

std::string zone() {
  std::string records =
      "orders CNAME orders.privatelink\norders.privatelink A 10.20.2.4\norders.privatelink AAAA fd00::4\n"
      "lost CNAME lost.privatelink\nnote TXT \"no address\"\n";
  for (int i = 1; i <= 60; ++i) records += "many A 10.0.0." + std::to_string(i) + "\n";
  return records;
}

/// bind9 compresses names, truncates and refuses in its own way; the scripted server only does what we thought of.
TEST(LookupFromBind9, ReadsEveryKindOfAnswer) {
  if (const auto missing = Named::missing()) GTEST_SKIP() << *missing;
  const Named server{"postgres.example", zone()};
  const auto ask = [&](const char* name) { return testing::run(lookup(name, {server.name()}, deadline_in(10s))); };
  const Lookup orders = ask("orders.postgres.example");
  EXPECT_EQ(orders.status, LookupStatus::answered) << orders.detail;
  EXPECT_THAT(orders.chain, ElementsAre("orders.postgres.example", "orders.privatelink.postgres.example"));
  EXPECT_THAT(orders.addresses, ElementsAre(*IpAddress::parse("10.20.2.4"), *IpAddress::parse("fd00::4")));
  EXPECT_EQ(orders.ttl_seconds, 60);
  const Lookup lost = ask("lost.postgres.example");
  EXPECT_EQ(lost.status, LookupStatus::nx_domain) << lost.detail;
  EXPECT_THAT(lost.chain, ElementsAre("lost.postgres.example", "lost.privatelink.postgres.example"));
  EXPECT_EQ(ask("many.postgres.example").addresses.size(), 60U);
  EXPECT_EQ(ask("note.postgres.example").status, LookupStatus::no_data);
  EXPECT_EQ(ask("elsewhere.example").status, LookupStatus::refused);
}

}  // namespace
}  // namespace pgpassage::dns
