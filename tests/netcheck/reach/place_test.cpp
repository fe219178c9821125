#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

struct NodeCase {
  const char* name;
  const char* node;
  Place::Kind kind;
  const char* called;
  const char* where;  ///< "vnet/subnet" or the site
};

class PlaceOf : public testing::TestWithParam<NodeCase> {};

TEST_P(PlaceOf, FindsTheNode) {
  const auto place = place_of(contoso(), GetParam().node);
  ASSERT_TRUE(place) << place.error().message;
  EXPECT_EQ(place->kind, GetParam().kind);
  EXPECT_EQ(place->node, GetParam().called);
  EXPECT_EQ(place->site.empty() ? place->virtual_network + "/" + place->subnet : place->site, GetParam().where);
}

using enum Place::Kind;

INSTANTIATE_TEST_SUITE_P(
    Nodes, PlaceOf,
    testing::Values(
        NodeCase{"Server", "vm-orders", in_virtual_network, "vm-orders", "vnet-spoke/snet-vm"},
        NodeCase{"ServerAtASite", "orders-source", at_site, "orders-source", "datacenter"},
        NodeCase{"ServerBehindAnEndpoint", "orders-target", in_virtual_network, "orders-target",
                 "vnet-target/snet-endpoints"},
        NodeCase{"Runtime", "runtime", in_virtual_network, "orders-runtime", "vnet-hub/snet-runtime"},
        NodeCase{"Source", "source", at_site, "orders-source", "datacenter"},
        NodeCase{"Target", "target", in_virtual_network, "orders-target", "vnet-target/snet-endpoints"},
        NodeCase{"Subnet", "vnet-hub/snet-fw", in_virtual_network, "vnet-hub/snet-fw", "vnet-hub/snet-fw"},
        NodeCase{"Site", "datacenter", at_site, "datacenter", "datacenter"},
        NodeCase{"AddressOfAServer", "10.30.1.4", in_virtual_network, "vm-orders", "vnet-spoke/snet-vm"},
        NodeCase{"AddressOfAnEndpoint", "10.20.2.4", in_virtual_network, "10.20.2.4", "vnet-target/snet-endpoints"},
        NodeCase{"AddressInASubnet", "10.10.1.77", in_virtual_network, "10.10.1.77", "vnet-hub/snet-runtime"},
        NodeCase{"AddressAtASite", "192.168.7.7", at_site, "192.168.7.7", "datacenter"},
        NodeCase{"PublicAddress", "20.1.2.3", internet, "20.1.2.3", "/"},
        NodeCase{"Internet", "Internet", internet, "Internet", "/"}),
    [](const auto& test) { return std::string{test.param.name}; });

struct WrongNodeCase {
  const char* name;
  const char* node;
  const char* message;
};

class WrongNode : public testing::TestWithParam<WrongNodeCase> {};

TEST_P(WrongNode, SaysWhatWasMeant) {
  const auto place = place_of(contoso(), GetParam().node);
  ASSERT_FALSE(place);
  EXPECT_EQ(place.error().code, Errc::input);
  EXPECT_NE(place.error().message.find(GetParam().message), std::string::npos) << place.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Nodes, WrongNode,
    testing::Values(WrongNodeCase{"Misspelt", "orders-sorce", "did you mean orders-source"},
                    WrongNodeCase{"NetworkAlone", "vnet-hub", "vnet-hub/snet-runtime, vnet-hub/snet-fw"},
                    WrongNodeCase{"UnknownSubnet", "vnet-hub/snet-runtim", "did you mean vnet-hub/snet-runtime"},
                    WrongNodeCase{"NothingLike", "zzzzzzzzzzzz", "a node is a server"},
                    WrongNodeCase{"PrivateNowhere", "172.31.0.1", "lies in no subnet and no site"},
                    WrongNodeCase{"BetweenSubnets", "10.10.77.1", "in none of its subnets"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(PlaceOf, RolesNeedAMigration) {
  Topology topology = contoso();
  topology.migration->runtime_server.clear();
  EXPECT_FALSE(place_of(topology, "runtime"));
  topology.migration.reset();
  EXPECT_FALSE(place_of(topology, "source"));
}

TEST(PlaceOf, AServerWithoutAPlaceLeavesTheFlowOpen) {
  Topology topology = contoso();
  topology.servers[0].site.clear();
  topology.servers[0].ip_address.reset();
  const Trace trace = flow(topology, "runtime", "source");
  EXPECT_EQ(trace.predicted, Predicted::unknown);
  EXPECT_EQ(causes(trace), std::vector<std::string>{cause::place_not_described});
}

TEST(PlaceOf, PublicAzureServersAreSeenFromTheirOwnAddress) {
  Topology topology;
  topology.servers = {server("t", ServerKind::flexible_server, ServerAccess::public_access),
                      server("s", ServerKind::on_premises, ServerAccess::public_access)};
  for (Server& each : topology.servers) each.public_ip_address = ip("20.50.0.7");
  EXPECT_EQ(place_of(topology, "t")->egress_ip_addresses, std::vector<IpAddress>{ip("20.50.0.7")});
  EXPECT_TRUE(place_of(topology, "s")->egress_ip_addresses.empty());
}

}  // namespace
}  // namespace pgpassage::netcheck::test
