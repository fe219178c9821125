#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

using enum PrivateEndpointNetworkPolicies;

class EndpointFlow : public testing::TestWithParam<FlowCase> {};
TEST_P(EndpointFlow, NeedsApprovalAndItsOwnNetwork) { expect_flow(GetParam()); }

template <PrivateEndpointNetworkPolicies policies>
void deny_at_endpoint(Topology& net) {
  add_nsg(net, target_network(net).subnets[0], "nsg-endpoints",
          {rule({"deny-in", 100, Direction::inbound, Access::deny})});
  target_network(net).subnets[0].private_endpoint_network_policies = policies;
}

template <EndpointConnectionState state>
void set_state(Topology& net) {
  net.private_endpoints[0].connection_state = state;
}

INSTANTIATE_TEST_SUITE_P(
    StatesAndPolicies, EndpointFlow,
    testing::Values(
        FlowCase{"Approved", "runtime", "target", nullptr, Predicted::allowed},
        FlowCase{"Pending",
                 "runtime",
                 "target",
                 set_state<EndpointConnectionState::pending>,
                 Predicted::denied,
                 {cause::endpoint_not_approved}},
        FlowCase{"Rejected",
                 "runtime",
                 "target",
                 set_state<EndpointConnectionState::rejected>,
                 Predicted::denied,
                 {cause::endpoint_not_approved}},
        FlowCase{"Disconnected",
                 "runtime",
                 "target",
                 set_state<EndpointConnectionState::disconnected>,
                 Predicted::denied,
                 {cause::endpoint_not_approved}},
        FlowCase{"GroupIgnoredWhenDisabled", "runtime", "target", deny_at_endpoint<disabled>, Predicted::allowed},
        FlowCase{"GroupIgnoredWithRoutesOnly", "runtime", "target", deny_at_endpoint<route_table_enabled>,
                 Predicted::allowed},
        FlowCase{"GroupCountsWhenEnabled",
                 "runtime",
                 "target",
                 deny_at_endpoint<enabled>,
                 Predicted::denied,
                 {cause::nsg_denies}},
        FlowCase{"GroupCountsWithGroupsOnly",
                 "runtime",
                 "target",
                 deny_at_endpoint<network_security_group_enabled>,
                 Predicted::denied,
                 {cause::nsg_denies}},
        FlowCase{"ClientsGroupAlwaysCounts",
                 "runtime",
                 "target",
                 [](Topology& net) {
                   add_nsg(net, runtime_subnet(net), "nsg-runtime",
                           {rule({"deny-out", 100, Direction::outbound, Access::deny, "*", "10.20.0.0/16"})});
                 },
                 Predicted::denied,
                 {cause::nsg_denies}},
        FlowCase{"StartsNothing", "target", "source", nullptr, Predicted::denied, {cause::endpoint_starts_nothing}},
        FlowCase{"Missing",
                 "runtime",
                 "target",
                 [](Topology& net) { net.private_endpoints.clear(); },
                 Predicted::denied,
                 {cause::endpoint_missing}},
        FlowCase{"DefaultRouteToAnApplianceDoesNotCatchIt", "runtime", "target",
                 [](Topology& net) {
                   add_routes(net, runtime_subnet(net), "rt",
                              {route("fw", "0.0.0.0/0", NextHopType::virtual_appliance, "10.10.9.99")});
                 },
                 Predicted::allowed},
        FlowCase{"AnswersIgnoreTheTableOfItsSubnet", "runtime", "target",
                 [](Topology& net) {
                   add_routes(net, target_network(net).subnets[0], "rt",
                              {route("drop", "10.10.0.0/16", NextHopType::none)});
                 },
                 Predicted::allowed},
        FlowCase{"AnswersFollowTheTableWithRoutePolicies",
                 "runtime",
                 "target",
                 [](Topology& net) {
                   add_routes(net, target_network(net).subnets[0], "rt",
                              {route("drop", "10.10.0.0/16", NextHopType::none)});
                   target_network(net).subnets[0].private_endpoint_network_policies = route_table_enabled;
                 },
                 Predicted::denied,
                 {cause::route_none}},
        FlowCase{"ThroughAnApplianceItsAnswersAreUncertain",
                 "vm-orders",
                 "target",
                 [](Topology& net) {
                   net.network_appliances = {{"fw-hub", "vnet-hub", "snet-fw", ip("10.10.9.4"), true, true, {}}};
                   target_network(net).peerings[0].allow_forwarded_traffic = true;
                   add_routes(net, spoke(net).subnets[0], "rt",
                              {route("fw", "0.0.0.0/0", NextHopType::virtual_appliance, "10.10.9.4")});
                 },
                 Predicted::unknown,
                 {cause::endpoint_return_undecided}}),
    [](const auto& test) { return std::string{test.param.name}; });

Trace at_address(const Topology& topology, const char* server, const char* address) {
  Place to = place_of(topology, server).value();
  to.address = ip(address);
  return trace_flow(topology, place_of(topology, "runtime").value(), to, 5432);
}

TEST(EndpointFlow, AnAddressThatIsAnotherServersEndpoint) {
  Topology topology = contoso();
  topology.private_endpoints.push_back({"pe-other",
                                        "vnet-target",
                                        "snet-endpoints",
                                        ip("10.20.2.5"),
                                        "other",
                                        EndpointConnectionState::approved,
                                        {},
                                        {91, 5}});
  const Trace trace = at_address(topology, "orders-target", "10.20.2.5");
  EXPECT_EQ(trace.predicted, Predicted::denied);
  ASSERT_NE(hop_with(trace, cause::endpoint_of_another_server), nullptr) << text_of(trace);
  EXPECT_EQ(hop_with(trace, cause::endpoint_of_another_server)->by, "pe-other");
}

TEST(EndpointFlow, AnAddressWhereTheFileHasNothing) {
  const Trace trace = at_address(contoso(), "orders-target", "10.20.2.77");
  EXPECT_EQ(trace.predicted, Predicted::unknown);
  EXPECT_NE(hop_with(trace, cause::wrong_address), nullptr) << text_of(trace);
}

TEST(EndpointFlow, ThePublicAddressMeetsThePublicSide) {
  Topology topology = contoso();
  topology.servers[2].public_network_access = false;
  const Trace trace = at_address(topology, "orders-target", "20.50.0.7");
  EXPECT_EQ(trace.predicted, Predicted::denied);
  EXPECT_NE(hop_with(trace, cause::public_access_disabled), nullptr) << text_of(trace);
}

TEST(EndpointFlow, HopsNameObjectAndLine) {
  Topology topology = contoso();
  deny_at_endpoint<enabled>(topology);
  const Trace trace = flow(topology, "runtime", "target");
  const Hop* hop = hop_with(trace, cause::nsg_denies);
  ASSERT_NE(hop, nullptr);
  EXPECT_EQ(hop->by, "nsg-endpoints/deny-in");
  EXPECT_EQ(hop->at, "snet-endpoints");
  EXPECT_EQ(hop->location.line, 100);
  EXPECT_EQ(hop->kind, HopKind::nsg);
}

}  // namespace
}  // namespace pgpassage::netcheck::test
