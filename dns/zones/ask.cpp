#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dns/zones/causes.hpp"
#include "dns/zones/names.hpp"
#include "dns/zones/step.hpp"
#include "netcheck/reach/platform_dns.hpp"

namespace pgpassage::dns {
namespace {

using netcheck::Place;

constexpr int max_forwarders = 8;
// Of one name, whatever the way: servers that forward to each other in a mesh have more ways than anyone can wait for.
constexpr int max_questions = 200;
const IpAddress azure_dns = IpAddress::from_ipv4(0xa83f8110);  // 168.63.129.16

/// One name on its way through resolvers.
struct Question {
  const Topology& topology;
  std::string_view name;
  int forwarders = 0;
  int* questions_left = nullptr;
};

Step trouble(AnswerKind kind, std::string by, const char* cause, std::string detail, Location location) {
  Step step;
  step.kind = kind;
  step.by = std::move(by);
  step.cause = cause;
  step.detail = std::move(detail);
  step.location = location;
  return step;
}

Step ask_address(Question question, const Place& from, const IpAddress& address, const std::string& asker);

// Tried in order; the next one only when one cannot be reached. A negative answer is an answer.
Step ask_first_reachable(const Question& question, const Place& from, const std::vector<IpAddress>& addresses,
                         const std::string& asker) {
  Step step;
  for (const IpAddress& address : addresses) {
    step = ask_address(question, from, address, asker);
    if (step.kind != AnswerKind::server_unreachable) return step;
  }
  return step;
}

Place place_in(const std::string& network, const std::string& subnet, const std::string& site, const std::string& name,
               const std::optional<IpAddress>& address) {
  Place place;
  place.kind = site.empty() ? Place::Kind::in_virtual_network : Place::Kind::at_site;
  place.node = name;
  place.virtual_network = network;
  place.subnet = subnet;
  place.site = site;
  place.address = address;
  return place;
}

// A client asks over UDP, and over TCP only when told to: what stops UDP stops the question. A site's filter is left
// out: files list of it what the migration needs, and DNS inside a company has its own ways.
std::optional<netcheck::Hop> obstacle(const Topology& topology, const Place& from, const Place& to) {
  using netcheck::Decision;
  using netcheck::HopKind;
  std::optional<netcheck::Hop> undecided;
  netcheck::Trace trace = netcheck::trace_flow(topology, from, to, 53, Protocol::udp);
  for (netcheck::Hop& hop : trace.hops) {
    if (hop.kind == HopKind::endpoint || hop.kind == HopKind::firewall) continue;
    if (hop.decision == Decision::deny) return std::move(hop);
    if (hop.decision == Decision::unknown && !undecided) undecided = std::move(hop);
  }
  return undecided;
}

struct RuleOfSet {
  const DnsForwardingRuleset* ruleset = nullptr;
  const ForwardingRule* rule = nullptr;
};

RuleOfSet most_specific_rule(const Topology& topology, const VirtualNetwork& network, std::string_view name) {
  RuleOfSet best;
  std::size_t length = 0;
  for (const DnsForwardingRuleset& ruleset : topology.dns_forwarding_rulesets) {
    const auto& links = ruleset.virtual_network_links;
    if (std::find(links.begin(), links.end(), network.name) == links.end()) continue;
    for (const ForwardingRule& rule : ruleset.rules) {
      const std::string domain = canonical(rule.domain_name);
      // The wildcard leaves Azure's own suffixes alone (azure-facts 2.12).
      const bool skips = domain == "." && (under(name, "azure.com") || under(name, "windows.net"));
      if (!rule.enabled || skips || !under(name, domain) || (best.rule != nullptr && domain.size() <= length)) continue;
      best = {&ruleset, &rule};
      length = domain.size();
    }
  }
  return best;
}

bool same_answer(const Step& one, const Step& other) {
  return one.kind == other.kind && one.addresses == other.addresses && one.cname == other.cname;
}

// A ruleset sends through any of its outbound endpoints. A file without any leaves open where they are; the VNet's own
// routes stand for theirs.
Step ask_by_rule(const Question& question, const VirtualNetwork& network, const RuleOfSet& by) {
  const std::string asker = fmt::format("forwarding rule {}", by.rule->domain_name);
  const auto ask_from = [&](const Place& outbound) {
    return ask_first_reachable(question, outbound, by.rule->target_dns_servers, asker);
  };
  if (question.topology.dns_outbound_endpoints.empty())
    return ask_from(place_in(network.name, "", "", network.name, network.address_prefixes.front().first()));
  std::optional<Step> answer;
  for (const std::string& name : by.ruleset->resolver_outbound_endpoints) {
    const DnsOutboundEndpoint* endpoint = find_dns_outbound_endpoint(question.topology, name);
    if (endpoint == nullptr) continue;
    Step step = ask_from(place_in(endpoint->virtual_network, endpoint->subnet, "", endpoint->name, std::nullopt));
    if (answer && !same_answer(*answer, step))
      return trouble(AnswerKind::unknown, asker, cause::outbound_endpoints_differ,
                     fmt::format("the answer depends on which outbound endpoint of {} asks", by.ruleset->name),
                     by.ruleset->location);
    if (!answer) answer = std::move(step);
  }
  if (answer) return *std::move(answer);
  return trouble(
      AnswerKind::unknown, asker, cause::outbound_endpoint_missing,
      fmt::format("{} names no outbound endpoint to send from (dnsResolverOutboundEndpoints)", by.ruleset->name),
      by.ruleset->location);
}

// Azure-provided DNS as one VNet sees it: linked zones, then forwarding rules, then public DNS.
Step ask_azure(const Question& question, const VirtualNetwork& network) {
  if (auto step = ask_private_zones(question.topology, network, question.name)) return *std::move(step);
  const RuleOfSet by = most_specific_rule(question.topology, network, question.name);
  if (by.rule == nullptr || network.address_prefixes.empty())
    return ask_public(question.topology, question.name, &network);
  return ask_by_rule(question, network, by);
}

// Security groups do not see 168.63.129.16, except for rules that name it (azure-facts 2.1.12).
std::optional<Step> stopped_platform_dns(const Topology& topology, const Place& from) {
  using netcheck::Predicted;
  const netcheck::PlatformDnsDecision decision = netcheck::platform_dns(topology, from);
  if (decision.predicted == Predicted::allowed) return std::nullopt;
  if (decision.predicted == Predicted::denied)
    return trouble(AnswerKind::server_unreachable, decision.by, cause::azure_dns_denied,
                   fmt::format("{} keeps {} from 168.63.129.16 (AzurePlatformDNS)", decision.by, from.node),
                   decision.location);
  return trouble(AnswerKind::unknown, decision.by, cause::azure_dns_undecided,
                 fmt::format("whether {} keeps {} from 168.63.129.16 (AzurePlatformDNS) depends on {}", decision.by,
                             from.node, decision.missing),
                 decision.location);
}

Step record_step(const DnsServer& server, const ARecord& record) {
  Step step;
  step.addresses = record.ipv4_addresses;
  step.addresses.insert(step.addresses.end(), record.ipv6_addresses.begin(), record.ipv6_addresses.end());
  step.kind = step.addresses.empty() ? AnswerKind::no_address : AnswerKind::addresses;
  step.by = fmt::format("record {} of {}", record.name, server.name);
  if (step.addresses.empty()) step.cause = cause::address_not_given;
  step.location = record.location;
  return step;
}

Step ask_server(const Question& question, const DnsServer& server) {
  for (const ARecord& record : server.records)
    if (canonical(record.name) == question.name) return record_step(server, record);
  const Place here = place_in(server.virtual_network, server.subnet, server.site, server.name, server.ip_address);
  const ConditionalForwarder* best = nullptr;
  for (const ConditionalForwarder& forwarder : server.conditional_forwarders)
    if (under(question.name, canonical(forwarder.zone)) &&
        (best == nullptr || canonical(forwarder.zone).size() > canonical(best->zone).size()))
      best = &forwarder;
  if (best != nullptr && !best->forwarders.empty())
    return ask_first_reachable(question, here, best->forwarders,
                               fmt::format("{}'s conditional forwarder {}", server.name, best->zone));
  if (!server.forwarders.empty())
    return ask_first_reachable(question, here, server.forwarders, fmt::format("{}'s forwarder", server.name));
  return ask_public(question.topology, question.name, nullptr);
}

bool public_resolver(const IpAddress& address) {
  static constexpr std::array<std::uint32_t, 6> known{0x08080808, 0x08080404, 0x01010101,
                                                      0x01000001, 0x09090909, 0xd043dede};
  return std::find(known.begin(), known.end(), address.ipv4()) != known.end();
}

void note_way(Step& step, const std::string& asker, const std::string& asked) {
  step.detail += fmt::format("{}asked by {} at {}", step.detail.empty() ? "" : "; ", asker, asked);
}

Step ask_azure_from(const Question& question, const Place& from, const std::string& asker) {
  const VirtualNetwork* network = find_virtual_network(question.topology, from.virtual_network);
  if (network == nullptr)
    return trouble(AnswerKind::server_unreachable, asker, cause::azure_dns_outside,
                   fmt::format("168.63.129.16 answers only inside a VNet, and {} is outside", from.node), {});
  if (auto stopped = stopped_platform_dns(question.topology, from)) return *std::move(stopped);
  Step step = ask_azure(question, *network);
  note_way(step, asker, fmt::format("168.63.129.16 in {}", network->name));
  return step;
}

/// `forward` asks the resolver itself, once it is known to be within reach.
template <class Forward>
Step ask_across(const Question& question, const Place& from, const Place& to, const std::string& asker,
                Location location, Forward forward) {
  const auto hop = obstacle(question.topology, from, to);
  if (hop && hop->decision == netcheck::Decision::deny)
    return trouble(AnswerKind::server_unreachable, to.node, cause::dns_server_unreachable,
                   fmt::format("{} cannot reach {}: {}", from.node, to.node, hop->detail), location);
  if (hop)
    return trouble(AnswerKind::unknown, to.node, cause::dns_server_undecided,
                   fmt::format("{} may not reach {}: {}", from.node, to.node, hop->detail), location);
  Step step = forward();
  note_way(step, asker, to.node);
  return step;
}

Step ask_address(Question question, const Place& from, const IpAddress& address, const std::string& asker) {
  if (++question.forwarders > max_forwarders || --*question.questions_left < 0)
    return trouble(AnswerKind::server_unreachable, asker, cause::forwarding_loop,
                   "the DNS servers forward to each other without end", {});
  if (address == azure_dns) return ask_azure_from(question, from, asker);
  for (const DnsServer& server : question.topology.dns_servers) {
    if (server.ip_address != address) continue;
    const Place to = place_in(server.virtual_network, server.subnet, server.site, server.name, address);
    return ask_across(question, from, to, asker, server.location, [&] { return ask_server(question, server); });
  }
  for (const DnsInboundEndpoint& endpoint : question.topology.dns_inbound_endpoints) {
    if (endpoint.ip_address != address) continue;
    const VirtualNetwork* network = find_virtual_network(question.topology, endpoint.virtual_network);
    if (network == nullptr) continue;
    const Place to = place_in(endpoint.virtual_network, endpoint.subnet, "", endpoint.name, address);
    return ask_across(question, from, to, asker, endpoint.location, [&] { return ask_azure(question, *network); });
  }
  if (public_resolver(address)) return ask_public(question.topology, question.name, nullptr);
  return trouble(AnswerKind::unknown, asker, cause::dns_server_not_declared,
                 fmt::format("{} is no declared DNS server (dnsServers)", address.to_string()), {});
}

}  // namespace

Step ask(const Topology& topology, const Place& from, std::string_view name) {
  int questions_left = max_questions;
  const Question question{topology, name, 0, &questions_left};
  if (from.kind == Place::Kind::internet) return ask_public(topology, name, nullptr);
  if (from.kind == Place::Kind::at_site) {
    const Site* site = find_site(topology, from.site);
    if (site == nullptr) return ask_public(topology, name, nullptr);
    if (!site->dns_servers || site->dns_servers->empty()) return ask_undescribed(topology, name, *site);
    return ask_first_reachable(question, from, *site->dns_servers, site->name);
  }
  const VirtualNetwork* network = find_virtual_network(topology, from.virtual_network);
  if (network == nullptr) return ask_public(topology, name, nullptr);
  if (network->dns_servers.empty()) {
    if (auto stopped = stopped_platform_dns(topology, from)) return *std::move(stopped);
    return ask_azure(question, *network);
  }
  return ask_first_reachable(question, from, network->dns_servers, network->name);
}

}  // namespace pgpassage::dns
