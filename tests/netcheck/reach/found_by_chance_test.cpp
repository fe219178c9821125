// Flows of random networks about which tests/naive disagreed, each cut down to what mattered.
#include <ostream>

#include "netcheck/topology/reader.hpp"
#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

struct Found {
  const char* name;
  const char* topology;
  const char* from;
  const char* to;
  Predicted predicted;
};

std::ostream& operator<<(std::ostream& out, const Found& found) { return out << found.name; }

class FoundByChance : public testing::TestWithParam<Found> {};

TEST_P(FoundByChance, IsDecidedByTheFacts) {
  const auto topology =
      read_topology(std::string{"apiVersion: pgpassage/v1\nmetadata: {name: found}\n"} + GetParam().topology);
  ASSERT_TRUE(topology) << topology.error().front().message;
  const Trace trace = flow(*topology, GetParam().from, GetParam().to);
  EXPECT_EQ(trace.predicted, GetParam().predicted) << text_of(trace);
  expect_causes_are_complete(trace);
}

INSTANTIATE_TEST_SUITE_P(Flows, FoundByChance,
                         testing::Values(Found{"AKnownPublicAddressWasJudgedAsNobodys", R"(
servers:
  - {name: db, kind: flexibleServer, access: vnetIntegrated, virtualNetwork: vnet, subnet: snet, ipAddress: 10.2.2.4}
  - {name: closed, kind: onPremises, access: public, publicIpAddress: 52.1.1.5, publicNetworkAccess: Disabled}
virtualNetworks:
  - {name: vnet, addressPrefixes: [10.2.0.0/16], subnets: [{name: snet, addressPrefix: 10.2.2.0/24}]}
)",
                                               "db", "52.1.1.5", Predicted::denied},
                                         Found{"AMachineWasSeenFromItsOwnAddressThoughAnApplianceMayBeOnTheWay", R"(
servers:
  - {name: vm, kind: azureVm, access: public, virtualNetwork: vnet, subnet: snet, publicIpAddress: 20.0.0.3}
  - {name: open, kind: onPremises, access: public, firewallRules: [{name: some, startIpAddress: 20.0.0.1, endIpAddress: 20.0.0.2}]}
virtualNetworks:
  - name: vnet
    addressPrefixes: [10.3.0.0/16]
    subnets: [{name: snet, addressPrefix: 10.3.1.0/24, routeTable: rt}, {name: snet-fw, addressPrefix: 10.3.3.0/24}]
networkAppliances: [{name: fw, virtualNetwork: vnet, subnet: snet-fw, ipAddress: 10.3.3.4}]
routeTables:
  - name: rt
    routes: [{name: storage, addressPrefix: Storage.WestEurope, nextHopType: VirtualAppliance, nextHopIpAddress: 10.3.3.4}]
)",
                                               "vm", "open", Predicted::unknown},
                                         Found{"TwoAddressesThatMayShareASubnetOfAwsWereParted", R"(
servers: [{name: db, kind: amazonAurora, access: private, ipAddress: 192.168.1.20}]
sites:
  - name: site
    kind: aws
    addressPrefixes: [192.168.1.0/24]
    networkAcls: [{name: acl, associations: [192.168.1.0/27], entries: []}]
)",
                                               "site", "db", Predicted::unknown},
                                         Found{"AGroupDeniedWhatAnAdminRuleMayAlwaysAllow", R"(
servers: [{name: vm, kind: azureVm, access: private, virtualNetwork: vnet, subnet: snet, ipAddress: 10.2.1.5}]
virtualNetworks:
  - {name: vnet, addressPrefixes: [10.2.0.0/16], subnets: [{name: snet, addressPrefix: 10.2.1.0/24, networkSecurityGroup: nsg}]}
networkSecurityGroups:
  - name: nsg
    securityRules: [{name: deny-out, priority: 300, direction: Outbound, access: Deny, protocol: "*", sourceAddressPrefix: "*", destinationAddressPrefix: "*", destinationPortRange: "*"}]
networkGroups: [{name: all, staticMembers: [vnet]}]
securityAdminConfigurations:
  - name: sac
    ruleCollections:
      - name: rc
        appliesToGroups: [all]
        rules:
          - {name: no, priority: 20, direction: Outbound, access: Deny, protocol: Any}
          - {name: always, priority: 20, direction: Outbound, access: AlwaysAllow, protocol: Tcp}
)",
                                               "vm", "20.0.0.1", Predicted::unknown},
                                         Found{"ASiteWasSeenFromItsPrivateAddressAtAPublicOne", R"(
servers: [{name: vm, kind: azureVm, access: public, virtualNetwork: vnet, subnet: snet, ipAddress: 10.2.1.5, publicIpAddress: 20.0.0.1}]
virtualNetworks:
  - {name: vnet, addressPrefixes: [10.2.0.0/16], subnets: [{name: snet, addressPrefix: 10.2.1.0/24, networkSecurityGroup: nsg}]}
networkSecurityGroups:
  - name: nsg
    securityRules:
      - {name: not-privately, priority: 100, direction: Inbound, access: Deny, protocol: Tcp, sourceAddressPrefix: VirtualNetwork, destinationAddressPrefix: "*", destinationPortRange: "*"}
      - {name: anyone, priority: 110, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: "*", destinationAddressPrefix: "*", destinationPortRange: "*"}
virtualNetworkGateways:
  - {name: gw, virtualNetwork: vnet, gatewayType: Vpn, connections: [{name: to-site, site: site, connectionStatus: Connected}]}
sites: [{name: site, kind: onPremises, addressPrefixes: [192.168.2.0/24], routes: [0.0.0.0/1]}]
)",
                                               "site", "vm", Predicted::unknown},
                                         Found{"APublicMachineWithoutAPublicAddressWasReachedPrivately", R"(
servers:
  - {name: db, kind: flexibleServer, access: vnetIntegrated, virtualNetwork: vnet, subnet: snet, ipAddress: 10.2.2.4}
  - {name: vm, kind: azureVm, access: public, virtualNetwork: vnet, subnet: snet-vm, ipAddress: 10.2.1.5}
virtualNetworks:
  - name: vnet
    addressPrefixes: [10.2.0.0/16]
    subnets: [{name: snet, addressPrefix: 10.2.2.0/24}, {name: snet-vm, addressPrefix: 10.2.1.0/24, networkSecurityGroup: nsg}]
networkSecurityGroups: [{name: nsg, securityRules: []}]
)",
                                               "db", "vm", Predicted::unknown},
                                         Found{"TheFirewallListOfAPublicMachineDidNotCount", R"(
servers: [{name: vm, kind: azureVm, access: public, virtualNetwork: vnet, subnet: snet, ipAddress: 10.2.1.5, publicIpAddress: 20.0.0.2, firewallRules: []}]
virtualNetworks:
  - {name: vnet, addressPrefixes: [10.2.0.0/16], subnets: [{name: snet, addressPrefix: 10.2.1.0/24}]}
)",
                                               "52.1.1.9", "vm", Predicted::denied},
                                         Found{"TheServiceEndpointOfTheAppliancesSubnetDidNotCount", R"(
servers:
  - {name: db, kind: flexibleServer, access: vnetIntegrated, virtualNetwork: vnet, subnet: snet, ipAddress: 10.1.2.4}
  - {name: single, kind: singleServer, access: public, firewallRules: [{name: azure, startIpAddress: 0.0.0.0, endIpAddress: 0.0.0.0}]}
virtualNetworks:
  - name: vnet
    addressPrefixes: [10.1.0.0/16]
    subnets:
      - {name: snet, addressPrefix: 10.1.2.0/24, routeTable: rt}
      - {name: snet-fw, addressPrefix: 10.1.3.0/24, serviceEndpoints: [Microsoft.Sql]}
networkAppliances: [{name: fw, virtualNetwork: vnet, subnet: snet-fw, ipAddress: 10.1.3.4}]
routeTables:
  - name: rt
    routes: [{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.3.4}]
)",
                                               "db", "single", Predicted::denied},
                                         Found{"ATagRouteOfUnknownAddressesWasForgottenBesideAServiceEndpoint", R"(
servers:
  - {name: db, kind: flexibleServer, access: vnetIntegrated, virtualNetwork: vnet, subnet: snet, ipAddress: 10.2.2.4}
  - {name: single, kind: singleServer, access: public, virtualNetworkRules: [{virtualNetwork: vnet, subnet: snet}]}
virtualNetworks:
  - name: vnet
    addressPrefixes: [10.2.0.0/16]
    subnets: [{name: snet, addressPrefix: 10.2.2.0/24, routeTable: rt, serviceEndpoints: [Microsoft.Sql]}]
routeTables: [{name: rt, routes: [{name: sql, addressPrefix: Sql, nextHopType: None}]}]
)",
                                               "db", "single", Predicted::unknown},
                                         Found{"TheWayBackFromTheApplianceWasForgottenForAPublicMachine", R"(
servers:
  - {name: db, kind: flexibleServer, access: vnetIntegrated, virtualNetwork: spoke, subnet: snet, ipAddress: 10.2.2.4}
  - {name: vm, kind: azureVm, access: public, virtualNetwork: far, subnet: snet, ipAddress: 10.3.1.5, publicIpAddress: 20.0.0.1}
virtualNetworks:
  - name: hub
    addressPrefixes: [10.1.0.0/16]
    subnets: [{name: snet-fw, addressPrefix: 10.1.3.0/24}]
    peerings: [{name: to-spoke, remoteVirtualNetwork: spoke, peeringState: Connected}]
  - name: spoke
    addressPrefixes: [10.2.0.0/16]
    subnets: [{name: snet, addressPrefix: 10.2.2.0/24, routeTable: rt}]
    peerings: [{name: to-hub, remoteVirtualNetwork: hub, peeringState: Connected, allowForwardedTraffic: false}]
  - {name: far, addressPrefixes: [10.3.0.0/16], subnets: [{name: snet, addressPrefix: 10.3.1.0/24}]}
networkAppliances: [{name: fw, virtualNetwork: hub, subnet: snet-fw, ipAddress: 10.1.3.4}]
routeTables:
  - name: rt
    routes: [{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.3.4}]
)",
                                               "db", "vm", Predicted::denied},
                                         Found{"AMachineBehindAnApplianceKeptItsOwnPublicAddress", R"(
servers:
  - {name: vm, kind: azureVm, access: public, virtualNetwork: vnet, subnet: snet, ipAddress: 10.1.2.4, publicIpAddress: 20.0.0.1}
  - {name: far, kind: otherCloud, access: public, publicIpAddress: 52.1.1.5, firewallRules: [{name: vm, startIpAddress: 20.0.0.1, endIpAddress: 20.0.0.1}]}
virtualNetworks:
  - name: vnet
    addressPrefixes: [10.1.0.0/16]
    subnets: [{name: snet, addressPrefix: 10.1.2.0/24, routeTable: rt}, {name: snet-fw, addressPrefix: 10.1.3.0/24}]
networkAppliances: [{name: fw, virtualNetwork: vnet, subnet: snet-fw, ipAddress: 10.1.3.4}]
routeTables:
  - name: rt
    routes: [{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.3.4}]
)",
                                               "vm", "far", Predicted::unknown},
                                         Found{"AUserRouteNamedAVpnGatewayBesideExpressRoute", R"(
servers: [{name: db, kind: flexibleServer, access: vnetIntegrated, virtualNetwork: vnet, subnet: snet, ipAddress: 10.1.2.4}]
sites:
  - {name: site, kind: aws, addressPrefixes: [192.168.1.0/24], firewallRules: [{name: in, direction: Inbound, access: Allow}]}
virtualNetworks:
  - name: vnet
    addressPrefixes: [10.1.0.0/16]
    subnets: [{name: snet, addressPrefix: 10.1.2.0/24, routeTable: rt}]
virtualNetworkGateways:
  - {name: vpn, virtualNetwork: vnet, gatewayType: Vpn, connections: [{name: to-site, site: site, connectionStatus: Connected}]}
  - {name: er, virtualNetwork: vnet, gatewayType: ExpressRoute}
routeTables: [{name: rt, routes: [{name: site, addressPrefix: 192.168.1.0/24, nextHopType: VirtualNetworkGateway}]}]
)",
                                               "db", "site", Predicted::denied},
                                         Found{"APublicMachineGotNoAnswersOverTheVpn", R"(
servers: [{name: vm, kind: azureVm, access: public, virtualNetwork: vnet, subnet: snet, ipAddress: 10.1.2.4, publicIpAddress: 20.0.0.1}]
sites:
  - {name: site, kind: gcp, addressPrefixes: [192.168.1.0/24], firewallRules: [{name: in, direction: Inbound, access: Allow}]}
virtualNetworks: [{name: vnet, addressPrefixes: [10.1.0.0/16], subnets: [{name: snet, addressPrefix: 10.1.2.0/24}]}]
virtualNetworkGateways:
  - {name: vpn, virtualNetwork: vnet, gatewayType: Vpn, connections: [{name: to-site, site: site, connectionStatus: Connected}]}
)",
                                               "vm", "site", Predicted::allowed},
                                         Found{"ASiteWithTwoPrefixesHadNoWayBack", R"(
sites: [{name: site, kind: aws, addressPrefixes: [192.168.2.0/24, 192.168.7.0/24], firewallRules: []}]
virtualNetworks: [{name: vnet, addressPrefixes: [10.2.0.0/16], subnets: [{name: snet, addressPrefix: 10.2.1.0/24}]}]
virtualNetworkGateways:
  - {name: er, virtualNetwork: vnet, gatewayType: ExpressRoute, connections: [{name: to-site, site: site, connectionStatus: Connected}]}
hosts: [{name: host, virtualNetwork: vnet, subnet: snet, ipAddress: 10.2.1.4}]
)",
                                               "site", "host", Predicted::allowed},
                                         Found{"AnUndecidedRouteWasTakenForABlockedOne", R"(
servers: [{name: db, kind: flexibleServer, access: vnetIntegrated, virtualNetwork: vnet, subnet: snet, ipAddress: 10.3.2.4}]
virtualNetworks: [{name: vnet, addressPrefixes: [10.3.0.0/16], subnets: [{name: snet, addressPrefix: 10.3.2.0/24, routeTable: rt}]}]
routeTables:
  - name: rt
    routes:
      - {name: all, addressPrefix: 0.0.0.0/0, nextHopType: None}
      - {name: sql, addressPrefix: Sql, nextHopType: Internet}
)",
                                               "db", "52.1.1.9", Predicted::unknown}),
                         [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace pgpassage::netcheck::test
