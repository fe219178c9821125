#include "netcheck/reach/routes.hpp"

#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

constexpr auto appliance = NextHopType::virtual_appliance;
constexpr auto internet = NextHopType::internet;
constexpr auto none = NextHopType::none;

/// Where packets from snet-runtime go with the given user routes.
struct RouteCase {
  const char* name;
  std::vector<Route> routes;
  const char* destination;
  NextHop next_hop;
  const char* by;
  void (*change)(Topology&) = nullptr;
};

class RouteChosen : public testing::TestWithParam<RouteCase> {};

TEST_P(RouteChosen, ByLengthThenOrigin) {
  Topology topology = contoso();
  if (GetParam().change != nullptr) GetParam().change(topology);
  add_routes(topology, runtime_subnet(topology), "rt", GetParam().routes);
  const SubnetState state = state_of(topology, hub(topology), &runtime_subnet(topology));
  const RouteChoice choice = choose(state, span_of(ip(GetParam().destination)));
  ASSERT_NE(choice.route, nullptr);
  EXPECT_EQ(choice.route->next_hop, GetParam().next_hop);
  EXPECT_EQ(choice.route->by(), GetParam().by);
  EXPECT_EQ(choice.missing, "");
}

const auto name_of_case = [](const auto& test) { return std::string{test.param.name}; };
void endpoint_policies_on(Topology& net) {
  target_network(net).subnets[0].private_endpoint_network_policies =
      PrivateEndpointNetworkPolicies::route_table_enabled;
}
void site_announces(Topology& net, const char* prefix) { net.sites[0].address_prefixes.push_back(cidr(prefix)); }

INSTANTIATE_TEST_SUITE_P(
    System, RouteChosen,
    testing::Values(RouteCase{"OwnNetwork", {}, "10.10.9.4", NextHop::virtual_network, "system route 10.10.0.0/16"},
                    RouteCase{"Peer", {}, "10.30.1.4", NextHop::peering, "system route 10.30.0.0/16"},
                    RouteCase{"Site", {}, "192.168.4.20", NextHop::gateway, "gateway route 192.168.0.0/16"},
                    RouteCase{"Endpoint", {}, "10.20.2.4", NextHop::endpoint, "endpoint route 10.20.2.4/32"},
                    RouteCase{"Public", {}, "20.1.2.3", NextHop::internet, "system route 0.0.0.0/0"},
                    RouteCase{"OtherPrivateIsDropped", {}, "10.99.0.1", NextHop::none, "system route 10.0.0.0/8"},
                    RouteCase{"CarrierGradeIsDropped", {}, "100.64.0.1", NextHop::none, "system route 100.64.0.0/10"}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(
    Ties, RouteChosen,
    testing::Values(
        RouteCase{"UserBeatsPeeringOfTheSameLength",
                  {route("u", "10.30.0.0/16", appliance, "10.10.9.4")},
                  "10.30.1.4",
                  NextHop::appliance,
                  "rt/u"},
        RouteCase{"UserBeatsOwnNetwork", {route("u", "10.10.0.0/16", none)}, "10.10.9.4", NextHop::none, "rt/u"},
        RouteCase{"UserBeatsGateway", {route("u", "192.168.0.0/16", none)}, "192.168.4.20", NextHop::none, "rt/u"},
        RouteCase{"LongerPeeringBeatsUser",
                  {route("u", "10.0.0.0/8", none)},
                  "10.30.1.4",
                  NextHop::peering,
                  "system route 10.30.0.0/16"},
        RouteCase{"LongerUserBeatsPeering", {route("u", "10.30.1.0/24", none)}, "10.30.1.4", NextHop::none, "rt/u"},
        RouteCase{"PeeringBeatsLongerGatewayRoute",
                  {},
                  "10.30.1.4",
                  NextHop::peering,
                  "system route 10.30.0.0/16",
                  [](Topology& net) { site_announces(net, "10.30.1.0/24"); }},
        RouteCase{"GatewayBeatsTheDroppedRange",
                  {},
                  "10.99.0.1",
                  NextHop::gateway,
                  "gateway route 10.0.0.0/8",
                  [](Topology& net) { site_announces(net, "10.0.0.0/8"); }},
        RouteCase{"UserDefaultReplacesTheDroppedRanges",
                  {route("u", "0.0.0.0/0", appliance, "10.10.9.4")},
                  "10.99.0.1",
                  NextHop::appliance,
                  "rt/u"},
        RouteCase{"UserDefaultLeavesTheSiteAlone",
                  {route("u", "0.0.0.0/0", appliance, "10.10.9.4")},
                  "192.168.4.20",
                  NextHop::gateway,
                  "gateway route 192.168.0.0/16"},
        RouteCase{"ExplicitPrefixBeatsTheSameOfATag",
                  {route("tagged", "Storage", none), route("explicit", "20.60.0.0/16", internet)},
                  "20.60.0.9",
                  NextHop::internet,
                  "rt/explicit",
                  [](Topology& net) {
                    net.service_tags = {{"Storage", {cidr("20.60.0.0/16")}, {}}};
                  }}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(Endpoints, RouteChosen,
                         testing::Values(RouteCase{"DefaultDoesNotCatchIt",
                                                   {route("u", "0.0.0.0/0", none)},
                                                   "10.20.2.4",
                                                   NextHop::endpoint,
                                                   "endpoint route 10.20.2.4/32"},
                                         RouteCase{"EvenItsOwnAddressYieldsOnlyWithPolicies",
                                                   {route("u", "10.20.2.4/32", none)},
                                                   "10.20.2.4",
                                                   NextHop::endpoint,
                                                   "endpoint route 10.20.2.4/32"},
                                         RouteCase{"NetworkLengthWithPolicies",
                                                   {route("u", "10.20.0.0/16", none)},
                                                   "10.20.2.4",
                                                   NextHop::none,
                                                   "rt/u",
                                                   endpoint_policies_on},
                                         RouteCase{"ShorterWithPolicies",
                                                   {route("u", "10.0.0.0/8", none)},
                                                   "10.20.2.4",
                                                   NextHop::endpoint,
                                                   "endpoint route 10.20.2.4/32",
                                                   endpoint_policies_on},
                                         RouteCase{"NotOverTwoPeerings",
                                                   {},
                                                   "10.40.2.4",
                                                   NextHop::none,
                                                   "system route 10.0.0.0/8",
                                                   [](Topology& net) {
                                                     net.virtual_networks.push_back(network(
                                                         "vnet-far", "10.40.0.0/16", {subnet("s", "10.40.2.0/24")}));
                                                     net.private_endpoints.push_back({"pe-far",
                                                                                      "vnet-far",
                                                                                      "s",
                                                                                      ip("10.40.2.4"),
                                                                                      "orders-target",
                                                                                      EndpointConnectionState::approved,
                                                                                      {},
                                                                                      {}});
                                                   }}),
                         name_of_case);

TEST(RouteChosen, UnlistedServiceTagMayCatchAPublicAddress) {
  Topology topology = contoso();
  add_routes(topology, runtime_subnet(topology), "rt", {route("to-sql", "Sql", none)});
  const SubnetState state = state_of(topology, hub(topology), &runtime_subnet(topology));
  EXPECT_NE(choose(state, span_of(ip("20.1.2.3"))).missing, "");
  EXPECT_EQ(choose(state, span_of(ip("10.30.1.4"))).missing, "");
}

TEST(RouteChosen, ARouteForAPartOfTheSubnetLeavesItOpen) {
  Topology topology = contoso();
  add_routes(topology, runtime_subnet(topology), "rt", {route("half", "10.30.1.128/25", none)});
  const SubnetState state = state_of(topology, hub(topology), &runtime_subnet(topology));
  EXPECT_NE(choose(state, {{cidr("10.30.1.0/24")}, false}).missing, "");
  EXPECT_EQ(choose(state, {{cidr("10.30.2.0/24")}, false}).missing, "");
}

TEST(RouteChosen, ANetworkOfAllTenReplacesItsDroppedRange) {
  Topology topology;
  topology.virtual_networks = {network("vnet", "10.0.0.0/8", {subnet("s", "10.0.0.0/24")})};
  const SubnetState state = state_of(topology, hub(topology), &hub(topology).subnets[0]);
  EXPECT_EQ(choose(state, span_of(ip("10.99.0.1"))).route->next_hop, NextHop::virtual_network);
}

TEST(VirtualNetworkTag, HoldsNetworkPeersSitesAndUserRoutes) {
  Topology topology = contoso();
  add_routes(topology, runtime_subnet(topology), "rt",
             {route("a", "172.20.0.0/16", appliance, "10.10.9.4"), route("b", "172.21.0.0/16", none),
              route("c", "0.0.0.0/0", internet)});
  const VirtualNetworkTag tag = state_of(topology, hub(topology), &runtime_subnet(topology)).virtual_network;
  const auto holds = [&](const char* address) { return lies_in(span_of(ip(address)), tag.prefixes); };
  for (const char* address : {"10.10.1.1", "10.20.2.4", "10.30.1.4", "192.168.4.20", "172.20.0.1", "168.63.129.16"})
    EXPECT_EQ(holds(address), Match::yes) << address;
  for (const char* address : {"172.21.0.1", "20.1.2.3", "10.99.0.1"}) EXPECT_EQ(holds(address), Match::no) << address;
  EXPECT_FALSE(tag.has_default);
}

TEST(VirtualNetworkTag, ADefaultRouteOfTheSiteWidensItWhereItIsTaken) {
  Topology topology = contoso();
  site_announces(topology, "0.0.0.0/0");
  EXPECT_TRUE(state_of(topology, hub(topology), &runtime_subnet(topology)).virtual_network.has_default);
  add_routes(topology, runtime_subnet(topology), "rt", {});
  topology.route_tables[0].disable_bgp_route_propagation = true;
  const VirtualNetworkTag tag = state_of(topology, hub(topology), &runtime_subnet(topology)).virtual_network;
  EXPECT_FALSE(tag.has_default);
  EXPECT_EQ(lies_in(span_of(ip("192.168.4.20")), tag.prefixes), Match::yes);
}

TEST(VirtualNetworkTag, ADefaultRouteToAnApplianceWidensIt) {
  Topology topology = contoso();
  add_routes(topology, runtime_subnet(topology), "rt", {route("a", "0.0.0.0/0", appliance, "10.10.9.4")});
  EXPECT_TRUE(state_of(topology, hub(topology), &runtime_subnet(topology)).virtual_network.has_default);
}

TEST(VirtualNetworkTag, RoutesToNoneAndInternetMayWidenIt) {
  Topology topology = contoso();
  add_routes(topology, runtime_subnet(topology), "rt",
             {route("a", "172.21.0.0/16", none), route("b", "172.22.0.0/16", internet)});
  const VirtualNetworkTag tag = state_of(topology, hub(topology), &runtime_subnet(topology)).virtual_network;
  for (const char* address : {"172.21.0.1", "172.22.0.1"})
    EXPECT_EQ(lies_in_tag(topology, tag, "VirtualNetwork", span_of(ip(address))), Match::unknown) << address;
  EXPECT_EQ(lies_in_tag(topology, tag, "VirtualNetwork", span_of(ip("172.23.0.1"))), Match::no);
}

}  // namespace
}  // namespace pgpassage::netcheck::test
