#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <set>

#include "dns/zones/causes.hpp"
#include "scenarios/verdict/facts.hpp"

namespace pgpassage::scenarios {
namespace {

constexpr Port dns_port = 53;
constexpr std::string_view platform_dns = "AzurePlatformDNS";

bool names_platform_dns(const SecurityRule& rule) {
  const bool asked = rule.protocol == Protocol::any || rule.protocol == Protocol::udp;
  return rule.direction == Direction::outbound && asked &&
         std::ranges::any_of(rule.destination_ports, [](const PortRange& range) { return range.contains(dns_port); }) &&
         std::ranges::any_of(rule.destination_prefixes, [](const AddressPrefix& entry) {
           return boost::algorithm::iequals(entry.tag, platform_dns);
         });
}

/// Where Azure-provided DNS is asked: the subnet, and the group of the network interface where there is one.
struct Asker {
  std::string node;
  std::string virtual_network;
  std::string subnet;
  std::string network_security_group;

  auto operator<=>(const Asker&) const = default;
};

void add_askers(std::set<Asker>& askers, const Topology& topology, const netcheck::Place& place) {
  const VirtualNetwork* network = find_virtual_network(topology, place.virtual_network);
  if (!network) return;
  if (network->dns_servers.empty())
    askers.insert({place.node, network->name, place.subnet, place.network_security_group});
  const IpAddress azure = *IpAddress::parse("168.63.129.16");
  for (const DnsServer& server : topology.dns_servers)
    if (std::ranges::find(network->dns_servers, server.ip_address) != network->dns_servers.end() &&
        std::ranges::find(server.forwarders, azure) != server.forwarders.end())
      askers.insert({server.name, server.virtual_network, server.subnet, ""});
}

void judge_asker(Findings& findings, const Case& checked, const Asker& asker) {
  const Topology& topology = checked.topology;
  const Subnet* subnet = find_subnet(topology, asker.virtual_network, asker.subnet);
  const std::string of_subnet = subnet ? subnet->network_security_group : std::string{};
  bool filtered = false;
  for (const std::string& name : {asker.network_security_group, of_subnet}) {
    const NetworkSecurityGroup* nsg = find_network_security_group(topology, name);
    if (!nsg) continue;
    filtered = true;
    const auto rule = std::ranges::find_if(nsg->rules, names_platform_dns);
    if (rule == nsg->rules.end() || rule->access == Access::allow) continue;
    const std::string by = fmt::format("{}/{}", nsg->name, rule->name);
    return judge(
        findings, checked, rules::platform_dns_denied, Outcome::broken,
        {by,
         fmt::format("{} denies {}, which {} asks for the names of the migration", by, platform_dns, asker.node),
         {},
         rule->location,
         {{"rule", by}, {"nsg", nsg->name}, {"rule_name", rule->name}}});
  }
  if (filtered)
    judge(findings, checked, rules::platform_dns_denied, Outcome::holds,
          {asker.node, fmt::format("No rule keeps {} from Azure-provided DNS", asker.node)});
}

}  // namespace

void judge_platform_dns(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows) {
  std::set<Asker> askers;
  for (const FlowAssessment& flow : flows)
    if (flow.answer.cause != dns::cause::azure_dns_denied && !flow.answer.chain.empty() &&
        !IpAddress::parse(flow.answer.chain.front()))
      add_askers(askers, checked.topology, start_of(checked.topology, flow));
  for (const Asker& asker : askers) judge_asker(findings, checked, asker);
}

}  // namespace pgpassage::scenarios
