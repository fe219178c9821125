#pragma once

#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::testing {

/// A source on premises, a target, a runtime server, and a host on this machine that stands for it.
inline Topology orders_topology() {
  Topology topology;
  Server source{.name = "orders-source", .kind = ServerKind::on_premises, .fqdn = "orders.corp.example"};
  source.site = "datacenter";
  source.ip_address = IpAddress::parse("192.168.4.20");
  Server target{.name = "orders-target", .kind = ServerKind::flexible_server, .fqdn = "orders-target.example"};
  target.virtual_network = "vnet-target";
  Server runtime{.name = "orders-runtime", .kind = ServerKind::flexible_server, .fqdn = "orders-runtime.example"};
  runtime.virtual_network = "vnet-hub";
  topology.servers = {source, target, runtime};
  Host host{.name = "vm-crossing", .virtual_network = "vnet-hub", .subnet = "snet-tools"};
  host.ip_address = *IpAddress::parse("127.0.0.1");
  host.stands_for = "orders-runtime";
  topology.hosts = {host};
  return topology;
}

/// A flow of the host that stands for the runtime server, expected at `address`; an empty one is not known.
inline scenarios::FlowAssessment flow_of(const std::string& id, const std::string& from, const std::string& to,
                                         Port port, const char* address) {
  scenarios::FlowAssessment flow{.id = id, .from = from, .to = to, .port = port};
  if (from == "vm-crossing") flow.stands_for = "orders-runtime";
  if (const auto expected = IpAddress::parse(address)) {
    flow.answer.kind = dns::AnswerKind::addresses;
    flow.answer.addresses = {*expected};
    flow.answer.by = "zone link link-hub";
  }
  return flow;
}

}  // namespace pgpassage::testing
