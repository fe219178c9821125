#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

/// The hub and the spoke speak IPv6 as well; the spoke's machine has an address of its own in it.
void dual_stack(Topology& net) {
  hub(net).address_prefixes.push_back(cidr("fd00:10::/48"));
  runtime_subnet(net).prefixes.push_back(cidr("fd00:10:0:1::/64"));
  spoke(net).address_prefixes.push_back(cidr("fd00:30::/48"));
  spoke(net).subnets[0].prefixes.push_back(cidr("fd00:30:0:1::/64"));
  net.servers[3].ipv6_address = ip("fd00:30:0:1::4");
}

void deny_ipv6(Topology& net) {
  dual_stack(net);
  add_nsg(net, spoke(net).subnets[0], "nsg-vm", {rule({"no-ipv6", 100, Direction::inbound, Access::deny, "::/0"})});
}

/// Denies one family, and of the other half of what may send.
void deny_and_divide(Topology& net, const char* denied, const char* divided) {
  dual_stack(net);
  add_nsg(net, spoke(net).subnets[0], "nsg-vm",
          {rule({"no-family", 100, Direction::inbound, Access::deny, denied}),
           rule({"no-half", 110, Direction::inbound, Access::deny, divided})});
}

class FamilyFlow : public testing::TestWithParam<FlowCase> {};

TEST_P(FamilyFlow, StaysInOneFamily) { expect_flow(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    DualStack, FamilyFlow,
    testing::Values(
        FlowCase{"ByIpv6", "vnet-hub/snet-runtime", "fd00:30:0:1::4", dual_stack, Predicted::allowed},
        FlowCase{"ByIpv4", "vnet-hub/snet-runtime", "10.30.1.4", dual_stack, Predicted::allowed},
        FlowCase{"MachineAnswersFromItsOwn", "vm-orders", "fd00:10:0:1::9", dual_stack, Predicted::allowed},
        FlowCase{"BothFamiliesAgree", "vnet-hub/snet-runtime", "vnet-spoke/snet-vm", dual_stack, Predicted::allowed},
        FlowCase{"Ipv6RuleStopsIpv6",
                 "vnet-hub/snet-runtime",
                 "fd00:30:0:1::4",
                 deny_ipv6,
                 Predicted::denied,
                 {cause::nsg_denies}},
        FlowCase{"Ipv6RuleLeavesIpv4", "vnet-hub/snet-runtime", "10.30.1.4", deny_ipv6, Predicted::allowed},
        FlowCase{"FamiliesDisagree",
                 "vnet-hub/snet-runtime",
                 "vnet-spoke/snet-vm",
                 deny_ipv6,
                 Predicted::unknown,
                 {cause::route_undecided}},
        FlowCase{"Ipv4DeniedAndIpv6Unknown",
                 "vnet-hub/snet-runtime",
                 "vnet-spoke/snet-vm",
                 [](Topology& net) { deny_and_divide(net, "0.0.0.0/0", "fd00:10:0:1::8/128"); },
                 Predicted::unknown,
                 {cause::nsg_undecided}},
        FlowCase{"Ipv6DeniedAndIpv4Unknown",
                 "vnet-hub/snet-runtime",
                 "vnet-spoke/snet-vm",
                 [](Topology& net) { deny_and_divide(net, "::/0", "10.10.1.8/32"); },
                 Predicted::unknown,
                 {cause::nsg_undecided}},
        FlowCase{"SubnetWithoutIpv6",
                 "vnet-hub/snet-fw",
                 "fd00:30:0:1::4",
                 dual_stack,
                 Predicted::denied,
                 {cause::no_ipv6_address}},
        FlowCase{"MachineWhoseIpv6AddressIsNotGiven",
                 "vm-orders",
                 "fd00:10:0:1::9",
                 [](Topology& net) {
                   dual_stack(net);
                   net.servers[3].ipv6_address.reset();
                 },
                 Predicted::unknown,
                 {cause::no_ipv6_address}},
        FlowCase{"Ipv6RouteToNone",
                 "vnet-hub/snet-runtime",
                 "fd00:30:0:1::4",
                 [](Topology& net) {
                   dual_stack(net);
                   add_routes(net, runtime_subnet(net), "rt", {route("no", "fd00:30::/48", NextHopType::none)});
                 },
                 Predicted::denied,
                 {cause::route_none}},
        FlowCase{"Ipv6ToTheInternetIgnoresRoutesOfIpv4", "fd00:10:0:1::9", "Internet",
                 [](Topology& net) {
                   dual_stack(net);
                   add_routes(net, runtime_subnet(net), "rt", {route("no-ipv4", "0.0.0.0/0", NextHopType::none)});
                 },
                 Predicted::allowed},
        FlowCase{"Ipv6ToTheInternetFollowsRoutesOfIpv6",
                 "fd00:10:0:1::9",
                 "Internet",
                 [](Topology& net) {
                   dual_stack(net);
                   add_routes(net, runtime_subnet(net), "rt", {route("no-ipv6", "::/0", NextHopType::none)});
                 },
                 Predicted::denied,
                 {cause::route_none}},
        FlowCase{"Ipv6ToTheInternetMeetsRulesOfIpv6",
                 "fd00:10:0:1::9",
                 "Internet",
                 [](Topology& net) {
                   dual_stack(net);
                   add_nsg(net, runtime_subnet(net), "nsg-runtime",
                           {rule({"no-ipv6", 100, Direction::outbound, Access::deny, "*", "::/0"})});
                 },
                 Predicted::denied,
                 {cause::nsg_denies}},
        FlowCase{"BothFamiliesToTheInternetDisagree",
                 "vnet-hub/snet-runtime",
                 "Internet",
                 [](Topology& net) {
                   dual_stack(net);
                   add_routes(net, runtime_subnet(net), "rt", {route("no-ipv4", "0.0.0.0/0", NextHopType::none)});
                 },
                 Predicted::unknown,
                 {cause::route_undecided}},
        FlowCase{"Ipv6DefaultRouteLeavesTheTagOfIpv4",
                 "vnet-hub/snet-runtime",
                 "vm-orders",
                 [](Topology& net) {
                   dual_stack(net);
                   spoke(net).peerings[0].allow_virtual_network_access = false;
                   add_routes(net, spoke(net).subnets[0], "rt",
                              {route("six", "::/0", NextHopType::virtual_appliance, "10.10.9.4")});
                   add_nsg(net, spoke(net).subnets[0], "nsg-vm", {});
                 },
                 Predicted::denied,
                 {cause::nsg_denies}}),
    [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace pgpassage::netcheck::test
