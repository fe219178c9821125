#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/trace.hpp"

/// A small network that works, for tests to break: a hub with the runtime server and a VPN gateway to a datacenter, a
/// target VNet with a private endpoint, a spoke with a machine; both are peered with the hub only.
namespace pgpassage::netcheck::test {

inline IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }
inline Cidr cidr(const char* text) { return Cidr::parse(text).value(); }

inline std::vector<AddressPrefix> prefixes(std::initializer_list<const char*> texts) {
  std::vector<AddressPrefix> all;
  for (const char* text : texts) {
    const auto parsed = Cidr::parse(text);
    all.push_back(parsed ? AddressPrefix{parsed, ""} : AddressPrefix{std::nullopt, text});
  }
  return all;
}

struct RuleText {
  const char* name;
  int priority;
  Direction direction;
  Access access;
  const char* source = "*";
  const char* destination = "*";
  PortRange ports = {5432, 5432};
};

inline SecurityRule rule(const RuleText& text) {
  SecurityRule rule;
  rule.name = text.name;
  rule.priority = text.priority;
  rule.direction = text.direction;
  rule.access = text.access;
  rule.protocol = Protocol::tcp;
  rule.source_prefixes = prefixes({text.source});
  rule.destination_prefixes = prefixes({text.destination});
  rule.source_ports = {PortRange{}};
  rule.destination_ports = {text.ports};
  rule.location = {text.priority, 9};
  return rule;
}

inline Subnet subnet(const char* name, const char* prefix) {
  Subnet subnet;
  subnet.name = name;
  subnet.prefixes = {cidr(prefix)};
  subnet.location = {10, 3};
  return subnet;
}

inline VirtualNetwork network(const char* name, const char* prefix, std::vector<Subnet> subnets) {
  VirtualNetwork network;
  network.name = name;
  network.azure_location = "westeurope";
  network.address_prefixes = {cidr(prefix)};
  network.subnets = std::move(subnets);
  network.location = {5, 3};
  return network;
}

inline Peering peering(const char* name, const char* remote) {
  Peering peering;
  peering.name = name;
  peering.remote_virtual_network = remote;
  peering.location = {20, 7};
  return peering;
}

inline Server server(const char* name, ServerKind kind, ServerAccess access) {
  Server server;
  server.name = name;
  server.kind = kind;
  server.access = access;
  server.location = {80, 5};
  return server;
}

inline Topology contoso() {
  Topology topology;
  topology.virtual_networks = {network("vnet-hub", "10.10.0.0/16",
                                       {subnet("snet-runtime", "10.10.1.0/24"), subnet("snet-fw", "10.10.9.0/24"),
                                        subnet("GatewaySubnet", "10.10.0.0/27")}),
                               network("vnet-target", "10.20.0.0/16", {subnet("snet-endpoints", "10.20.2.0/24")}),
                               network("vnet-spoke", "10.30.0.0/16", {subnet("snet-vm", "10.30.1.0/24")})};
  topology.virtual_networks[0].peerings = {peering("hub-to-target", "vnet-target"),
                                           peering("hub-to-spoke", "vnet-spoke")};
  topology.virtual_networks[1].peerings = {peering("target-to-hub", "vnet-hub")};
  topology.virtual_networks[2].peerings = {peering("spoke-to-hub", "vnet-hub")};

  topology.virtual_network_gateways = {{"vgw-hub",
                                        "vnet-hub",
                                        GatewayType::vpn,
                                        {{"to-datacenter", "datacenter", ConnectionStatus::connected, {60, 9}}},
                                        {59, 5}}};
  Site site;
  site.name = "datacenter";
  site.address_prefixes = {cidr("192.168.0.0/16")};
  site.firewall_rules = {rule({"pg-from-azure", 1, Direction::inbound, Access::allow, "10.10.0.0/16"})};
  site.location = {70, 5};
  topology.sites = {site};

  Server source = server("orders-source", ServerKind::on_premises, ServerAccess::private_access);
  source.site = "datacenter";
  source.ip_address = ip("192.168.4.20");
  source.fqdn = "orders.corp.contoso.example";
  Server runtime = server("orders-runtime", ServerKind::flexible_server, ServerAccess::vnet_integrated);
  runtime.virtual_network = "vnet-hub";
  runtime.subnet = "snet-runtime";
  Server target = server("orders-target", ServerKind::flexible_server, ServerAccess::private_endpoint);
  target.fqdn = "orders-target.postgres.database.azure.com";
  Server machine = server("vm-orders", ServerKind::azure_vm, ServerAccess::private_access);
  machine.virtual_network = "vnet-spoke";
  machine.subnet = "snet-vm";
  machine.ip_address = ip("10.30.1.4");
  topology.servers = {source, runtime, target, machine};

  topology.private_endpoints = {{"pe-orders-target",
                                 "vnet-target",
                                 "snet-endpoints",
                                 ip("10.20.2.4"),
                                 "orders-target",
                                 EndpointConnectionState::approved,
                                 {},
                                 {90, 5}}};
  Migration migration;
  migration.name = "orders";
  migration.source = "orders-source";
  migration.target = "orders-target";
  migration.runtime_server = "orders-runtime";
  topology.migration = migration;
  return topology;
}

inline VirtualNetwork& hub(Topology& topology) { return topology.virtual_networks[0]; }
inline VirtualNetwork& target_network(Topology& topology) { return topology.virtual_networks[1]; }
inline VirtualNetwork& spoke(Topology& topology) { return topology.virtual_networks[2]; }
inline Subnet& runtime_subnet(Topology& topology) { return hub(topology).subnets[0]; }

inline void add_nsg(Topology& topology, Subnet& subnet, const char* name, std::vector<SecurityRule> rules) {
  subnet.network_security_group = name;
  topology.network_security_groups.push_back({name, std::move(rules), {30, 5}});
}

inline Route route(const char* name, const char* prefix, NextHopType type, const char* next_hop = nullptr) {
  Route route;
  route.name = name;
  route.prefix = prefixes({prefix}).front();
  route.next_hop_type = type;
  if (next_hop != nullptr) route.next_hop_ip_address = ip(next_hop);
  route.location = {40, 9};
  return route;
}

inline void add_routes(Topology& topology, Subnet& subnet, const char* name, std::vector<Route> routes) {
  subnet.route_table = name;
  topology.route_tables.push_back({name, false, std::move(routes), {39, 5}});
}

/// The flow between two nodes, which must exist.
inline Trace flow(const Topology& topology, const char* from, const char* to, Port port = 5432) {
  return trace_flow(topology, place_of(topology, from).value(), place_of(topology, to).value(), port);
}

/// Of the hops that stop the flow.
inline std::vector<std::string> causes(const Trace& trace) {
  std::vector<std::string> all;
  for (const Hop& hop : trace.hops)
    if (stops(hop) && std::find(all.begin(), all.end(), hop.cause) == all.end()) all.push_back(hop.cause);
  return all;
}

inline const Hop* hop_with(const Trace& trace, std::string_view cause) {
  const auto found =
      std::find_if(trace.hops.begin(), trace.hops.end(), [&](const Hop& hop) { return hop.cause == cause; });
  return found == trace.hops.end() ? nullptr : &*found;
}

inline std::string text_of(const Trace& trace) {
  std::string text = to_string(trace.predicted);
  for (const Hop& hop : trace.hops)
    text += fmt::format("\n  {} {} {} {} {} [{}] {}", to_string(hop.leg), hop.at, to_string(hop.kind),
                        to_string(hop.decision), hop.by, hop.cause, hop.detail);
  return text;
}

/// Every hop says where and by what it is decided, and why; one that stops says so in words too.
inline void expect_causes_are_complete(const Trace& trace) {
  for (const Hop& hop : trace.hops) {
    EXPECT_FALSE(hop.cause.empty()) << text_of(trace);
    EXPECT_FALSE(hop.by.empty()) << text_of(trace);
    EXPECT_FALSE(hop.at.empty()) << text_of(trace);
    EXPECT_TRUE(!stops(hop) || !hop.detail.empty()) << text_of(trace);
  }
}

/// One change of the working network, and what becomes of a flow.
struct FlowCase {
  const char* name;
  const char* from;
  const char* to;
  void (*change)(Topology&);
  Predicted predicted;
  std::vector<std::string> causes = {};
};

inline void expect_flow(const FlowCase& test) {
  Topology topology = contoso();
  if (test.change != nullptr) test.change(topology);
  const Trace trace = flow(topology, test.from, test.to);
  EXPECT_EQ(trace.predicted, test.predicted) << text_of(trace);
  EXPECT_EQ(causes(trace), test.causes) << text_of(trace);
  expect_causes_are_complete(trace);
}

}  // namespace pgpassage::netcheck::test
