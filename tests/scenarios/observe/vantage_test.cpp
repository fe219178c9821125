#include "scenarios/observe/vantage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/observe/orders_topology.hpp"

namespace pgpassage::scenarios {
namespace {

using ::testing::HasSubstr;
using testing::orders_topology;

TEST(VantageOf, APlaceSpeaksForItself) {
  EXPECT_EQ(vantage_of(orders_topology(), {"orders-source", ""}, {"orders-source"}), "orders-source");
}

TEST(VantageOf, AHostSaysInWhoseRoleItCrosses) {
  EXPECT_EQ(vantage_of(orders_topology(), {"vm-crossing", "orders-runtime"}, {"vm-crossing"}),
            "vm-crossing, standing for orders-runtime");
}

TEST(VantageOf, AHostOfTheSameNetworkSpeaksForTheRole) {
  EXPECT_EQ(vantage_of(orders_topology(), {"orders-runtime", ""}, {"vm-crossing"}),
            "vm-crossing, standing for orders-runtime");
}

TEST(VantageOf, AHostOfAnotherNetworkDoesNot) {
  Topology topology = orders_topology();
  topology.hosts[0].virtual_network = "vnet-other";
  EXPECT_FALSE(vantage_of(topology, {"orders-runtime", ""}, {"vm-crossing"}));
  EXPECT_THAT(why_not_probed(topology, {"orders-runtime", ""}, {"vm-crossing"}), HasSubstr("lies in another network"));
}

TEST(VantageOf, AHostOfTheSameSiteSpeaksForTheRole) {
  Topology topology = orders_topology();
  topology.hosts[0].virtual_network.clear();
  topology.hosts[0].site = "datacenter";
  topology.hosts[0].stands_for = "orders-source";
  EXPECT_TRUE(vantage_of(topology, {"orders-source", ""}, {"vm-crossing"}));
}

TEST(VantageOf, AServerWithoutANetworkHasNoNeighbours) {
  Topology topology = orders_topology();
  topology.servers[2].virtual_network.clear();
  topology.hosts[0].virtual_network.clear();
  EXPECT_FALSE(vantage_of(topology, {"orders-runtime", ""}, {"vm-crossing"}));
}

TEST(WhyNotProbed, NamesTheHostThatStandsForAManagedServer) {
  EXPECT_EQ(why_not_probed(orders_topology(), {"orders-runtime", ""}, {}),
            "The flow starts at orders-runtime, a flexibleServer, on which nothing of yours can run. Run pgpassage on "
            "vm-crossing (127.0.0.1), which stands for it");
}

TEST(WhyNotProbed, AsksForAHostWhenThereIsNone) {
  Topology topology = orders_topology();
  topology.hosts.clear();
  EXPECT_THAT(why_not_probed(topology, {"orders-runtime", ""}, {}), HasSubstr("hosts: with standsFor: orders-runtime"));
}

TEST(WhyNotProbed, SendsTheUserToAMachineOfHisOwn) {
  EXPECT_THAT(why_not_probed(orders_topology(), {"orders-source", ""}, {}),
              HasSubstr("Run pgpassage on orders-source (192.168.4.20)"));
  EXPECT_THAT(why_not_probed(orders_topology(), {"vm-crossing", "orders-runtime"}, {}),
              HasSubstr("Run pgpassage on vm-crossing (127.0.0.1)"));
}

}  // namespace
}  // namespace pgpassage::scenarios
