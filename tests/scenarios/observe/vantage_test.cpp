#include "scenarios/observe/vantage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/observe/orders_topology.hpp"

namespace pgpassage::scenarios {
namespace {

using ::testing::HasSubstr;
using testing::orders_topology;

TEST(VantageOf, APlaceSpeaksForItself) {
  EXPECT_EQ(vantage_of(orders_topology(), {"orders-source", ""}, {{"orders-source"}, {}}), "orders-source");
}

TEST(VantageOf, AHostSaysInWhoseRoleItCrosses) {
  EXPECT_EQ(vantage_of(orders_topology(), {"vm-crossing", "orders-runtime"}, {{"vm-crossing"}, {}}),
            "vm-crossing, standing for orders-runtime");
}

TEST(VantageOf, AHostOfTheSameNetworkSpeaksForTheRole) {
  EXPECT_EQ(vantage_of(orders_topology(), {"orders-runtime", ""}, {{"vm-crossing"}, {}}),
            "vm-crossing, standing for orders-runtime");
}

TEST(VantageOf, AHostOfAnotherNetworkDoesNot) {
  Topology topology = orders_topology();
  topology.hosts[0].virtual_network = "vnet-other";
  EXPECT_FALSE(vantage_of(topology, {"orders-runtime", ""}, {{"vm-crossing"}, {}}));
  EXPECT_THAT(why_not_probed(topology, {"orders-runtime", ""}, {{"vm-crossing"}, {}}).reason,
              HasSubstr("lies in another network"));
}

TEST(VantageOf, AHostOfTheSameSiteSpeaksForTheRole) {
  Topology topology = orders_topology();
  topology.hosts[0].virtual_network.clear();
  topology.hosts[0].site = "datacenter";
  topology.hosts[0].stands_for = "orders-source";
  EXPECT_TRUE(vantage_of(topology, {"orders-source", ""}, {{"vm-crossing"}, {}}));
}

TEST(VantageOf, AServerWithoutANetworkHasNoNeighbours) {
  Topology topology = orders_topology();
  topology.servers[2].virtual_network.clear();
  topology.hosts[0].virtual_network.clear();
  EXPECT_FALSE(vantage_of(topology, {"orders-runtime", ""}, {{"vm-crossing"}, {}}));
}

TEST(WhyNotProbed, NamesTheHostThatStandsForAManagedServer) {
  const NotProbed why = why_not_probed(orders_topology(), {"orders-runtime", ""}, {});
  EXPECT_EQ(why.reason,
            "it starts at orders-runtime, a flexibleServer, on which nothing of yours can run, and this machine is not "
            "vm-crossing, which stands for it");
  EXPECT_EQ(why.cure, "Run pgpassage on vm-crossing (127.0.0.1)");
}

TEST(WhyNotProbed, SaysWhyTheSameAddressIsNotEnough) {
  const Places doubtful{{}, {{"vm-crossing", "this machine has 127.0.0.1 on eth0, but it is another network"}}};
  EXPECT_THAT(why_not_probed(orders_topology(), {"vm-crossing", "orders-runtime"}, doubtful).reason,
              HasSubstr("this machine is not there: this machine has 127.0.0.1 on eth0, but"));
  EXPECT_THAT(why_not_probed(orders_topology(), {"orders-runtime", ""}, doubtful).reason, HasSubstr("on eth0, but"));
}

TEST(WhyNotProbed, AsksForAHostWhenThereIsNone) {
  Topology topology = orders_topology();
  topology.hosts.clear();
  EXPECT_THAT(why_not_probed(topology, {"orders-runtime", ""}, {}).cure,
              HasSubstr("hosts: with standsFor: orders-runtime"));
}

TEST(WhyNotProbed, SendsTheUserToAMachineOfHisOwn) {
  EXPECT_THAT(why_not_probed(orders_topology(), {"orders-source", ""}, {}).cure,
              HasSubstr("Run pgpassage on orders-source (192.168.4.20)"));
  EXPECT_THAT(why_not_probed(orders_topology(), {"vm-crossing", "orders-runtime"}, {}).cure,
              HasSubstr("Run pgpassage on vm-crossing (127.0.0.1)"));
}

}  // namespace
}  // namespace pgpassage::scenarios
