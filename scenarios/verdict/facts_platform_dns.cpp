#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "netcheck/base/azure_dns.hpp"
#include "netcheck/reach/platform_dns.hpp"
#include "scenarios/verdict/facts.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::Place;

bool forwards_to_azure(const DnsServer& server) {
  const auto holds_it = [&](const std::vector<IpAddress>& forwarders) {
    return std::ranges::find(forwarders, azure_dns) != forwarders.end();
  };
  return holds_it(server.forwarders) ||
         std::ranges::any_of(server.conditional_forwarders, holds_it, &ConditionalForwarder::forwarders);
}

/// Those who ask Azure-provided DNS on behalf of the place: itself, or its VNet's own DNS servers.
std::vector<Place> askers_for(const Topology& topology, const Place& place) {
  const VirtualNetwork* network = find_virtual_network(topology, place.virtual_network);
  if (!network) return {};
  if (network->dns_servers.empty()) return {place};
  std::vector<Place> askers;
  for (const DnsServer& server : topology.dns_servers) {
    const bool used = std::ranges::find(network->dns_servers, server.ip_address) != network->dns_servers.end();
    if (!used || server.virtual_network.empty() || !forwards_to_azure(server)) continue;
    askers.push_back(netcheck::place_of(server));
  }
  return askers;
}

}  // namespace

// A rule that stops the question of a required name is judged with that name: which servers are asked, and whether
// another one answers, only the resolution knows.
void judge_platform_dns(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows) {
  std::set<std::string> told;
  for (const FlowAssessment& flow : flows) {
    if (flow.answer.chain.empty() || IpAddress::parse(flow.answer.chain.front())) continue;
    for (const Place& asker : askers_for(checked.topology, start_of(checked.topology, flow))) {
      const auto decision = netcheck::platform_dns(checked.topology, asker);
      if (!decision.filtered || decision.predicted != netcheck::Predicted::allowed) continue;
      if (told.insert(asker.node).second)
        judge(findings, checked, rules::platform_dns_denied, Outcome::holds,
              {asker.node, fmt::format("No rule keeps {} from Azure-provided DNS", asker.node)});
    }
  }
}

}  // namespace pgpassage::scenarios
