#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/lab/layout.hpp"
#include "tests/lab/plan.hpp"

namespace pgpassage::lab {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Cidr cidr(const char* text) { return *Cidr::parse(text); }
IpAddress address(const char* text) { return *IpAddress::parse(text); }
AddressPrefix tag(const char* name) { return {{}, name}; }
AddressPrefix prefix(const char* text) { return {cidr(text), ""}; }

SecurityRule rule(const char* name, int priority, Direction direction, Access access, AddressPrefix to,
                  std::vector<PortRange> ports = {{5432, 5432}}) {
  return {.name = name,
          .priority = priority,
          .direction = direction,
          .access = access,
          .protocol = Protocol::tcp,
          .source_prefixes = {tag("*")},
          .source_ports = {{}},
          .destination_prefixes = {std::move(to)},
          .destination_ports = std::move(ports)};
}

/// vnet-a 10.1.0.0/16 (host, subnet with NSG and route table) peered with vnet-b 10.2.0.0/16 (private endpoint).
Topology two_networks() {
  Topology topology;
  topology.virtual_networks = {
      {.name = "vnet-a",
       .address_prefixes = {cidr("10.1.0.0/16")},
       .subnets = {{.name = "snet-a",
                    .prefixes = {cidr("10.1.1.0/24")},
                    .network_security_group = "nsg-a",
                    .route_table = "rt-a"}},
       .peerings = {{.name = "a-to-b", .remote_virtual_network = "vnet-b"}}},
      {.name = "vnet-b",
       .address_prefixes = {cidr("10.2.0.0/16")},
       .subnets = {{.name = "snet-b", .prefixes = {cidr("10.2.1.0/24")}, .network_security_group = "nsg-b"}},
       .peerings = {{.name = "b-to-a", .remote_virtual_network = "vnet-a"}}}};
  topology.network_security_groups = {
      {.name = "nsg-a",
       .rules = {rule("allow-b", 100, Direction::outbound, Access::allow, prefix("10.2.0.0/16")),
                 rule("deny-all", 200, Direction::outbound, Access::deny, tag("*"), {{}})}},
      {.name = "nsg-b", .rules = {rule("deny-in", 300, Direction::inbound, Access::deny, tag("VirtualNetwork"))}}};
  topology.route_tables = {{.name = "rt-a"}};
  topology.hosts = {
      {.name = "vm-a", .virtual_network = "vnet-a", .subnet = "snet-a", .ip_address = address("10.1.1.4")}};
  topology.servers = {{.name = "target",
                       .kind = ServerKind::flexible_server,
                       .access = ServerAccess::private_endpoint,
                       .fqdn = "target.postgres.database.azure.com"}};
  topology.private_endpoints = {{.name = "pe-target",
                                 .virtual_network = "vnet-b",
                                 .subnet = "snet-b",
                                 .private_ip_address = address("10.2.1.4"),
                                 .private_link_service = "target",
                                 .private_dns_zone_group = {"privatelink.postgres.database.azure.com"}}};
  topology.private_dns_zones = {{.name = "privatelink.postgres.database.azure.com",
                                 .virtual_network_links = {{.name = "link-a", .virtual_network = "vnet-a"}}}};
  return topology;
}

Topology with_user_route(Route route, PrivateEndpointNetworkPolicies policies) {
  Topology topology = two_networks();
  topology.route_tables.front().routes = {std::move(route)};
  topology.virtual_networks[1].subnets[0].private_endpoint_network_policies = policies;
  return topology;
}

std::string filter_of(const Topology& topology, const char* place) {
  const LabPlan plan = compile(topology);
  return find_place(plan, place)->filter;
}

std::vector<std::string> routes_of(const Topology& topology, const char* place) {
  const LabPlan plan = compile(topology);
  return find_place(plan, place)->routes;
}

const NameServer& name_server(const LabPlan& plan, const char* place) {
  return *std::ranges::find(plan.name_servers, place, &NameServer::place);
}

TEST(LabFilter, RulesStandInOrderOfPriorityAndDefaultsEndThem) {
  const std::string text = filter_of(two_networks(), "vnet.vnet-a");
  const auto first = text.find("nsg-a/allow-b/100"), second = text.find("nsg-a/deny-all/200");
  const auto last = text.find("nsg-a/DenyAllOutBound/65500");
  ASSERT_NE(last, std::string::npos);
  EXPECT_LT(first, second);
  EXPECT_LT(second, last);
  EXPECT_THAT(
      text,
      HasSubstr(
          "ip daddr { 10.2.0.0/16 } meta l4proto tcp th dport { 5432 } counter return comment \"nsg-a/allow-b/100\""));
}

TEST(LabFilter, PortRangesThatOverlapBecomeOne) {
  Topology topology = two_networks();
  topology.network_security_groups[0].rules[0].destination_ports = {{6000, 7000}, {5432, 5432}, {6500, 8000}};
  EXPECT_THAT(filter_of(topology, "vnet.vnet-a"), HasSubstr("th dport { 5432, 6000-8000 }"));
}

TEST(LabFilter, PrefixesInsideOthersAreLeftOut) {
  Topology topology = two_networks();
  topology.network_security_groups[0].rules[0].destination_prefixes = {prefix("10.2.0.0/16"), prefix("10.2.1.0/24"),
                                                                       prefix("10.9.0.0/16")};
  EXPECT_THAT(filter_of(topology, "vnet.vnet-a"), HasSubstr("ip daddr { 10.2.0.0/16, 10.9.0.0/16 }"));
}

TEST(LabFilter, VirtualNetworkTagHoldsPeersAndUserRoutes) {
  const Topology topology =
      with_user_route({.name = "x", .prefix = prefix("172.20.0.0/16"), .next_hop_type = NextHopType::none}, {});
  EXPECT_THAT(filter_of(topology, "vnet.vnet-a"),
              HasSubstr("set vnet_0 { type ipv4_addr; flags interval; elements = { 10.1.0.0/16, 10.2.0.0/16, "
                        "168.63.129.16/32, 172.20.0.0/16 }"));
}

TEST(LabFilter, EndpointPassesItsSubnetsFilterOnlyUnderNetworkPolicies) {
  Topology topology = two_networks();
  EXPECT_THAT(filter_of(topology, "vnet.vnet-b"), Not(HasSubstr("nsg-b/deny-in/300")));
  topology.virtual_networks[1].subnets[0].private_endpoint_network_policies =
      PrivateEndpointNetworkPolicies::network_security_group_enabled;
  EXPECT_THAT(filter_of(topology, "vnet.vnet-b"), HasSubstr("nsg-b/deny-in/300"));
}

TEST(LabFilter, EndpointThatIsNotApprovedIsShut) {
  Topology topology = two_networks();
  topology.private_endpoints[0].connection_state = EndpointConnectionState::pending;
  EXPECT_THAT(filter_of(topology, "vnet.vnet-b"),
              HasSubstr("counter drop comment \"pe-target/connectionState/Pending\""));
}

TEST(LabFilter, ForwardedTrafficIsDroppedUnlessAllowed) {
  Topology topology = two_networks();
  EXPECT_THAT(filter_of(topology, "vnet.vnet-b"), HasSubstr("b-to-a/allowForwardedTraffic/false"));
  topology.virtual_networks[1].peerings[0].allow_forwarded_traffic = true;
  EXPECT_THAT(filter_of(topology, "vnet.vnet-b"), Not(HasSubstr("allowForwardedTraffic")));
}

TEST(LabFilter, NamesCannotBreakOutOfAComment) {
  Topology topology = two_networks();
  topology.network_security_groups[0].rules[0].name = "x\"; drop #" + std::string(200, 'y');
  const std::string text = filter_of(topology, "vnet.vnet-a");
  EXPECT_THAT(text, Not(HasSubstr("x\"; drop")));
  EXPECT_THAT(text, HasSubstr("nsg-a/x___drop__yyy"));
}

TEST(LabRoutes, PeeringNeedsBothSidesConnected) {
  Topology topology = two_networks();
  EXPECT_THAT(routes_of(topology, "vnet.vnet-a"), Contains(HasSubstr("10.2.0.0/16 via")));
  topology.virtual_networks[1].peerings[0].state = PeeringState::initiated;
  EXPECT_THAT(routes_of(topology, "vnet.vnet-a"), Not(Contains(HasSubstr("10.2.0.0/16 via"))));
}

TEST(LabRoutes, EndpointsRouteYieldsToLongUserRoutesUnderNetworkPoliciesOnly) {
  const Route whole{.name = "x", .prefix = prefix("10.2.0.0/16"), .next_hop_type = NextHopType::none};
  const Route everything{.name = "x", .prefix = prefix("0.0.0.0/0"), .next_hop_type = NextHopType::none};
  const auto kept = Contains(HasSubstr("10.2.1.4/32 via"));
  using enum PrivateEndpointNetworkPolicies;
  EXPECT_THAT(routes_of(with_user_route(whole, disabled), "vnet.vnet-a"), kept);
  EXPECT_THAT(routes_of(with_user_route(everything, route_table_enabled), "vnet.vnet-a"), kept);
  EXPECT_THAT(routes_of(with_user_route(whole, route_table_enabled), "vnet.vnet-a"), Not(kept));
}

TEST(LabRoutes, UserRouteHasABetterMetricThanTheSystemRouteOfItsPrefix) {
  const auto routes =
      routes_of(with_user_route({.name = "x", .prefix = prefix("10.2.0.0/16"), .next_hop_type = NextHopType::none}, {}),
                "vnet.vnet-a");
  EXPECT_THAT(routes, Contains("route add blackhole 10.2.0.0/16 table 1000 metric 100"));
  EXPECT_THAT(routes, Contains(testing::MatchesRegex("route add 10.2.0.0/16 via .* table 1000 metric 300")));
}

TEST(LabNames, ZoneGroupWritesARecordThatLinkedNetworksSee) {
  const LabPlan plan = compile(two_networks());
  const auto& zones = name_server(plan, "vnet.vnet-a").zones;
  ASSERT_EQ(zones.size(), 1U);
  EXPECT_EQ(zones[0].name, "privatelink.postgres.database.azure.com");
  EXPECT_THAT(zones[0].text, HasSubstr("target 10 A 10.2.1.4\n"));
  EXPECT_TRUE(name_server(plan, "vnet.vnet-b").zones.empty());
}

TEST(LabNames, RecordOfTheZoneWinsOverTheZoneGroup) {
  Topology topology = two_networks();
  topology.private_dns_zones[0].a_records = {
      {.name = "target", .ipv4_addresses = {address("10.2.1.99")}, .ttl_seconds = 10}};
  const LabPlan plan = compile(topology);
  EXPECT_THAT(name_server(plan, "vnet.vnet-a").zones[0].text, HasSubstr("10.2.1.99"));
  EXPECT_THAT(name_server(plan, "vnet.vnet-a").zones[0].text, Not(HasSubstr("10.2.1.4")));
}

TEST(LabNames, PublicNameOfAServerWithAnEndpointLeadsThroughPrivatelink) {
  const LabPlan plan = compile(two_networks());
  const std::string& root = name_server(plan, "internet").zones.at(0).text;
  EXPECT_THAT(
      root,
      HasSubstr("target.postgres.database.azure.com. 10 CNAME target.privatelink.postgres.database.azure.com.\n"));
  EXPECT_THAT(root, HasSubstr("target.privatelink.postgres.database.azure.com. 10 A 198.51.100.100\n"));
}

TEST(LabNames, RedirectingLinkHoldsSingleNamesInsteadOfTheZone) {
  Topology topology = two_networks();
  topology.private_dns_zones[0].virtual_network_links[0].resolution_policy = ResolutionPolicy::nx_domain_redirect;
  const LabPlan plan = compile(topology);
  const auto& zones = name_server(plan, "vnet.vnet-a").zones;
  ASSERT_EQ(zones.size(), 1U);
  EXPECT_EQ(zones[0].name, "target.privatelink.postgres.database.azure.com");
}

TEST(LabPlan, NamesWhatItCannotBuild) {
  Topology topology = two_networks();
  topology.network_security_groups[0].rules[0].destination_prefixes = {tag("Storage.WestEurope")};
  topology.servers.push_back({.name = "nowhere"});
  const LabPlan plan = compile(topology);
  EXPECT_THAT(plan.not_raised,
              Contains(HasSubstr("nsg-a/allow-b/100: the addresses of service tag Storage.WestEurope")));
  EXPECT_THAT(plan.not_raised, Contains(HasSubstr("server nowhere")));
}

TEST(LabPlan, DeclaredServiceTagIsBuilt) {
  Topology topology = two_networks();
  topology.network_security_groups[0].rules[0].destination_prefixes = {tag("Storage.WestEurope")};
  topology.service_tags = {{.name = "Storage.WestEurope", .prefixes = {cidr("20.60.0.0/16")}}};
  EXPECT_THAT(filter_of(topology, "vnet.vnet-a"), HasSubstr("ip daddr { 20.60.0.0/16 }"));
  EXPECT_TRUE(compile(topology).not_raised.empty());
}

TEST(LabPlan, IntegratedServerWithoutAddressTakesTheFirstFreeOne) {
  Topology topology = two_networks();
  topology.servers.push_back(
      {.name = "runtime", .access = ServerAccess::vnet_integrated, .virtual_network = "vnet-a", .subnet = "snet-a"});
  const LabPlan plan = compile(topology);  // .0 to .3 are Azure's, .4 is the host's
  EXPECT_THAT(find_place(plan, "server.runtime")->routes, Contains(HasSubstr("src 10.1.1.5")));
}

TEST(LabPlan, EveryLinkJoinsTwoPlacesAndNoDeviceNameIsTooLong) {
  const LabPlan plan = compile(two_networks());
  for (const Link& link : plan.links)
    for (const LinkEnd* end : {&link.one, &link.other}) {
      EXPECT_NE(find_place(plan, end->place), nullptr) << end->place;
      EXPECT_LT(end->device.size(), 16U) << end->device;  // IFNAMSIZ
    }
}

}  // namespace
}  // namespace pgpassage::lab
