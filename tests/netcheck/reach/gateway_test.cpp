#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

void lend_gateway(Topology& net) {
  hub(net).peerings[1].allow_gateway_transit = true;
  spoke(net).peerings[0].use_remote_gateways = true;
  net.sites[0].firewall_rules->push_back(rule({"pg-from-spoke", 2, Direction::inbound, Access::allow, "10.30.0.0/16"}));
}

class SiteFlow : public testing::TestWithParam<FlowCase> {};

TEST_P(SiteFlow, NeedsGatewayPrefixFilterAndWayBack) { expect_flow(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    OwnGateway, SiteFlow,
    testing::Values(FlowCase{"Connected", "runtime", "source", nullptr, Predicted::allowed},
                    FlowCase{"ExpressRoute", "runtime", "source",
                             [](Topology& net) { net.virtual_network_gateways[0].type = GatewayType::express_route; },
                             Predicted::allowed},
                    FlowCase{"NotConnected",
                             "runtime",
                             "source",
                             [](Topology& net) {
                               net.virtual_network_gateways[0].connections[0].status = ConnectionStatus::not_connected;
                             },
                             Predicted::denied,
                             {cause::connection_not_connected}},
                    FlowCase{"Connecting",
                             "runtime",
                             "source",
                             [](Topology& net) {
                               net.virtual_network_gateways[0].connections[0].status = ConnectionStatus::connecting;
                             },
                             Predicted::denied,
                             {cause::connection_not_connected}},
                    FlowCase{"StatusUnknown",
                             "runtime",
                             "source",
                             [](Topology& net) {
                               net.virtual_network_gateways[0].connections[0].status = ConnectionStatus::unknown;
                             },
                             Predicted::unknown,
                             {cause::connection_status_unknown}},
                    FlowCase{"SecondConnectionTakesOver", "runtime", "source",
                             [](Topology& net) {
                               auto& connections = net.virtual_network_gateways[0].connections;
                               connections.push_back({"standby", "datacenter", ConnectionStatus::connected, {}});
                               connections[0].status = ConnectionStatus::not_connected;
                             },
                             Predicted::allowed},
                    FlowCase{"LearnedRouteCoversIt", "runtime", "source",
                             [](Topology& net) {
                               auto& connection = net.virtual_network_gateways[0].connections[0];
                               connection.enable_bgp = true;
                               connection.learned_routes = {cidr("192.168.4.0/24")};
                             },
                             Predicted::allowed},
                    FlowCase{"LearnedRoutesMissIt",
                             "runtime",
                             "source",
                             [](Topology& net) {
                               auto& connection = net.virtual_network_gateways[0].connections[0];
                               connection.enable_bgp = true;
                               connection.learned_routes = {cidr("192.168.5.0/24")};
                             },
                             Predicted::denied,
                             {cause::prefix_not_behind_gateway}},
                    FlowCase{"PeeringBeatsALongerLearnedRoute", "runtime", "vm-orders",
                             [](Topology& net) {
                               auto& connection = net.virtual_network_gateways[0].connections[0];
                               connection.learned_routes = {cidr("10.30.1.0/24"), cidr("192.168.0.0/16")};
                             },
                             Predicted::allowed},
                    FlowCase{"NoGateway",
                             "runtime",
                             "source",
                             [](Topology& net) { net.virtual_network_gateways.clear(); },
                             Predicted::denied,
                             {cause::no_gateway}},
                    FlowCase{"GatewayWithoutConnection",
                             "runtime",
                             "source",
                             [](Topology& net) { net.virtual_network_gateways[0].connections.clear(); },
                             Predicted::denied,
                             {cause::no_connection, cause::no_gateway}},
                    FlowCase{"AddressOutsideThePrefixes",
                             "runtime",
                             "source",
                             [](Topology& net) { net.servers[0].ip_address = ip("172.16.0.9"); },
                             Predicted::denied,
                             {cause::prefix_not_behind_gateway}},
                    FlowCase{"GatewayRoutesDisabled",
                             "runtime",
                             "source",
                             [](Topology& net) {
                               add_routes(net, runtime_subnet(net), "rt-runtime", {});
                               net.route_tables[0].disable_bgp_route_propagation = true;
                             },
                             Predicted::denied,
                             {cause::gateway_routes_disabled}},
                    FlowCase{"SiteRoutesCoverTheStart", "runtime", "source",
                             [](Topology& net) { net.sites[0].routes = {cidr("10.0.0.0/8")}; }, Predicted::allowed},
                    FlowCase{"SiteSendsNothingBack",
                             "runtime",
                             "source",
                             [](Topology& net) { net.sites[0].routes = std::vector<Cidr>{}; },
                             Predicted::denied,
                             {cause::site_has_no_return_route}},
                    FlowCase{"SiteRoutesCoverAPartOfTheSubnet",
                             "runtime",
                             "source",
                             [](Topology& net) { net.sites[0].routes = {cidr("10.10.1.0/25")}; },
                             Predicted::unknown,
                             {cause::site_has_no_return_route}}),
    [](const auto& test) { return std::string{test.param.name}; });

INSTANTIATE_TEST_SUITE_P(
    PeersGateway, SiteFlow,
    testing::Values(
        FlowCase{"Transit", "vm-orders", "source", lend_gateway, Predicted::allowed},
        FlowCase{"NotLent",
                 "vm-orders",
                 "source",
                 [](Topology& net) {
                   lend_gateway(net);
                   hub(net).peerings[1].allow_gateway_transit = false;
                 },
                 Predicted::denied,
                 {cause::gateway_transit_off}},
        FlowCase{"NotUsed",
                 "vm-orders",
                 "source",
                 [](Topology& net) {
                   lend_gateway(net);
                   spoke(net).peerings[0].use_remote_gateways = false;
                 },
                 Predicted::denied,
                 {cause::remote_gateway_off}},
        FlowCase{"PeeringNotConnected",
                 "vm-orders",
                 "source",
                 [](Topology& net) {
                   lend_gateway(net);
                   hub(net).peerings[1].state = PeeringState::initiated;
                 },
                 Predicted::denied,
                 {cause::peering_not_connected, cause::site_has_no_return_route}},
        FlowCase{"OwnGatewayExcludesThePeers",
                 "vm-orders",
                 "source",
                 [](Topology& net) {
                   lend_gateway(net);
                   net.virtual_network_gateways.push_back({"vgw-spoke", "vnet-spoke", GatewayType::vpn, {}, {}});
                 },
                 Predicted::denied,
                 {cause::no_connection}},
        FlowCase{"SiteRoutesMissTheSpoke",
                 "vm-orders",
                 "source",
                 [](Topology& net) {
                   lend_gateway(net);
                   net.sites[0].routes = {cidr("10.10.0.0/16")};
                 },
                 Predicted::denied,
                 {cause::site_has_no_return_route}},
        FlowCase{"EndpointBehindTransitFromTheSite", "datacenter", "target",
                 [](Topology& net) {
                   hub(net).peerings[0].allow_gateway_transit = true;
                   target_network(net).peerings[0].use_remote_gateways = true;
                   net.sites[0].firewall_rules->push_back(rule({"out", 3, Direction::outbound, Access::allow}));
                 },
                 Predicted::allowed},
        FlowCase{"EndpointWithoutTransitFromTheSite",
                 "datacenter",
                 "target",
                 [](Topology& net) {
                   net.sites[0].firewall_rules->push_back(rule({"out", 3, Direction::outbound, Access::allow}));
                 },
                 Predicted::denied,
                 {cause::gateway_transit_off, cause::remote_gateway_off}}),
    [](const auto& test) { return std::string{test.param.name}; });

INSTANTIATE_TEST_SUITE_P(
    SiteFilter, SiteFlow,
    testing::Values(
        FlowCase{"AbsentIsUnknown",
                 "runtime",
                 "source",
                 [](Topology& net) { net.sites[0].firewall_rules.reset(); },
                 Predicted::unknown,
                 {cause::firewall_not_described}},
        FlowCase{"EmptyIsNobody",
                 "runtime",
                 "source",
                 [](Topology& net) { net.sites[0].firewall_rules->clear(); },
                 Predicted::denied,
                 {cause::firewall_denies}},
        FlowCase{"FirstMatchInFileOrder",
                 "runtime",
                 "source",
                 [](Topology& net) {
                   auto& rules = *net.sites[0].firewall_rules;
                   rules.insert(rules.begin(), rule({"deny", 9, Direction::inbound, Access::deny, "10.0.0.0/8"}));
                 },
                 Predicted::denied,
                 {cause::firewall_denies}},
        FlowCase{"DenyBehindTheAllowIsNotAsked", "runtime", "source",
                 [](Topology& net) {
                   net.sites[0].firewall_rules->push_back(rule({"deny", 1, Direction::inbound, Access::deny}));
                 },
                 Predicted::allowed},
        FlowCase{"DefaultDeny",
                 "runtime",
                 "source",
                 [](Topology& net) { (*net.sites[0].firewall_rules)[0].source_prefixes = prefixes({"10.99.0.0/16"}); },
                 Predicted::denied,
                 {cause::firewall_denies}},
        FlowCase{"HalfTheSubnetIsUnknown",
                 "runtime",
                 "source",
                 [](Topology& net) { (*net.sites[0].firewall_rules)[0].source_prefixes = prefixes({"10.10.1.0/25"}); },
                 Predicted::unknown,
                 {cause::firewall_undecided}},
        FlowCase{"MayBeDeniedBeforeItIsAllowed",
                 "runtime",
                 "source",
                 [](Topology& net) {
                   auto& rules = *net.sites[0].firewall_rules;
                   rules.insert(rules.begin(), rule({"deny", 9, Direction::inbound, Access::deny, "10.10.1.0/25"}));
                   rules.insert(rules.begin(), rule({"allow", 8, Direction::inbound, Access::allow, "10.10.1.0/26"}));
                 },
                 Predicted::unknown,
                 {cause::firewall_undecided}},
        FlowCase{"AwsHasNoDenyRules",
                 "runtime",
                 "source",
                 [](Topology& net) {
                   net.sites[0].kind = SiteKind::aws;
                   auto& rules = *net.sites[0].firewall_rules;
                   rules.insert(rules.begin(), rule({"deny", 9, Direction::inbound, Access::deny}));
                 },
                 Predicted::unknown,
                 {cause::firewall_undecided}},
        FlowCase{"AwsLetsEverythingOut", "datacenter", "runtime",
                 [](Topology& net) { net.sites[0].kind = SiteKind::aws; }, Predicted::allowed},
        FlowCase{"OutboundWithoutARuleIsUnknown",
                 "datacenter",
                 "runtime",
                 nullptr,
                 Predicted::unknown,
                 {cause::firewall_not_described}}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(SiteFlow, ListsEveryBlocker) {
  Topology topology = contoso();
  topology.virtual_network_gateways[0].connections[0].status = ConnectionStatus::not_connected;
  topology.sites[0].firewall_rules->clear();
  topology.sites[0].routes = std::vector<Cidr>{};
  add_nsg(topology, runtime_subnet(topology), "nsg-runtime",
          {rule({"deny-out", 100, Direction::outbound, Access::deny})});
  EXPECT_EQ(causes(flow(topology, "runtime", "source")),
            (std::vector<std::string>{cause::nsg_denies, cause::connection_not_connected, cause::firewall_denies,
                                      cause::site_has_no_return_route}));
}

TEST(SiteFlow, AUserRouteToTheGatewayIsDoubtfulBesideExpressRoute) {
  Topology net = contoso();
  add_routes(net, runtime_subnet(net), "rt", {route("site", "192.168.0.0/16", NextHopType::virtual_network_gateway)});
  EXPECT_EQ(flow(net, "runtime", "source").predicted, Predicted::allowed);
  net.virtual_network_gateways.push_back({"er-hub", "vnet-hub", GatewayType::express_route, {}, {}});
  EXPECT_EQ(causes(flow(net, "runtime", "source")), std::vector<std::string>{cause::route_to_express_route});
}

/// The gateways that a flow there and back passes by, in order.
std::vector<std::string> gateways_on(const Trace& trace) {
  std::vector<std::string> gateways;
  for (const Hop& hop : trace.hops)
    if (hop.kind == HopKind::gateway) gateways.push_back(hop.by);
  return gateways;
}

TEST(SiteFlow, ExpressRouteCarriesWhatAVpnBesideItAnnouncesToo) {
  Topology net = contoso();
  net.virtual_network_gateways.push_back(net.virtual_network_gateways[0]);
  VirtualNetworkGateway& second = net.virtual_network_gateways[1];
  second.name = "er-hub";
  second.type = GatewayType::express_route;
  second.connections[0].name = "circuit";
  const std::vector<std::string> by_circuit{"er-hub/circuit", "er-hub/circuit"};
  EXPECT_EQ(gateways_on(flow(net, "runtime", "source")), by_circuit);
  second.connections[0].status = ConnectionStatus::not_connected;
  const std::string vpn =
      net.virtual_network_gateways[0].name + "/" + net.virtual_network_gateways[0].connections[0].name;
  EXPECT_EQ(gateways_on(flow(net, "runtime", "source")), (std::vector{vpn, vpn}));
}

/// A branch behind the same VPN gateway; both sites send each other's prefixes there.
void add_branch(Topology& net) {
  Site branch;
  branch.name = "branch";
  branch.address_prefixes = {cidr("172.20.0.0/16")};
  branch.routes = {cidr("192.168.0.0/16")};
  branch.firewall_rules = {rule({"out", 1, Direction::outbound, Access::allow}),
                           rule({"in", 2, Direction::inbound, Access::allow})};
  net.sites.push_back(branch);
  net.sites[0].routes = {cidr("172.20.0.0/16"), cidr("10.10.0.0/16")};
  net.sites[0].firewall_rules = branch.firewall_rules;
  auto& connections = net.virtual_network_gateways[0].connections;
  connections.push_back({"to-branch", "branch", ConnectionStatus::connected, {61, 9}});
  for (GatewayConnection& connection : connections) connection.enable_bgp = true;
  net.hosts = {Host{"vm-branch", "", "", "branch", ip("172.20.1.4"), "", {}, "", "", {}}};
}

INSTANTIATE_TEST_SUITE_P(BetweenSites, SiteFlow,
                         testing::Values(FlowCase{"RelayedWithBgp", "vm-branch", "source", add_branch,
                                                  Predicted::allowed},
                                         FlowCase{"WithoutBgpNotDecided",
                                                  "vm-branch",
                                                  "source",
                                                  [](Topology& net) {
                                                    add_branch(net);
                                                    net.virtual_network_gateways[0].connections[0].enable_bgp = false;
                                                  },
                                                  Predicted::unknown,
                                                  {cause::site_not_described}},
                                         FlowCase{"NoWordOfItInTheRoutes",
                                                  "vm-branch",
                                                  "source",
                                                  [](Topology& net) {
                                                    add_branch(net);
                                                    net.sites[1].routes = {cidr("10.10.0.0/16")};
                                                  },
                                                  Predicted::unknown,
                                                  {cause::site_not_described}},
                                         FlowCase{"ExpressRouteNotDecided",
                                                  "vm-branch",
                                                  "source",
                                                  [](Topology& net) {
                                                    add_branch(net);
                                                    net.virtual_network_gateways[0].type = GatewayType::express_route;
                                                  },
                                                  Predicted::unknown,
                                                  {cause::site_not_described}},
                                         FlowCase{"OneConnectionDown",
                                                  "vm-branch",
                                                  "source",
                                                  [](Topology& net) {
                                                    add_branch(net);
                                                    net.virtual_network_gateways[0].connections[1].status =
                                                        ConnectionStatus::not_connected;
                                                  },
                                                  Predicted::denied,
                                                  {cause::connection_not_connected}}),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(SiteFlow, ToTheInternetNotByTheOwnUplinkWhenItsRoutesLeadIntoAzure) {
  Topology net = contoso();
  net.sites[0].firewall_rules->push_back(rule({"out", 2, Direction::outbound, Access::allow}));
  EXPECT_EQ(flow(net, "source", "Internet").predicted, Predicted::allowed);
  net.sites[0].routes = {cidr("0.0.0.0/0")};
  const Trace trace = flow(net, "source", "Internet");
  EXPECT_EQ(trace.predicted, Predicted::unknown) << text_of(trace);
  EXPECT_EQ(causes(trace), std::vector<std::string>{cause::routed_elsewhere});
}

/// Everything public goes to the datacenter.
void tunnel_all(Topology& net) { net.sites[0].address_prefixes.push_back(cidr("0.0.0.0/0")); }

INSTANTIATE_TEST_SUITE_P(
    ForcedTunnel, SiteFlow,
    testing::Values(
        FlowCase{"WhatTheSiteDoesThenIsNotDescribed",
                 "runtime",
                 "Internet",
                 [](Topology& net) {
                   tunnel_all(net);
                   net.sites[0].firewall_rules->push_back(rule({"out", 2, Direction::outbound, Access::allow}));
                 },
                 Predicted::unknown,
                 {cause::site_not_described}},
        FlowCase{"TheSitesFilterLetsNothingOut",
                 "runtime",
                 "Internet",
                 [](Topology& net) {
                   tunnel_all(net);
                   net.sites[0].firewall_rules->push_back(rule({"no", 2, Direction::outbound, Access::deny}));
                 },
                 Predicted::denied,
                 {cause::firewall_denies}}),
    [](const auto& test) { return std::string{test.param.name}; });

// No reader makes such a topology, and a program may: nothing may pass for want of a description.
TEST(Walk, EndsInAnUnknownHopWhereTheTopologyLacksWhatItNames) {
  const auto expect_unknown = [](const Topology& net, Place from, Place to) {
    const Trace trace = trace_flow(net, from, to, 5432);
    EXPECT_EQ(trace.predicted, Predicted::unknown) << text_of(trace);
    expect_causes_are_complete(trace);
  };
  Topology net = contoso();
  const Place runtime = place_of(net, "runtime").value();
  const Place source = place_of(net, "source").value();
  Topology without_site = net;
  without_site.sites.clear();
  expect_unknown(without_site, source, runtime);
  Place nowhere = place_of(net, "vm-orders").value();
  nowhere.virtual_network = "vnet-gone";
  nowhere.server = nullptr;
  const Trace trace = trace_flow(net, nowhere, runtime, 5432);
  EXPECT_NE(trace.predicted, Predicted::allowed) << text_of(trace);
  EXPECT_NE(hop_with(trace, cause::way_not_decided), nullptr) << text_of(trace);
}

}  // namespace
}  // namespace pgpassage::netcheck::test
