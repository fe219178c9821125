#include <fmt/format.h>

#include <algorithm>

#include "dns/zones/causes.hpp"
#include "dns/zones/names.hpp"
#include "dns/zones/question.hpp"
#include "netcheck/base/address_list.hpp"
#include "netcheck/reach/platform_dns.hpp"

namespace pgpassage::dns {
namespace {

using netcheck::Place;

struct RuleOfSet {
  const DnsForwardingRuleset* ruleset = nullptr;
  const ForwardingRule* rule = nullptr;
};

bool linked(const DnsForwardingRuleset& ruleset, const VirtualNetwork& network) {
  return std::ranges::find(ruleset.virtual_network_links, network.name) != ruleset.virtual_network_links.end();
}

RuleOfSet most_specific_rule(const Topology& topology, const VirtualNetwork& network, std::string_view name) {
  RuleOfSet best;
  std::size_t length = 0;
  for (const DnsForwardingRuleset& ruleset : topology.dns_forwarding_rulesets) {
    if (!linked(ruleset, network)) continue;
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

std::string resolver_of(const VirtualNetwork& network) { return fmt::format("Azure-provided DNS of {}", network.name); }

// Why no private zone was asked: the one that would hold the name, if the file has it.
void note_zones_passed(const Question& question, const VirtualNetwork& network) {
  const PrivateDnsZone* best = nullptr;
  for (const PrivateDnsZone& zone : question.topology.private_dns_zones)
    if (under(question.name, zone.name) && (best == nullptr || zone.name.size() > best->name.size())) best = &zone;
  NameHop hop{.at = resolver_of(network), .kind = NameHopKind::zone, .by = "no linked zone"};
  hop.detail = fmt::format("no private DNS zone of this file holds {}", question.name);
  if (best != nullptr) {
    hop.cause = cause::zone_not_linked;
    hop.location = best->location;
    hop.detail = fmt::format("{} is not linked to {}", best->name, network.name);
  }
  note(question, std::move(hop));
}

void note_rulesets_passed(const Question& question, const VirtualNetwork& network) {
  if (question.topology.dns_forwarding_rulesets.empty()) return;
  note(question, {.at = resolver_of(network),
                  .kind = NameHopKind::ruleset,
                  .by = "no linked ruleset",
                  .detail = fmt::format("no rule of a ruleset linked to {} forwards {}", network.name, question.name)});
}

void note_rule(const Question& question, const VirtualNetwork& network, const RuleOfSet& by, std::string_view from) {
  note(question, {.at = resolver_of(network),
                  .kind = NameHopKind::ruleset,
                  .decision = NameDecision::forward,
                  .by = fmt::format("{}/{}", by.ruleset->name, by.rule->domain_name),
                  .location = by.rule->location,
                  .detail = fmt::format("to {}, sent from {}", listed(by.rule->target_dns_servers), from)});
}

bool same_answer(const Step& one, const Step& other) {
  return one.kind == other.kind && one.addresses == other.addresses && one.cname == other.cname;
}

// A ruleset sends through any of its outbound endpoints. A file without any leaves open where they are; the VNet's own
// routes stand for theirs.
Step ask_by_rule(const Question& question, const VirtualNetwork& network, const RuleOfSet& by) {
  const std::string asker = fmt::format("forwarding rule {}", by.rule->domain_name);
  const auto ask_from = [&](const Place& outbound) {
    note_rule(question, network, by, outbound.node);
    return ask_first_reachable(question, outbound, by.rule->target_dns_servers, asker);
  };
  const auto undecided = [&](const char* cause, std::string detail) {
    return told(
        question, resolver_of(network),
        trouble(AnswerKind::unknown, NameHopKind::ruleset, asker, cause, std::move(detail), by.ruleset->location));
  };
  if (question.topology.dns_outbound_endpoints.empty())
    return ask_from(place_in(network.name, "", network.name, network.address_prefixes.front().first()));
  std::optional<Step> answer;
  for (const std::string& name : by.ruleset->resolver_outbound_endpoints) {
    const DnsOutboundEndpoint* endpoint = find_dns_outbound_endpoint(question.topology, name);
    if (endpoint == nullptr) continue;
    Step step = ask_from(place_in(endpoint->virtual_network, endpoint->subnet, endpoint->name, std::nullopt));
    if (answer && !same_answer(*answer, step))
      return undecided(cause::outbound_endpoints_differ,
                       fmt::format("the answer depends on which outbound endpoint of {} asks", by.ruleset->name));
    if (!answer) answer = std::move(step);
  }
  if (answer) return *std::move(answer);
  return undecided(
      cause::outbound_endpoint_missing,
      fmt::format("{} names no outbound endpoint to send from (dnsResolverOutboundEndpoints)", by.ruleset->name));
}

}  // namespace

std::optional<Step> stopped_platform_dns(const Question& question, const Place& from) {
  using netcheck::Predicted;
  const netcheck::PlatformDnsDecision decision = netcheck::platform_dns(question.topology, from);
  if (decision.predicted == Predicted::allowed) return std::nullopt;
  const auto stop = [&](AnswerKind kind, const char* cause, std::string detail) {
    return told(question, from.node,
                trouble(kind, NameHopKind::platform_rule, decision.by, cause, std::move(detail), decision.location));
  };
  if (decision.predicted == Predicted::denied)
    return stop(AnswerKind::server_unreachable, cause::azure_dns_denied,
                fmt::format("{} keeps {} from 168.63.129.16 (AzurePlatformDNS)", decision.by, from.node));
  return stop(AnswerKind::unknown, cause::azure_dns_undecided,
              fmt::format("whether {} keeps {} from 168.63.129.16 (AzurePlatformDNS) depends on {}", decision.by,
                          from.node, decision.missing));
}

Step ask_azure(const Question& question, const VirtualNetwork& network) {
  if (auto step = ask_private_zones(question.topology, network, question.name))
    return told(question, resolver_of(network), *std::move(step));
  note_zones_passed(question, network);
  const RuleOfSet by = most_specific_rule(question.topology, network, question.name);
  if (by.rule != nullptr && !network.address_prefixes.empty()) return ask_by_rule(question, network, by);
  note_rulesets_passed(question, network);
  return told(question, resolver_of(network), ask_public(question.topology, question.name, &network));
}

}  // namespace pgpassage::dns
