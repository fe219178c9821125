#include "scenarios/observe/places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/observe/orders_topology.hpp"

namespace pgpassage::scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

IpAddress address(const char* text) { return *IpAddress::parse(text); }

/// vm-crossing is 10.20.2.4 in snet-tools, 10.20.2.0/24; orders-source is 192.168.4.20 in the datacenter.
Topology topology() {
  Topology topology = testing::orders_topology();
  topology.hosts[0].ip_address = address("10.20.2.4");
  VirtualNetwork hub{.name = "vnet-hub"};
  Subnet tools{.name = "snet-tools"};
  tools.prefixes = {*Cidr::parse("10.20.2.0/24")};
  hub.subnets = {tools};
  topology.virtual_networks = {hub};
  Site datacenter{.name = "datacenter"};
  datacenter.address_prefixes = {*Cidr::parse("192.168.0.0/16")};
  datacenter.dns_servers = std::vector{address("192.168.0.53")};
  topology.sites = {datacenter};
  return topology;
}

Machine machine(const char* network, int length, const char* gateway = nullptr) {
  LocalAddress local{.address = address(network), .network = Cidr{address(network), length}, .interface = "eth0"};
  if (gateway != nullptr) local.gateway = address(gateway);
  return {{local}, {}};
}

TEST(PlacesOf, TheSubnetsOwnNetworkAndAzuresGatewaySayThatItIsHere) {
  const Places places = places_of(topology(), machine("10.20.2.4", 24, "10.20.2.1"));
  EXPECT_THAT(places.here, ElementsAre("vm-crossing"));
  EXPECT_EQ(places.evidence.at("vm-crossing"),
            "this machine has 10.20.2.4 on eth0 in 10.20.2.0/24, which is snet-tools, behind Azure's gateway");
}

TEST(PlacesOf, TheSameAddressInAnotherNetworkIsAnotherPlace) {
  const Places places = places_of(topology(), machine("10.20.2.4", 16));
  EXPECT_THAT(places.here, IsEmpty());
  EXPECT_THAT(places.evidence.at("vm-crossing"), HasSubstr("the network of eth0 is 10.20.0.0/16"));
}

TEST(PlacesOf, AGatewayThatIsNotAzuresIsAnotherPlace) {
  const Places places = places_of(topology(), machine("10.20.2.4", 24, "10.20.2.254"));
  EXPECT_THAT(places.here, IsEmpty());
  EXPECT_THAT(places.evidence.at("vm-crossing"), HasSubstr("Azure's in snet-tools would be 10.20.2.1"));
}

TEST(PlacesOf, AGatewayOutsideTheSubnetSaysNothing) {
  EXPECT_THAT(places_of(topology(), machine("10.20.2.4", 24, "169.254.1.1")).here, ElementsAre("vm-crossing"));
}

TEST(PlacesOf, AnAddressWithoutANetworkIsHereAndSaysThatNothingElseTells) {
  const Places places = places_of(topology(), machine("10.20.2.4", 32));
  EXPECT_THAT(places.here, ElementsAre("vm-crossing"));
  EXPECT_THAT(places.evidence.at("vm-crossing"),
              HasSubstr("nothing else tells it from another machine of that address"));
}

TEST(PlacesOf, TheDnsServerOfTheNetworkIsEvidence) {
  Machine azure = machine("10.20.2.4", 32);
  azure.name_servers = {address("127.0.0.53"), address("168.63.129.16")};
  EXPECT_EQ(places_of(topology(), azure).evidence.at("vm-crossing"),
            "this machine has 10.20.2.4 on eth0 and asks 168.63.129.16 for names as vnet-hub does");
  Machine datacenter = machine("192.168.4.20", 24);
  datacenter.name_servers = {address("192.168.0.53")};
  const Places places = places_of(topology(), datacenter);
  EXPECT_THAT(places.here, ElementsAre("orders-source"));
  EXPECT_THAT(places.evidence.at("orders-source"), HasSubstr("asks 192.168.0.53 for names as datacenter does"));
}

TEST(PlacesOf, OneOfTwoInterfacesIsEnough) {
  Machine two = machine("10.20.2.4", 16);
  two.addresses.push_back(machine("10.20.2.4", 24).addresses.front());
  EXPECT_THAT(places_of(topology(), two).here, ElementsAre("vm-crossing"));
}

TEST(DefaultGateways, AreReadAsTheKernelWritesThem) {
  const auto gateways = default_gateways(
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
      "eth0\t00000000\t0102140A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
      "eth0\t0002140A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
      "wg0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n"
      "broken");
  ASSERT_EQ(gateways.size(), 1U);
  EXPECT_EQ(gateways.at("eth0"), address("10.20.2.1"));
}

}  // namespace
}  // namespace pgpassage::scenarios
