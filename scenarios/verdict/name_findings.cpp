#include "scenarios/verdict/name_findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dns/zones/causes.hpp"
#include "scenarios/verdict/evidence.hpp"
#include "scenarios/verdict/flow_findings.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::Place;

bool under(std::string_view name, std::string_view zone) {
  return name.size() > zone.size() && name.ends_with(zone) && name[name.size() - zone.size() - 1] == '.';
}

bool asks_azure(const Topology& topology, const Place& from) {
  const VirtualNetwork* network = find_virtual_network(topology, from.virtual_network);
  return network && network->dns_servers.empty();
}

/// The rule that names the cure of a name that does not lead to its server.
std::string_view failing_rule(const Case& checked, const Place& from, const Destination& destination,
                              NameOutcome outcome, const PrivateDnsZone* zone, std::string_view otherwise) {
  if (outcome == NameOutcome::server_unreachable) return rules::dns_server_unreachable;
  if (!destination.server->custom_host.empty()) return otherwise;  // the name asked for is not the zone's
  if (!zone || !destination.private_due || !asks_azure(checked.topology, from)) return otherwise;
  if (!find_link(*zone, from.virtual_network)) return rules::zone_not_linked;
  if (outcome == NameOutcome::not_found) return rules::record_missing;
  if (outcome == NameOutcome::other_address) return rules::stale_record;
  return otherwise;
}

const char* words(NameOutcome outcome) {
  switch (outcome) {
    case NameOutcome::leads_there: return "leads to the server";
    case NameOutcome::public_address: return "leads to a public address where a private one is due";
    case NameOutcome::other_address: return "leads to another address than the server's";
    case NameOutcome::not_found: return "has no address";
    case NameOutcome::server_unreachable: return "is asked from a DNS server that cannot answer";
    case NameOutcome::unknown: return "cannot be resolved with what the file says";
  }
  return "";
}

Names names_for(const FlowAssessment& flow, const Place& from, const Destination& destination,
                const PrivateDnsZone* zone) {
  return {{"name", flow.answer.chain.empty() ? flow.to : flow.answer.chain.front()},
          {"from", flow.from},
          {"to", flow.to},
          {"by", flow.answer.by.empty() ? "the DNS server" : flow.answer.by},
          {"address", destination.due ? destination.due->to_string() : "its address"},
          {"vnet", from.virtual_network},
          {"zone", zone ? zone->name : "privatelink.postgres.database.azure.com"},
          {"record", zone ? record_of(*destination.server, *zone) : flow.to}};
}

bool filtered_by(const Topology& topology, const Place& place, std::string_view group) {
  const Subnet* subnet = find_subnet(topology, place.virtual_network, place.subnet);
  return place.network_security_group == group || (subnet && subnet->network_security_group == group);
}

/// `by`: the rule that keeps a place from asking; of a DNS server's own group all that stands behind it is meant.
Names platform_names(const Topology& topology, const Place& from, const std::string& by, ProposedRules& proposed) {
  Names names = names_of_group(topology, by, proposed, "AzurePlatformDNS");
  const bool own = filtered_by(topology, from, by.substr(0, by.find('/')));
  names.emplace_back("source", own ? prefix_of(topology, from) : "\"*\"");
  return names;
}

void judge_name(Findings& findings, const Case& checked, const FlowAssessment& flow, ProposedRules& proposed) {
  const bool is_source = flow.to == checked.source.name;
  const Server& server = is_source ? checked.source : checked.target;
  const Destination destination = destination_of(checked, server);
  const Place from = start_of(checked.topology, flow);
  const std::string_view rule = is_source ? rules::source_name_resolves : rules::target_name_resolves;
  const NameOutcome outcome = outcome_of(flow.answer, destination);
  const PrivateDnsZone* zone = zone_for(checked.topology, destination);
  const std::string message =
      fmt::format("From {}, {} {}{}{}", flow.from, flow.answer.chain.empty() ? flow.to : flow.answer.chain.front(),
                  words(outcome), flow.answer.detail.empty() ? "" : ": ", flow.answer.detail);
  if (outcome == NameOutcome::leads_there)
    return judge_always(findings, checked, rule, Outcome::holds,
                        {subject_of(flow), message, {describe(flow.answer)}, flow.answer.location});
  const bool denied = flow.answer.cause == dns::cause::azure_dns_denied;
  if (denied || flow.answer.cause == dns::cause::azure_dns_undecided)
    return judge_always(findings, checked, rules::platform_dns_denied, denied ? Outcome::broken : Outcome::undecided,
                        {flow.answer.by,
                         message,
                         {describe(flow.answer)},
                         flow.answer.location,
                         platform_names(checked.topology, from, flow.answer.by, proposed)});
  const std::string_view failing = failing_rule(checked, from, destination, outcome, zone, rule);
  const bool decided = outcome != NameOutcome::unknown;
  const std::string subject = failing == rules::zone_not_linked
                                  ? fmt::format("{} -> {}", zone->name, from.virtual_network)
                              : failing == rules::dns_server_unreachable && !flow.answer.by.empty() ? flow.answer.by
                              : zone && failing != rule                                             ? zone->name
                                                                                                    : subject_of(flow);
  const Location location = flow.answer.location.known() ? flow.answer.location
                            : zone                       ? zone->location
                                                         : server.location;
  judge_always(findings, checked, failing, decided ? Outcome::broken : Outcome::undecided,
               {subject, message, {describe(flow.answer)}, location, names_for(flow, from, destination, zone)});
}

}  // namespace

const PrivateDnsZone* zone_for(const Topology& topology, const Destination& destination) {
  if (destination.endpoint)
    for (const std::string& name : destination.endpoint->private_dns_zone_group)
      if (const PrivateDnsZone* zone = find_private_dns_zone(topology, name)) return zone;
  if (destination.endpoint)
    if (const PrivateDnsZone* zone = find_private_dns_zone(topology, "privatelink.postgres.database.azure.com"))
      return zone;
  if (const PrivateDnsZone* zone = find_private_dns_zone(topology, destination.server->private_dns_zone)) return zone;
  const PrivateDnsZone* best = nullptr;
  for (const PrivateDnsZone& zone : topology.private_dns_zones)
    if (under(dns::name_of(*destination.server), zone.name) && (!best || zone.name.size() > best->name.size()))
      best = &zone;
  return best;
}

const VirtualNetworkLink* find_link(const PrivateDnsZone& zone, std::string_view virtual_network) {
  const auto found =
      std::ranges::find(zone.virtual_network_links, virtual_network, &VirtualNetworkLink::virtual_network);
  return found == zone.virtual_network_links.end() ? nullptr : &*found;
}

std::string record_of(const Server& server, const PrivateDnsZone& zone) {
  if (under(server.fqdn, zone.name)) return server.fqdn.substr(0, server.fqdn.size() - zone.name.size() - 1);
  return server.fqdn.substr(0, server.fqdn.find('.'));
}

void judge_names(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows,
                 ProposedRules& proposed) {
  for (const FlowAssessment& flow : flows) judge_name(findings, checked, flow, proposed);
}

}  // namespace pgpassage::scenarios
