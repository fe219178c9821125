#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

constexpr auto to_appliance = NextHopType::virtual_appliance;

/// A second spoke, and a firewall in the hub between the two.
void firewall_between_spokes(Topology& net) {
  net.virtual_networks.push_back(network("vnet-app", "10.40.0.0/16", {subnet("snet-app", "10.40.1.0/24")}));
  VirtualNetwork& app = net.virtual_networks.back();
  app.peerings = {peering("app-to-hub", "vnet-hub")};
  app.peerings[0].allow_forwarded_traffic = true;
  spoke(net).peerings[0].allow_forwarded_traffic = true;
  hub(net).peerings.push_back(peering("hub-to-app", "vnet-app"));
  net.network_appliances = {{"fw-hub", "vnet-hub", "snet-fw", ip("10.10.9.4"), true, true, {50, 5}}};
  add_routes(net, app.subnets[0], "rt-app", {route("to-vm", "10.30.0.0/16", to_appliance, "10.10.9.4")});
  add_routes(net, spoke(net).subnets[0], "rt-vm", {route("to-app", "10.40.0.0/16", to_appliance, "10.10.9.4")});
}

class ApplianceFlow : public testing::TestWithParam<FlowCase> {};
TEST_P(ApplianceFlow, GoesThroughOrSaysWhy) { expect_flow(GetParam()); }

const auto name_of_case = [](const auto& test) { return std::string{test.param.name}; };

INSTANTIATE_TEST_SUITE_P(
    BetweenSpokes, ApplianceFlow,
    testing::Values(FlowCase{"Forwards", "vnet-app/snet-app", "vm-orders", firewall_between_spokes, Predicted::allowed},
                    FlowCase{"DefaultRoutesAreEnough", "vnet-app/snet-app", "vm-orders",
                             [](Topology& net) {
                               firewall_between_spokes(net);
                               for (RouteTable& table : net.route_tables)
                                 table.routes[0].prefix = prefixes({"0.0.0.0/0"})[0];
                             },
                             Predicted::allowed},
                    FlowCase{"IpForwardingOff",
                             "vnet-app/snet-app",
                             "vm-orders",
                             [](Topology& net) {
                               firewall_between_spokes(net);
                               net.network_appliances[0].enable_ip_forwarding = false;
                             },
                             Predicted::denied,
                             {cause::appliance_does_not_forward}},
                    FlowCase{"ItsSystemDoesNotForward",
                             "vnet-app/snet-app",
                             "vm-orders",
                             [](Topology& net) {
                               firewall_between_spokes(net);
                               net.network_appliances[0].forwards = false;
                             },
                             Predicted::denied,
                             {cause::appliance_does_not_forward}},
                    FlowCase{"NotDeclared",
                             "vnet-app/snet-app",
                             "vm-orders",
                             [](Topology& net) {
                               firewall_between_spokes(net);
                               net.network_appliances.clear();
                             },
                             Predicted::unknown,
                             {cause::route_to_unknown_next_hop}},
                    FlowCase{"SpokeRefusesForwardedTraffic",
                             "vnet-app/snet-app",
                             "vm-orders",
                             [](Topology& net) {
                               firewall_between_spokes(net);
                               spoke(net).peerings[0].allow_forwarded_traffic = false;
                             },
                             Predicted::denied,
                             {cause::forwarded_traffic_off}},
                    FlowCase{"OnlyTheAnswersAreRefused",
                             "vnet-app/snet-app",
                             "vm-orders",
                             [](Topology& net) {
                               firewall_between_spokes(net);
                               net.virtual_networks[3].peerings[0].allow_forwarded_traffic = false;
                             },
                             Predicted::denied,
                             {cause::forwarded_traffic_off}},
                    FlowCase{"NoRouteBack",
                             "vnet-app/snet-app",
                             "vm-orders",
                             [](Topology& net) {
                               firewall_between_spokes(net);
                               spoke(net).subnets[0].route_table.clear();
                             },
                             Predicted::denied,
                             {cause::no_return_route}},
                    FlowCase{"AnswersTakeADirectWay",
                             "vnet-app/snet-app",
                             "vm-orders",
                             [](Topology& net) {
                               firewall_between_spokes(net);
                               spoke(net).subnets[0].route_table.clear();
                               spoke(net).peerings.push_back(peering("vm-to-app", "vnet-app"));
                               net.virtual_networks[3].peerings.push_back(peering("app-to-vm", "vnet-spoke"));
                             },
                             Predicted::unknown,
                             {cause::asymmetric_return}},
                    FlowCase{
                        "OnlyTheAnswersGoThroughIt",
                        "runtime",
                        "vm-orders",
                        [](Topology& net) {
                          net.network_appliances = {{"fw-hub", "vnet-hub", "snet-fw", ip("10.10.9.4"), true, true, {}}};
                          add_routes(net, spoke(net).subnets[0], "rt-vm",
                                     {route("back", "10.10.1.0/24", to_appliance, "10.10.9.4")});
                        },
                        Predicted::unknown,
                        {cause::asymmetric_return}},
                    FlowCase{"ItsSubnetsGroupDenies",
                             "vnet-app/snet-app",
                             "vm-orders",
                             [](Topology& net) {
                               firewall_between_spokes(net);
                               add_nsg(net, hub(net).subnets[1], "nsg-fw",
                                       {rule({"deny", 100, Direction::inbound, Access::deny, "10.40.0.0/16"})});
                             },
                             Predicted::denied,
                             {cause::nsg_denies}},
                    FlowCase{"InANetworkThatIsNotPeered",
                             "vnet-app/snet-app",
                             "vm-orders",
                             [](Topology& net) {
                               firewall_between_spokes(net);
                               hub(net).peerings.pop_back();
                             },
                             Predicted::denied,
                             {cause::next_hop_not_reachable, cause::no_return_route}},
                    FlowCase{"PointsBackToItself",
                             "vnet-app/snet-app",
                             "vm-orders",
                             [](Topology& net) {
                               firewall_between_spokes(net);
                               add_routes(net, hub(net).subnets[1], "rt-fw",
                                          {route("loop", "10.30.0.0/16", to_appliance, "10.10.9.4")});
                             },
                             Predicted::denied,
                             {cause::routing_loop}}),
    name_of_case);

// The site reaches the spoke through the firewall in the hub, without gateway transit.
void firewall_before_gateway(Topology& net) {
  net.network_appliances = {{"fw-hub", "vnet-hub", "snet-fw", ip("10.10.9.4"), true, true, {}}};
  spoke(net).peerings[0].allow_forwarded_traffic = true;
  add_routes(net, spoke(net).subnets[0], "rt-vm", {route("out", "0.0.0.0/0", to_appliance, "10.10.9.4")});
  add_routes(net, hub(net).subnets[2], "rt-gateway", {route("in", "10.30.0.0/16", to_appliance, "10.10.9.4")});
  net.sites[0].routes = {cidr("10.0.0.0/8")};
  net.sites[0].firewall_rules->push_back(rule({"spoke", 2, Direction::inbound, Access::allow, "10.30.0.0/16"}));
}

INSTANTIATE_TEST_SUITE_P(BeforeTheGateway, ApplianceFlow,
                         testing::Values(FlowCase{"BothWays", "vm-orders", "source", firewall_before_gateway,
                                                  Predicted::allowed},
                                         FlowCase{"GatewayHandsOverDirectly",
                                                  "vm-orders",
                                                  "source",
                                                  [](Topology& net) {
                                                    firewall_before_gateway(net);
                                                    hub(net).subnets[2].route_table.clear();
                                                  },
                                                  Predicted::denied,
                                                  {cause::gateway_transit_off, cause::remote_gateway_off}},
                                         FlowCase{"SiteRoutesAreOnlyTheHub",
                                                  "vm-orders",
                                                  "source",
                                                  [](Topology& net) {
                                                    firewall_before_gateway(net);
                                                    net.sites[0].routes.reset();
                                                  },
                                                  Predicted::denied,
                                                  {cause::site_has_no_return_route}}),
                         name_of_case);

TEST(ApplianceFlow, EightHopsAreTheLimit) {
  Topology topology = contoso();
  std::vector<Subnet>& subnets = hub(topology).subnets;
  subnets.resize(1);
  for (int i = 1; i <= 9; ++i) {
    const std::string name = fmt::format("snet-{}", i), next = fmt::format("10.10.{}.4", 10 + i);
    topology.network_appliances.push_back(
        {fmt::format("fw-{}", i), "vnet-hub", name, ip(next.c_str()), true, true, {}});
    subnets.push_back(subnet(name.c_str(), fmt::format("10.10.{}.0/24", 10 + i).c_str()));
  }
  for (std::size_t i = 0; i < 9; ++i) {
    const std::string next = fmt::format("10.10.{}.4", 11 + i);
    add_routes(topology, subnets[i], fmt::format("rt-{}", i).c_str(),
               {route("on", "10.30.0.0/16", to_appliance, next.c_str())});
  }
  const Trace trace = flow(topology, "runtime", "vm-orders");
  EXPECT_NE(hop_with(trace, cause::too_many_hops), nullptr) << text_of(trace);
  EXPECT_EQ(trace.predicted, Predicted::denied);
}

class UserRouteFlow : public testing::TestWithParam<FlowCase> {};
TEST_P(UserRouteFlow, StopsOrTurnsTheFlow) { expect_flow(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    NextHops, UserRouteFlow,
    testing::Values(
        FlowCase{"None",
                 "runtime",
                 "vm-orders",
                 [](Topology& net) {
                   add_routes(net, runtime_subnet(net), "rt", {route("drop", "10.30.0.0/16", NextHopType::none)});
                 },
                 Predicted::denied,
                 {cause::route_none}},
        FlowCase{"NoneOnTheWayBack",
                 "runtime",
                 "vm-orders",
                 [](Topology& net) {
                   add_routes(net, spoke(net).subnets[0], "rt", {route("drop", "10.10.0.0/16", NextHopType::none)});
                 },
                 Predicted::denied,
                 {cause::route_none}},
        FlowCase{"InternetForAPrivateAddress",
                 "runtime",
                 "vm-orders",
                 [](Topology& net) {
                   add_routes(net, runtime_subnet(net), "rt", {route("out", "10.30.0.0/16", NextHopType::internet)});
                 },
                 Predicted::denied,
                 {cause::destination_is_private}},
        FlowCase{"VnetLocalForAnotherNetwork",
                 "runtime",
                 "vm-orders",
                 [](Topology& net) {
                   add_routes(net, runtime_subnet(net), "rt", {route("here", "10.30.0.0/16", NextHopType::vnet_local)});
                 },
                 Predicted::denied,
                 {cause::routed_elsewhere}},
        FlowCase{"GatewayToTheSite", "runtime", "source",
                 [](Topology& net) {
                   add_routes(net, runtime_subnet(net), "rt",
                              {route("vpn", "192.168.0.0/16", NextHopType::virtual_network_gateway)});
                   net.route_tables[0].disable_bgp_route_propagation = true;
                 },
                 Predicted::allowed},
        FlowCase{"ExpressRouteMayNotBeNamed",
                 "runtime",
                 "source",
                 [](Topology& net) {
                   net.virtual_network_gateways[0].type = GatewayType::express_route;
                   add_routes(net, runtime_subnet(net), "rt",
                              {route("er", "192.168.0.0/16", NextHopType::virtual_network_gateway)});
                 },
                 Predicted::denied,
                 {cause::route_to_express_route}},
        FlowCase{"GatewayThatDoesNotExist",
                 "runtime",
                 "vm-orders",
                 [](Topology& net) {
                   net.virtual_network_gateways.clear();
                   add_routes(net, runtime_subnet(net), "rt",
                              {route("vpn", "10.30.0.0/16", NextHopType::virtual_network_gateway)});
                 },
                 Predicted::denied,
                 {cause::no_gateway}},
        FlowCase{"RelayByTheHubsVpnGateway", "vm-orders", "target",
                 [](Topology& net) {
                   for (Peering& link : hub(net).peerings) link.allow_gateway_transit = true;
                   spoke(net).peerings[0].use_remote_gateways = true;
                   target_network(net).peerings[0].use_remote_gateways = true;
                   add_routes(net, spoke(net).subnets[0], "rt-vm",
                              {route("vpn", "10.20.0.0/16", NextHopType::virtual_network_gateway)});
                   add_routes(net, target_network(net).subnets[0], "rt-target",
                              {route("vpn", "10.30.0.0/16", NextHopType::virtual_network_gateway)});
                   target_network(net).subnets[0].private_endpoint_network_policies =
                       PrivateEndpointNetworkPolicies::route_table_enabled;
                 },
                 Predicted::allowed}),
    name_of_case);

// The machine in the spoke goes out by the hub's firewall, which translates; the answers are the Internet's.
void firewall_before_internet(Topology& net) {
  net.network_appliances = {{"fw-hub", "vnet-hub", "snet-fw", ip("10.10.9.4"), true, true, {}}};
  spoke(net).peerings[0].allow_forwarded_traffic = true;
  add_routes(net, spoke(net).subnets[0], "rt-vm", {route("out", "0.0.0.0/0", to_appliance, "10.10.9.4")});
  Server database = server("open-db", ServerKind::flexible_server, ServerAccess::public_access);
  database.public_ip_address = ip("20.50.0.7");
  database.firewall_rules = {{"all", ip("0.0.0.0"), ip("255.255.255.255"), {}}};
  net.servers.push_back(database);
}

INSTANTIATE_TEST_SUITE_P(BeforeTheInternet, ApplianceFlow,
                         testing::Values(FlowCase{"AnswersComeBack", "vm-orders", "open-db", firewall_before_internet,
                                                  Predicted::allowed},
                                         FlowCase{"AnswersAreForwardedTraffic",
                                                  "vm-orders",
                                                  "open-db",
                                                  [](Topology& net) {
                                                    firewall_before_internet(net);
                                                    spoke(net).peerings[0].allow_forwarded_traffic = false;
                                                  },
                                                  Predicted::denied,
                                                  {cause::forwarded_traffic_off}}),
                         name_of_case);

}  // namespace
}  // namespace pgpassage::netcheck::test
