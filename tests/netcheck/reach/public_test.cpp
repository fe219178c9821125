#include "netcheck/reach/passes.hpp"
#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

Server& add_server(Topology& net, const char* name, ServerKind kind) {
  Server added = server(name, kind, ServerAccess::public_access);
  added.public_ip_address = ip("20.50.0.7");
  net.servers.push_back(added);
  return net.servers.back();
}

using Rules = std::vector<FirewallRule>;
FirewallRule range(const char* name, const char* first, const char* last) {
  return {name, ip(first), ip(last), {85, 7}};
}

struct FirewallCase {
  const char* name;
  ServerKind kind;
  std::optional<Rules> rules;
  std::vector<const char*> egress;
  Predicted predicted;
  const char* cause;
};

class PublicFirewall : public testing::TestWithParam<FirewallCase> {};

TEST_P(PublicFirewall, AdmitsEveryAddressTheFlowMayComeFrom) {
  Topology topology = contoso();
  add_server(topology, "public", GetParam().kind).firewall_rules = GetParam().rules;
  for (const char* address : GetParam().egress) topology.servers[1].egress_ip_addresses.push_back(ip(address));
  const Trace trace = flow(topology, "runtime", "public");
  EXPECT_EQ(trace.predicted, GetParam().predicted) << text_of(trace);
  EXPECT_EQ(trace.hops.back().cause, GetParam().cause) << text_of(trace);
  EXPECT_EQ(trace.hops.back().kind, HopKind::firewall);
  expect_causes_are_complete(trace);
}

constexpr auto flexible = ServerKind::flexible_server;
constexpr auto amazon = ServerKind::amazon_rds;
const auto name_of_case = [](const auto& test) { return std::string{test.param.name}; };

INSTANTIATE_TEST_SUITE_P(
    Ranges, PublicFirewall,
    testing::Values(
        FirewallCase{
            "AbsentIsUnknown", flexible, std::nullopt, {"20.1.0.5"}, Predicted::unknown, cause::firewall_not_described},
        FirewallCase{"EmptyIsNobody", flexible, Rules{}, {"20.1.0.5"}, Predicted::denied, cause::firewall_denies},
        FirewallCase{"FirstOfTheRange",
                     flexible,
                     Rules{range("r", "20.1.0.5", "20.1.0.9")},
                     {"20.1.0.5"},
                     Predicted::allowed,
                     pass::firewall_rule},
        FirewallCase{"LastOfTheRange",
                     flexible,
                     Rules{range("r", "20.1.0.5", "20.1.0.9")},
                     {"20.1.0.9"},
                     Predicted::allowed,
                     pass::firewall_rule},
        FirewallCase{"OnePastTheRange",
                     flexible,
                     Rules{range("r", "20.1.0.5", "20.1.0.9")},
                     {"20.1.0.10"},
                     Predicted::denied,
                     cause::firewall_denies},
        FirewallCase{"OneBeforeTheRange",
                     flexible,
                     Rules{range("r", "20.1.0.5", "20.1.0.9")},
                     {"20.1.0.4"},
                     Predicted::denied,
                     cause::firewall_denies},
        FirewallCase{"OneOfTwoAddresses",
                     flexible,
                     Rules{range("r", "20.1.0.5", "20.1.0.9")},
                     {"20.1.0.5", "20.1.0.10"},
                     Predicted::unknown,
                     cause::firewall_undecided},
        FirewallCase{"TwoAddressesByTwoRules",
                     flexible,
                     Rules{range("a", "20.1.0.5", "20.1.0.5"), range("b", "20.1.0.9", "20.1.0.9")},
                     {"20.1.0.5", "20.1.0.9"},
                     Predicted::allowed,
                     pass::firewall_rule},
        FirewallCase{"EgressUnknown",
                     flexible,
                     Rules{range("r", "20.1.0.5", "20.1.0.9")},
                     {},
                     Predicted::unknown,
                     cause::egress_address_unknown},
        FirewallCase{"Everyone",
                     flexible,
                     Rules{range("r", "0.0.0.0", "255.255.255.255")},
                     {},
                     Predicted::allowed,
                     pass::firewall_rule},
        FirewallCase{"AzureServices",
                     flexible,
                     Rules{range("azure", "0.0.0.0", "0.0.0.0")},
                     {},
                     Predicted::allowed,
                     pass::firewall_rule},
        FirewallCase{"AzureServicesMeansNothingElsewhere",
                     amazon,
                     Rules{range("azure", "0.0.0.0", "0.0.0.0")},
                     {"20.1.0.5"},
                     Predicted::denied,
                     cause::firewall_denies}),
    name_of_case);

TEST(PublicFirewall, AzureServicesDoNotIncludeASite) {
  Topology topology = contoso();
  topology.sites[0].firewall_rules->push_back(rule({"out", 2, Direction::outbound, Access::allow}));
  add_server(topology, "public", flexible).firewall_rules = Rules{range("azure", "0.0.0.0", "0.0.0.0")};
  EXPECT_EQ(flow(topology, "datacenter", "public").predicted, Predicted::denied);
}

TEST(PublicFirewall, PublicAccessDisabledStopsEverything) {
  Topology topology = contoso();
  Server& added = add_server(topology, "public", flexible);
  added.firewall_rules = Rules{range("r", "0.0.0.0", "255.255.255.255")};
  added.public_network_access = false;
  EXPECT_EQ(causes(flow(topology, "runtime", "public")), std::vector<std::string>{cause::public_access_disabled});
}

TEST(PublicFirewall, PublicToPublicNeedsNothingOfAzure) {
  Topology topology = contoso();
  add_server(topology, "target-public", flexible);
  Server& source = add_server(topology, "source-public", ServerKind::on_premises);
  source.public_ip_address = ip("203.0.112.9");
  source.firewall_rules = Rules{range("target", "20.50.0.7", "20.50.0.7")};
  EXPECT_EQ(flow(topology, "target-public", "source-public").predicted, Predicted::allowed);
  EXPECT_EQ(causes(flow(topology, "target-public", "vm-orders")),
            std::vector<std::string>{cause::destination_is_private});
}

TEST(PublicFirewall, ASitesOwnFilterGuardsItsPublicServers) {
  Topology topology = contoso();
  Server& source = add_server(topology, "source-public", ServerKind::on_premises);
  source.site = "datacenter";
  (*topology.sites[0].firewall_rules)[0].source_prefixes = prefixes({"20.1.0.5/32"});
  topology.servers[1].egress_ip_addresses = {ip("20.1.0.5")};
  EXPECT_EQ(flow(topology, "runtime", "source-public").predicted, Predicted::allowed);
  topology.servers[1].egress_ip_addresses = {ip("20.1.0.6")};
  EXPECT_EQ(flow(topology, "runtime", "source-public").predicted, Predicted::denied);
}

Server& add_single_server(Topology& net) {
  Server& single = add_server(net, "single", ServerKind::single_server);
  single.virtual_network_rules = {{"vnet-hub", "snet-runtime", {86, 9}}};
  runtime_subnet(net).service_endpoints = {"Microsoft.Sql"};
  return single;
}

class SingleServerFlow : public testing::TestWithParam<FlowCase> {};
TEST_P(SingleServerFlow, NeedsRuleAndServiceEndpoint) { expect_flow(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    VirtualNetworkRules, SingleServerFlow,
    testing::Values(FlowCase{"Both", "runtime", "single", [](Topology& net) { add_single_server(net); },
                             Predicted::allowed},
                    FlowCase{"NoRule",
                             "runtime",
                             "single",
                             [](Topology& net) { add_single_server(net).virtual_network_rules.clear(); },
                             Predicted::denied,
                             {cause::virtual_network_rule_missing}},
                    FlowCase{"AddressRulesDoNotCountWithTheEndpoint",
                             "runtime",
                             "single",
                             [](Topology& net) {
                               Server& single = add_single_server(net);
                               single.virtual_network_rules.clear();
                               single.firewall_rules = Rules{range("r", "0.0.0.0", "255.255.255.255")};
                             },
                             Predicted::denied,
                             {cause::virtual_network_rule_missing}},
                    FlowCase{"NoServiceEndpoint",
                             "runtime",
                             "single",
                             [](Topology& net) {
                               add_single_server(net);
                               runtime_subnet(net).service_endpoints.clear();
                             },
                             Predicted::denied,
                             {cause::service_endpoint_missing}},
                    FlowCase{"OtherRegion",
                             "runtime",
                             "single",
                             [](Topology& net) { add_single_server(net).azure_location = "northeurope"; },
                             Predicted::denied,
                             {cause::service_endpoint_missing}},
                    FlowCase{"DefaultRouteDoesNotTurnIt", "runtime", "single",
                             [](Topology& net) {
                               add_single_server(net);
                               add_routes(net, runtime_subnet(net), "rt",
                                          {route("fw", "0.0.0.0/0", NextHopType::virtual_appliance, "10.10.9.99")});
                             },
                             Predicted::allowed},
                    FlowCase{"ALongerRouteMayTurnIt",
                             "runtime",
                             "single",
                             [](Topology& net) {
                               add_single_server(net);
                               add_routes(net, runtime_subnet(net), "rt",
                                          {route("fw", "20.0.0.0/8", NextHopType::virtual_appliance, "10.10.9.99")});
                             },
                             Predicted::unknown,
                             {cause::route_undecided}}),
    name_of_case);

class InternetFlow : public testing::TestWithParam<FlowCase> {};
TEST_P(InternetFlow, EntersByAPublicAddressOnly) { expect_flow(GetParam()); }

void publish(Topology& net) {
  net.servers[3].access = ServerAccess::public_access;
  net.servers[3].public_ip_address = ip("20.50.0.9");
}
void publish_with_group(Topology& net) {
  publish(net);
  add_nsg(net, spoke(net).subnets[0], "nsg-vm",
          {rule({"pg-in", 100, Direction::inbound, Access::allow, "Internet", "10.30.1.4/32"})});
}

INSTANTIATE_TEST_SUITE_P(
    ToAMachine, InternetFlow,
    testing::Values(
        FlowCase{
            "PrivateMachine", "Internet", "vm-orders", nullptr, Predicted::denied, {cause::destination_is_private}},
        FlowCase{"Published", "Internet", "vm-orders", publish_with_group, Predicted::allowed},
        FlowCase{"PublishedBehindTheDefaults",
                 "Internet",
                 "vm-orders",
                 [](Topology& net) {
                   publish(net);
                   add_nsg(net, spoke(net).subnets[0], "nsg-vm", {});
                 },
                 Predicted::denied,
                 {cause::nsg_denies}},
        FlowCase{"AnswersTurnedToAnAppliance",
                 "Internet",
                 "vm-orders",
                 [](Topology& net) {
                   publish_with_group(net);
                   net.network_appliances = {{"fw-hub", "vnet-hub", "snet-fw", ip("10.10.9.4"), true, true, {}}};
                   add_routes(net, spoke(net).subnets[0], "rt",
                              {route("fw", "0.0.0.0/0", NextHopType::virtual_appliance, "10.10.9.4")});
                 },
                 Predicted::unknown,
                 {cause::asymmetric_return}},
        FlowCase{"FromAnotherNetworkByItsPublicAddress", "runtime", "vm-orders", publish_with_group,
                 Predicted::allowed},
        FlowCase{"FromASiteByItsPublicAddress", "datacenter", "vm-orders",
                 [](Topology& net) {
                   publish_with_group(net);
                   net.sites[0].kind = SiteKind::aws;
                 },
                 Predicted::allowed},
        FlowCase{"PublicPrefixesOfANetworkAreNotTheInternet",
                 "Internet",
                 "vm-orders",
                 [](Topology& net) {
                   spoke(net) = network("vnet-spoke", "20.30.0.0/16", {subnet("snet-vm", "20.30.1.0/24")});
                   net.servers[3].ip_address = ip("20.30.1.4");
                 },
                 Predicted::denied,
                 {cause::destination_is_private}},
        FlowCase{"PublicPrefixesOfANetworkNeedAPeering",
                 "runtime",
                 "vm-orders",
                 [](Topology& net) {
                   spoke(net) = network("vnet-spoke", "20.30.0.0/16", {subnet("snet-vm", "20.30.1.0/24")});
                   net.servers[3].ip_address = ip("20.30.1.4");
                   hub(net).peerings.pop_back();
                 },
                 Predicted::denied,
                 {cause::peering_missing}},
        FlowCase{"NothingOfTheFileIsBetween",
                 "Internet",
                 "20.1.2.3",
                 nullptr,
                 Predicted::unknown,
                 {cause::place_not_described}},
        FlowCase{"OutThroughAnUnknownAppliance",
                 "runtime",
                 "20.1.2.3",
                 [](Topology& net) {
                   add_routes(net, runtime_subnet(net), "rt",
                              {route("fw", "0.0.0.0/0", NextHopType::virtual_appliance, "10.10.9.99")});
                 },
                 Predicted::unknown,
                 {cause::route_to_unknown_next_hop}}),
    name_of_case);

TEST(TraceFlow, FiftyNetworksAndFiveThousandRulesTakeMilliseconds) {
  Topology topology = contoso();
  for (int i = 0; i < 50; ++i) {
    const std::string name = fmt::format("vnet-{}", i);
    VirtualNetwork added = network(name.c_str(), fmt::format("10.{}.0.0/16", 100 + i).c_str(),
                                   {subnet("s", fmt::format("10.{}.1.0/24", 100 + i).c_str())});
    added.peerings = {peering("to-hub", "vnet-hub")};
    topology.virtual_networks.push_back(added);
    hub(topology).peerings.push_back(peering(fmt::format("to-{}", i).c_str(), name.c_str()));
  }
  std::vector<SecurityRule> rules;
  for (int i = 0; i < 5000; ++i)
    rules.push_back(rule({"deny", i + 100, Direction::outbound, Access::deny, "172.30.0.0/16", "VirtualNetwork"}));
  add_nsg(topology, runtime_subnet(topology), "nsg-runtime", rules);
  EXPECT_EQ(flow(topology, "runtime", "target").predicted, Predicted::allowed);
}

/// vm-orders has a public address, and snet-runtime sends what goes there by a route of its own.
void public_machine_over(Topology& net, NextHopType next_hop) {
  for (Server& one : net.servers)
    if (one.name == "vm-orders") one.public_ip_address = ip("20.50.0.8");
  add_routes(net, runtime_subnet(net), "rt", {route("out", "20.0.0.0/8", next_hop)});
}

Trace to_public_address(const Topology& net) {
  Place to = place_of(net, "vm-orders").value();
  to.address = ip("20.50.0.8");
  return trace_flow(net, place_of(net, "runtime").value(), to, 5432);
}

TEST(PublicMachine, IsNotFoundInsideANetworkByItsPublicAddress) {
  Topology net = contoso();
  public_machine_over(net, NextHopType::vnet_local);
  // Also when the machine stands in the very network: nothing there answers to its public address.
  for (Server& one : net.servers) {
    if (one.name != "vm-orders") continue;
    one.virtual_network = "vnet-hub";
    one.subnet = "snet-fw";
    one.ip_address = ip("10.10.9.9");
  }
  const Trace trace = to_public_address(net);
  EXPECT_EQ(trace.predicted, Predicted::denied) << text_of(trace);
}

TEST(PublicMachine, BehindAGatewayRouteIsUnknown) {
  Topology net = contoso();
  public_machine_over(net, NextHopType::virtual_network_gateway);
  const Trace trace = to_public_address(net);
  EXPECT_EQ(trace.predicted, Predicted::unknown) << text_of(trace);
}

}  // namespace
}  // namespace pgpassage::netcheck::test
