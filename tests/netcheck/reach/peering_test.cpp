#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

class PeeredFlow : public testing::TestWithParam<FlowCase> {};

TEST_P(PeeredFlow, IsDecidedByBothLinks) { expect_flow(GetParam()); }

Peering& hub_link(Topology& net) { return hub(net).peerings[0]; }
Peering& target_link(Topology& net) { return target_network(net).peerings[0]; }

INSTANTIATE_TEST_SUITE_P(
    RuntimeToTarget, PeeredFlow,
    testing::Values(
        FlowCase{"BothConnected", "runtime", "target", nullptr, Predicted::allowed},
        FlowCase{"NoLinks",
                 "runtime",
                 "target",
                 [](Topology& net) {
                   hub(net).peerings.clear();
                   target_network(net).peerings.clear();
                 },
                 Predicted::denied,
                 {cause::peering_missing}},
        FlowCase{"NoLinkBack",
                 "runtime",
                 "target",
                 [](Topology& net) { target_network(net).peerings.clear(); },
                 Predicted::denied,
                 {cause::peering_half_open}},
        FlowCase{"NoLinkThere",
                 "runtime",
                 "target",
                 [](Topology& net) { hub(net).peerings.clear(); },
                 Predicted::denied,
                 {cause::peering_half_open}},
        FlowCase{"HubInitiated",
                 "runtime",
                 "target",
                 [](Topology& net) { hub_link(net).state = PeeringState::initiated; },
                 Predicted::denied,
                 {cause::peering_not_connected}},
        FlowCase{"TargetDisconnected",
                 "runtime",
                 "target",
                 [](Topology& net) { target_link(net).state = PeeringState::disconnected; },
                 Predicted::denied,
                 {cause::peering_not_connected}},
        FlowCase{"NotTransitive", "vm-orders", "target", nullptr, Predicted::denied, {cause::peering_missing}},
        FlowCase{"AccessOffWithoutAnyGroup",
                 "runtime",
                 "target",
                 [](Topology& net) { hub_link(net).allow_virtual_network_access = false; },
                 Predicted::unknown,
                 {cause::peering_access_off}},
        FlowCase{"AccessOffLeavesTheTag",
                 "runtime",
                 "target",
                 [](Topology& net) {
                   hub_link(net).allow_virtual_network_access = false;
                   add_nsg(net, runtime_subnet(net), "nsg-runtime", {});
                 },
                 Predicted::denied,
                 {cause::nsg_denies}},
        FlowCase{"AccessOffWithAnExplicitRule", "runtime", "target",
                 [](Topology& net) {
                   hub_link(net).allow_virtual_network_access = false;
                   add_nsg(net, runtime_subnet(net), "nsg-runtime",
                           {rule({"to-endpoint", 100, Direction::outbound, Access::allow, "*", "10.20.2.4/32"})});
                 },
                 Predicted::allowed},
        FlowCase{"AccessOffAtTheFarSideWithoutAGroupThere",
                 "runtime",
                 "target",
                 [](Topology& net) {
                   target_link(net).allow_virtual_network_access = false;
                   add_nsg(net, runtime_subnet(net), "nsg-runtime", {});
                 },
                 Predicted::unknown,
                 {cause::peering_access_off}},
        FlowCase{"ForwardedTrafficIsNotNeededByWhatStartsInTheHub", "runtime", "vm-orders", nullptr,
                 Predicted::allowed}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(PeeredFlow, NamesTheLinkThatIsMissing) {
  Topology topology = contoso();
  target_network(topology).peerings.clear();
  const Trace trace = flow(topology, "runtime", "target");
  const Hop* hop = hop_with(trace, cause::peering_half_open);
  ASSERT_NE(hop, nullptr);
  EXPECT_EQ(hop->by, "vnet-hub/hub-to-target");
  EXPECT_EQ(hop->location.line, 20);
  EXPECT_EQ(hop->detail, "vnet-target has no peering link to vnet-hub");
}

TEST(PeeredFlow, TheSameNetworkNeedsNone) {
  Topology topology = contoso();
  hub(topology).peerings.clear();
  topology.hosts.push_back({"vm-crossing", "vnet-hub", "snet-fw", "", ip("10.10.9.8"), "", {}, "", "", {}});
  EXPECT_EQ(flow(topology, "vm-crossing", "runtime").predicted, Predicted::allowed);
}

}  // namespace
}  // namespace pgpassage::netcheck::test
