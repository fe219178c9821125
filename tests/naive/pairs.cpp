#include "tests/naive/pairs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "dns/zones/answer.hpp"
#include "tests/naive/names.hpp"
#include "tests/naive/reach.hpp"

namespace pgpassage::naive {
namespace {

std::vector<std::string> nodes_of(const Topology& topology) {
  std::vector<std::string> nodes{"Internet", "20.0.0.1", "52.1.1.9", "52.7.0.9"};
  for (const Server& server : topology.servers) nodes.push_back(server.name);
  for (const Server& server : topology.servers)
    if (server.public_ip_address) nodes.push_back(server.public_ip_address->to_string());
  for (const Host& host : topology.hosts) nodes.push_back(host.name);
  for (const Site& site : topology.sites) nodes.push_back(site.name);
  for (const PrivateEndpoint& endpoint : topology.private_endpoints)
    nodes.push_back(endpoint.private_ip_address.to_string());
  for (const DnsServer& server : topology.dns_servers) nodes.push_back(server.ip_address.to_string());
  for (const VirtualNetwork& network : topology.virtual_networks)
    if (!network.subnets.empty()) nodes.push_back(network.name + "/" + network.subnets.front().name);
  return nodes;
}

/// Asked for only: what starts there starts at the machine.
std::vector<std::string> targets_of(const Topology& topology) {
  std::vector<std::string> targets = nodes_of(topology);
  for (const Host& host : topology.hosts)
    if (host.ipv6_address) targets.push_back(host.ipv6_address->to_string());
  for (const Server& server : topology.servers)
    if (server.ipv6_address) targets.push_back(server.ipv6_address->to_string());
  return targets;
}

bool same_place(const Topology& topology, const std::string& one, const std::string& other) {
  const auto first = end_of(topology, one), second = end_of(topology, other);
  return first && second && first->server != nullptr && first->server == second->server;
}

}  // namespace

std::vector<FlowPair> flows_of(const Topology& topology) {
  std::vector<FlowPair> flows;
  const std::vector<std::string> nodes = nodes_of(topology), targets = targets_of(topology);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (std::size_t j = 0; j < targets.size(); ++j) {
      if (nodes[i] == targets[j] || same_place(topology, nodes[i], targets[j])) continue;
      flows.push_back({nodes[i], targets[j]});
      if ((i + j) % 7 == 0) flows.push_back({nodes[i], targets[j], 53, Protocol::udp});
      if ((i + j) % 11 == 0) flows.push_back({nodes[i], targets[j], 5433});
    }
  return flows;
}

Saying naive_saying(const Topology& topology, const FlowPair& flow) {
  const auto from = end_of(topology, flow.from);
  const auto to = end_of(topology, flow.to);
  if (!from || !to) return "no such node";
  const auto passes = reaches(topology, *from, *to, flow.port, flow.protocol);
  if (!passes) return "";
  return *passes ? "allowed" : "denied";
}

Saying product_saying(const Topology& topology, const FlowPair& flow) {
  const auto from = netcheck::place_of(topology, flow.from);
  const auto to = netcheck::place_of(topology, flow.to);
  if (!from || !to) return "no such node";
  const auto predicted = trace_flow(topology, *from, *to, flow.port, flow.protocol).predicted;
  return predicted == netcheck::Predicted::unknown ? "" : to_string(predicted);
}

std::string evidence_of(const Topology& topology, const FlowPair& flow) {
  std::string text = fmt::format("{} -> {} port {} {}\n", flow.from, flow.to, flow.port, to_string(flow.protocol));
  const auto from = netcheck::place_of(topology, flow.from);
  const auto to = netcheck::place_of(topology, flow.to);
  if (!from || !to) return text;
  for (const netcheck::Hop& hop : trace_flow(topology, *from, *to, flow.port, flow.protocol).hops)
    text += fmt::format("  {:5} {:12} {:9} {:8} {} [{}] {}\n", to_string(hop.leg), hop.at, to_string(hop.kind),
                        to_string(hop.decision), hop.by, hop.cause, hop.detail);
  return text;
}

std::vector<NamePair> names_of(const Topology& topology) {
  std::set<std::string> names{"nobody.example.net", "other.corp.example"};
  const auto inside = [](const std::string& label, const std::string& zone) {
    return label == "@" ? zone : label + "." + zone;
  };
  for (const Server& server : topology.servers) {
    if (server.fqdn.empty()) continue;
    names.insert(server.fqdn);
    names.insert(server.fqdn.substr(0, server.fqdn.find('.')) + ".privatelink.postgres.database.azure.com");
  }
  for (const PrivateDnsZone& zone : topology.private_dns_zones) {
    names.insert("other." + zone.name);
    for (const ARecord& record : zone.a_records) names.insert(inside(record.name, zone.name));
    for (const AaaaRecord& record : zone.aaaa_records) names.insert(inside(record.name, zone.name));
    for (const CnameRecord& record : zone.cname_records) names.insert(inside(record.name, zone.name));
    for (const Host& host : topology.hosts) names.insert(host.name + "." + zone.name);
  }
  for (const DnsServer& server : topology.dns_servers)
    for (const ARecord& record : server.records) names.insert(record.name);
  std::vector<NamePair> pairs;
  for (const Host& host : topology.hosts)
    for (const std::string& name : names) pairs.push_back({host.name, name});
  for (const std::string& name : names) pairs.push_back({"Internet", name});
  return pairs;
}

namespace {

Saying words_for(const std::set<IpAddress>& addresses) {
  std::vector<std::string> words;
  for (const IpAddress& address : addresses) words.push_back(address.to_string());
  return words.empty() ? "none" : fmt::format("{}", fmt::join(words, " "));
}

}  // namespace

Saying naive_saying(const Topology& topology, const NamePair& pair) {
  const auto from = end_of(topology, pair.from);
  if (!from) return "no such node";
  const auto addresses = resolves(topology, *from, pair.name);
  return addresses ? words_for(*addresses) : "";
}

Saying product_saying(const Topology& topology, const NamePair& pair) {
  const auto from = netcheck::place_of(topology, pair.from);
  if (!from) return "no such node";
  const dns::Answer answer = dns::resolve(topology, *from, pair.name);
  if (answer.kind == dns::AnswerKind::unknown) return "";
  return words_for({answer.addresses.begin(), answer.addresses.end()});
}

std::string evidence_of(const Topology& topology, const NamePair& pair) {
  const auto from = netcheck::place_of(topology, pair.from);
  if (!from) return pair.from;
  const dns::Answer answer = dns::resolve(topology, *from, pair.name);
  return fmt::format("{} from {}: {} by {} [{}] {} ({})\n", pair.name, pair.from, to_string(answer.kind), answer.by,
                     answer.cause, answer.detail, fmt::join(answer.chain, " -> "));
}

}  // namespace pgpassage::naive
