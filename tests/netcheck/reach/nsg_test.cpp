#include "netcheck/reach/nsg.hpp"

#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

using enum Direction;
constexpr Access allow = Access::allow;
constexpr Access deny = Access::deny;

struct NsgCase {
  const char* name;
  std::vector<SecurityRule> rules;
  Direction direction;
  Predicted predicted;
  const char* decided_by;
  const char* source = "10.10.1.4/32";
  const char* destination = "10.20.2.4/32";
};

// The VNet 10.10.0.0/16 with a peer 10.20.0.0/16.
const VirtualNetworkTag virtual_network{{cidr("10.10.0.0/16"), cidr("10.20.0.0/16")}, false};

AddressSpan span(std::string_view text) {
  if (text == "public") return {{}, true};
  return {{cidr(std::string{text}.c_str())}, false};
}

NsgDecision decide(const NsgCase& test, const VirtualNetworkTag& tag = virtual_network, const Topology& topology = {}) {
  NsgFlow flow;
  flow.source.address = span(test.source);
  flow.destination.address = span(test.destination);
  return evaluate(topology, {"nsg", test.rules, {}}, test.direction, flow, tag);
}

class NsgEvaluate : public testing::TestWithParam<NsgCase> {};

TEST_P(NsgEvaluate, FirstMatchByPriorityDecides) {
  const NsgDecision decision = decide(GetParam());
  EXPECT_EQ(decision.predicted, GetParam().predicted) << decision.rule;
  EXPECT_EQ(decision.rule, GetParam().decided_by);
  EXPECT_EQ(decision.predicted == Predicted::unknown, !decision.missing.empty());
}

const auto name_of_case = [](const auto& test) { return std::string{test.param.name}; };

INSTANTIATE_TEST_SUITE_P(
    Defaults, NsgEvaluate,
    testing::Values(
        NsgCase{"VnetOut", {}, outbound, Predicted::allowed, "AllowVnetOutBound"},
        NsgCase{"VnetIn", {}, inbound, Predicted::allowed, "AllowVNetInBound"},
        NsgCase{
            "InternetOut", {}, outbound, Predicted::allowed, "AllowInternetOutBound", "10.10.1.4/32", "20.1.2.3/32"},
        NsgCase{"AnyPublicOut", {}, outbound, Predicted::allowed, "AllowInternetOutBound", "10.10.1.4/32", "public"},
        NsgCase{"InternetIn", {}, inbound, Predicted::denied, "DenyAllInBound", "20.1.2.3/32"},
        NsgCase{
            "ForeignPrivateOut", {}, outbound, Predicted::denied, "DenyAllOutBound", "10.10.1.4/32", "192.168.4.20/32"},
        NsgCase{"ForeignPrivateIn", {}, inbound, Predicted::denied, "DenyAllInBound", "192.168.4.20/32"},
        NsgCase{"LoadBalancerProbeIn",
                {},
                inbound,
                Predicted::allowed,
                "AllowAzureLoadBalancerInBound",
                "168.63.129.16/32"},
        NsgCase{"HalfTheSubnetIsForeign",
                {},
                outbound,
                Predicted::unknown,
                "AllowVnetOutBound",
                "10.10.1.4/32",
                "10.20.0.0/15"}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(
    Rules, NsgEvaluate,
    testing::Values(NsgCase{"LowerNumberFirst",
                            {rule({"deny-pg", 100, outbound, deny}), rule({"allow-pg", 200, outbound, allow})},
                            outbound,
                            Predicted::denied,
                            "deny-pg"},
                    NsgCase{"AllowAboveDeny",
                            {rule({"allow-pg", 100, outbound, allow}), rule({"deny-all", 4096, outbound, deny})},
                            outbound,
                            Predicted::allowed,
                            "allow-pg"},
                    NsgCase{"OtherDirectionIsNotAsked",
                            {rule({"deny-in", 100, inbound, deny})},
                            outbound,
                            Predicted::allowed,
                            "AllowVnetOutBound"},
                    NsgCase{"OtherPortIsNotAsked",
                            {rule({"deny-https", 100, outbound, deny, "*", "*", {443, 443}})},
                            outbound,
                            Predicted::allowed,
                            "AllowVnetOutBound"},
                    NsgCase{"PortRangeEndsAreInside",
                            {rule({"deny", 100, outbound, deny, "*", "*", {5432, 6432}})},
                            outbound,
                            Predicted::denied,
                            "deny"},
                    NsgCase{"OnePastThePortRange",
                            {rule({"deny", 100, outbound, deny, "*", "*", {5000, 5431}})},
                            outbound,
                            Predicted::allowed,
                            "AllowVnetOutBound"},
                    NsgCase{"OtherSource",
                            {rule({"deny", 100, outbound, deny, "10.10.2.0/24"})},
                            outbound,
                            Predicted::allowed,
                            "AllowVnetOutBound"},
                    NsgCase{"OtherDestination",
                            {rule({"deny", 100, outbound, deny, "*", "10.20.3.0/24"})},
                            outbound,
                            Predicted::allowed,
                            "AllowVnetOutBound"},
                    NsgCase{"DenyVirtualNetwork",
                            {rule({"deny", 100, outbound, deny, "*", "VirtualNetwork"})},
                            outbound,
                            Predicted::denied,
                            "deny"},
                    NsgCase{"TagsIgnoreCase",
                            {rule({"deny", 100, outbound, deny, "*", "virtualnetwork"})},
                            outbound,
                            Predicted::denied,
                            "deny"},
                    NsgCase{"InternetIsNeverPrivate",
                            {rule({"deny", 100, outbound, deny, "*", "Internet"})},
                            outbound,
                            Predicted::allowed,
                            "AllowVnetOutBound"},
                    NsgCase{"StorageIsNeverPrivate",
                            {rule({"deny", 100, outbound, deny, "*", "Storage.WestEurope"})},
                            outbound,
                            Predicted::allowed,
                            "AllowVnetOutBound"},
                    NsgCase{"StorageMayBePublic",
                            {rule({"deny", 100, outbound, deny, "*", "Storage.WestEurope"})},
                            outbound,
                            Predicted::unknown,
                            "deny",
                            "10.10.1.4/32",
                            "20.60.0.9/32"},
                    NsgCase{"AnUnlistedTagThatAgreesDecidesNothing",
                            {rule({"allow", 100, outbound, allow, "*", "Sql"})},
                            outbound,
                            Predicted::allowed,
                            "AllowInternetOutBound",
                            "10.10.1.4/32",
                            "20.60.0.9/32"},
                    NsgCase{"ATagThatIsNotAzures",
                            {rule({"deny", 100, outbound, deny, "*", "Sorage"})},
                            outbound,
                            Predicted::unknown,
                            "deny"}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(
    UnknownAddress, NsgEvaluate,
    testing::Values(
        NsgCase{"WholeSubnetInside",
                {rule({"deny", 100, outbound, deny, "10.10.1.0/24"})},
                outbound,
                Predicted::denied,
                "deny",
                "10.10.1.0/24"},
        NsgCase{"Disjoint",
                {rule({"deny", 100, outbound, deny, "10.10.2.0/24"})},
                outbound,
                Predicted::allowed,
                "AllowVnetOutBound",
                "10.10.1.0/24"},
        NsgCase{"APartOfTheSubnet",
                {rule({"deny", 100, outbound, deny, "10.10.1.128/25"})},
                outbound,
                Predicted::unknown,
                "deny",
                "10.10.1.0/24"},
        NsgCase{"APartDeniedAndTheRestToo",
                {rule({"deny-half", 100, outbound, deny, "10.10.1.128/25"}), rule({"deny-all", 200, outbound, deny})},
                outbound,
                Predicted::denied,
                "deny-all",
                "10.10.1.0/24"},
        NsgCase{"APartAllowedThenDenied",
                {rule({"allow-half", 100, outbound, allow, "10.10.1.0/25"}), rule({"deny-all", 200, outbound, deny})},
                outbound,
                Predicted::unknown,
                "allow-half",
                "10.10.1.0/24"},
        NsgCase{"AllowAfterAPossibleDenyIsNoPass",
                {rule({"deny-half", 100, outbound, deny, "10.10.1.0/25"}), rule({"allow", 200, outbound, allow})},
                outbound,
                Predicted::unknown,
                "deny-half",
                "10.10.1.0/24"}),
    name_of_case);

TEST(NsgEvaluate, TwoHalvesOfOneRuleCoverTheSubnet) {
  SecurityRule both = rule({"deny", 100, outbound, deny});
  both.source_prefixes = prefixes({"10.10.1.0/25", "10.10.1.128/25"});
  EXPECT_EQ(decide({"", {both}, outbound, {}, "", "10.10.1.0/24"}).predicted, Predicted::denied);
}

TEST(NsgEvaluate, ProtocolsOtherThanTcpDoNotMatch) {
  for (const Protocol protocol : {Protocol::udp, Protocol::icmp, Protocol::esp, Protocol::ah}) {
    SecurityRule other = rule({"deny", 100, outbound, deny});
    other.protocol = protocol;
    EXPECT_EQ(decide({"", {other}, outbound, {}, ""}).rule, "AllowVnetOutBound");
  }
  SecurityRule any = rule({"deny", 100, outbound, deny});
  any.protocol = Protocol::any;
  EXPECT_EQ(decide({"", {any}, outbound, {}, ""}).rule, "deny");
}

TEST(NsgEvaluate, ListedServiceTagDecides) {
  Topology topology;
  topology.service_tags = {{"Storage.WestEurope", {cidr("20.60.0.0/16")}, {}}};
  const std::vector<SecurityRule> rules{rule({"deny", 100, outbound, deny, "*", "Storage.WestEurope"})};
  EXPECT_EQ(decide({"", rules, outbound, {}, "", "10.10.1.4/32", "20.60.0.9/32"}, virtual_network, topology).predicted,
            Predicted::denied);
  EXPECT_EQ(decide({"", rules, outbound, {}, "", "10.10.1.4/32", "20.61.0.9/32"}, virtual_network, topology).predicted,
            Predicted::allowed);
  const std::vector<SecurityRule> whole{rule({"deny", 100, outbound, deny, "*", "Storage"})};
  EXPECT_EQ(decide({"", whole, outbound, {}, "", "10.10.1.4/32", "20.60.0.9/32"}, virtual_network, topology).predicted,
            Predicted::denied);
  EXPECT_EQ(decide({"", whole, outbound, {}, "", "10.10.1.4/32", "20.61.0.9/32"}, virtual_network, topology).predicted,
            Predicted::unknown);
}

TEST(NsgEvaluate, DefaultRouteWidensTheTagToEverything) {
  VirtualNetworkTag widened = virtual_network;
  widened.has_default = true;
  EXPECT_EQ(decide({"", {}, inbound, {}, "", "20.1.2.3/32"}, widened).rule, "AllowVNetInBound");
  const std::vector<SecurityRule> rules{rule({"deny", 100, outbound, deny, "*", "Internet"})};
  EXPECT_EQ(decide({"", rules, outbound, {}, "", "10.10.1.4/32", "20.1.2.3/32"}, widened).predicted,
            Predicted::unknown);
}

struct SourcePortCase {
  const char* name;
  std::vector<PortRange> ports;
  Predicted predicted;
};
class NsgSourcePorts : public testing::TestWithParam<SourcePortCase> {};

TEST_P(NsgSourcePorts, AClientsPortIsSomePortFrom1024) {
  SecurityRule ports = rule({"deny", 100, outbound, deny});
  ports.source_ports = GetParam().ports;
  EXPECT_EQ(decide({"", {ports}, outbound, {}, ""}).predicted, GetParam().predicted);
}

INSTANTIATE_TEST_SUITE_P(
    Ranges, NsgSourcePorts,
    testing::Values(SourcePortCase{"Any", {{0, 65535}}, Predicted::denied},
                    SourcePortCase{"EveryClientPort", {{1024, 65535}}, Predicted::denied},
                    SourcePortCase{"TogetherEveryClientPort", {{30000, 65535}, {0, 29999}}, Predicted::denied},
                    SourcePortCase{"WithAGap", {{1024, 29999}, {30001, 65535}}, Predicted::unknown},
                    SourcePortCase{"One", {{5432, 5432}}, Predicted::unknown},
                    SourcePortCase{"Privileged", {{0, 1023}}, Predicted::allowed}),
    name_of_case);

TEST(NsgEvaluate, EndpointSubnetsIgnoreSourcePorts) {
  SecurityRule ports = rule({"deny", 100, inbound, deny});
  ports.source_ports = {{5432, 5432}};
  NsgFlow flow{{span("10.10.1.4/32"), {}, true}, {span("10.20.2.4/32"), {}, true}, 5432, true};
  EXPECT_EQ(evaluate({}, {"nsg", {ports}, {}}, inbound, flow, virtual_network).predicted, Predicted::denied);
}

TEST(NsgEvaluate, ApplicationSecurityGroupsMatchMembersAlone) {
  SecurityRule groups = rule({"deny", 100, outbound, deny});
  groups.source_prefixes.clear();
  groups.source_groups = {"asg-app"};
  const NetworkSecurityGroup nsg{"nsg", {groups}, {}};
  NsgFlow flow{{span("10.10.1.4/32"), {"asg-app"}, true}, {span("10.20.2.4/32"), {}, true}};
  EXPECT_EQ(evaluate({}, nsg, outbound, flow, virtual_network).predicted, Predicted::denied);
  flow.source.application_security_groups = {"asg-web"};
  EXPECT_EQ(evaluate({}, nsg, outbound, flow, virtual_network).predicted, Predicted::allowed);
  flow.source.groups_known = false;
  EXPECT_EQ(evaluate({}, nsg, outbound, flow, virtual_network).predicted, Predicted::unknown);
}

class NsgFlowOrder : public testing::TestWithParam<FlowCase> {};
TEST_P(NsgFlowOrder, EveryGroupOnTheWayMustAllow) { expect_flow(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Levels, NsgFlowOrder,
    testing::Values(
        FlowCase{"InterfaceOfTheDestination",
                 "runtime",
                 "vm-orders",
                 [](Topology& net) {
                   net.servers[3].network_security_group = "nsg-nic";
                   net.network_security_groups.push_back({"nsg-nic", {rule({"deny-in", 100, inbound, deny})}, {}});
                 },
                 Predicted::denied,
                 {cause::nsg_denies}},
        FlowCase{"OutboundRulesDoNotCountAtTheDestination", "runtime", "vm-orders",
                 [](Topology& net) {
                   add_nsg(net, spoke(net).subnets[0], "nsg-vm", {rule({"deny-out", 100, outbound, deny})});
                 },
                 Predicted::allowed},
        FlowCase{"AnswersNeedNoRule", "runtime", "vm-orders",
                 [](Topology& net) {
                   add_nsg(net, runtime_subnet(net), "nsg-runtime", {rule({"deny-in", 100, inbound, deny})});
                 },
                 Predicted::allowed},
        FlowCase{"SiteIsInTheTag", "runtime", "source",
                 [](Topology& net) { add_nsg(net, runtime_subnet(net), "nsg-runtime", {}); }, Predicted::allowed}),
    name_of_case);

TEST(NsgFlowOrder, InterfaceThenSubnetOutAndSubnetThenInterfaceIn) {
  Topology topology = contoso();
  topology.hosts.push_back({"vm-crossing", "vnet-hub", "snet-fw", "", ip("10.10.9.8"), "nsg-a", {}, "", "", {}});
  topology.servers[3].network_security_group = "nsg-d";
  topology.network_security_groups = {{"nsg-a", {}, {}}, {"nsg-d", {}, {}}};
  add_nsg(topology, hub(topology).subnets[1], "nsg-b", {});
  add_nsg(topology, spoke(topology).subnets[0], "nsg-c", {});
  std::vector<std::string> asked;
  for (const Hop& hop : flow(topology, "vm-crossing", "vm-orders").hops)
    if (hop.kind == HopKind::nsg) asked.push_back(hop.by);
  EXPECT_EQ(asked, (std::vector<std::string>{"nsg-a/AllowVnetOutBound", "nsg-b/AllowVnetOutBound",
                                             "nsg-c/AllowVNetInBound", "nsg-d/AllowVNetInBound"}));
}

}  // namespace
}  // namespace pgpassage::netcheck::test
