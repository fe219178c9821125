#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "scenarios/verdict/facts.hpp"
#include "scenarios/verdict/name_findings.hpp"

namespace pgpassage::scenarios {
namespace {

constexpr std::string_view group = "--resource-group \"$RESOURCE_GROUP\"";
constexpr std::string_view default_zone = "privatelink.postgres.database.azure.com";

/// The VNet in which a server, or the endpoint by which it is reached, stands; empty for a server elsewhere.
std::string network_of(const Case& checked, const Server& server) {
  const Destination destination = destination_of(checked, server);
  return destination.endpoint ? destination.endpoint->virtual_network : server.virtual_network;
}

/// C14: with a custom host the links of the zones are not needed, in the editions that have the field.
bool custom_host_stands_in(const Case& checked, const Server& server) {
  return !server.custom_host.empty() && find_rule(rules::custom_host_stands_in)->holds_in(checked.edition.id);
}

Statement replaced(const Server& server) {
  return {server.name, fmt::format("The custom host of {} stands in for the zone and its links", server.name)};
}

void judge_link(Findings& findings, const Case& checked, std::string_view rule, const PrivateDnsZone& zone,
                const std::string& network) {
  const VirtualNetworkLink* link = find_link(zone, network);
  judge(findings, checked, rule, link ? Outcome::holds : Outcome::broken,
        {fmt::format("{} -> {}", zone.name, network),
         fmt::format("Zone {} {} linked to {}", zone.name, link ? "is" : "is not", network),
         {},
         link ? link->location : zone.location,
         {{"zone", zone.name}, {"vnet", network}}});
}

void judge_runtime_zone(Findings& findings, const Case& checked) {
  const Server& runtime = *checked.runtime;
  if (custom_host_stands_in(checked, checked.target)) {
    judge(findings, checked, rules::runtime_zone_in_use, Outcome::replaced, replaced(checked.target));
    judge(findings, checked, rules::runtime_zone_not_linked, Outcome::replaced, replaced(checked.target));
    return;
  }
  const PrivateDnsZone* zone = find_private_dns_zone(checked.topology, runtime.private_dns_zone);
  judge(findings, checked, rules::runtime_zone_in_use, zone ? Outcome::holds : Outcome::broken,
        {runtime.name,
         zone ? fmt::format("{} uses zone {}", runtime.name, zone->name)
              : fmt::format("{} names no private DNS zone that the file describes", runtime.name),
         {},
         runtime.location,
         {{"server", runtime.name}}});
  if (!zone) return;
  std::set<std::string> networks{network_of(checked, checked.source), network_of(checked, checked.target)};
  networks.erase("");  // an end outside Azure has no virtual network to link
  for (const std::string& network : networks)
    judge_link(findings, checked, rules::runtime_zone_not_linked, *zone, network);
}

std::string attach_command(const PrivateEndpoint& endpoint, std::string_view zone) {
  return fmt::format(
      "az network private-endpoint dns-zone-group create {} --endpoint-name {} --name default --private-dns-zone {} "
      "--zone-name postgres",
      group, endpoint.name, zone);
}

std::string link_command(std::string_view zone, std::string_view network) {
  return fmt::format(
      "az network private-dns link vnet create {} --zone-name {} --name link-{} --virtual-network {} "
      "--registration-enabled false",
      group, zone, network, network);
}

/// The documented half of C10 and C11: attached, and linked to the endpoint's own VNet. The half that packets need is
/// judged by the names.
void judge_endpoint_zone(Findings& findings, const Case& checked, const Server& server, std::string_view rule) {
  const Destination destination = destination_of(checked, server);
  if (!destination.endpoint) return;
  if (custom_host_stands_in(checked, server))
    return judge(findings, checked, rule, Outcome::replaced, replaced(server));
  const PrivateEndpoint& endpoint = *destination.endpoint;
  const PrivateDnsZone* zone =
      endpoint.private_dns_zone_group.empty() ? nullptr : zone_for(checked.topology, destination);
  const std::string zone_name{zone ? std::string_view{zone->name} : default_zone};
  const bool linked = zone && find_link(*zone, endpoint.virtual_network);
  judge(findings, checked, rule, linked ? Outcome::holds : Outcome::broken,
        {zone ? fmt::format("{} -> {}", zone->name, endpoint.virtual_network) : endpoint.name,
         linked ? fmt::format("Zone {} is attached to {} and linked to {}", zone_name, endpoint.name,
                              endpoint.virtual_network)
         : zone ? fmt::format("Zone {} is attached to {} and not linked to {}", zone_name, endpoint.name,
                              endpoint.virtual_network)
                : fmt::format("No private DNS zone is attached to {}", endpoint.name),
         {},
         zone ? zone->location : endpoint.location,
         {{"zone", zone_name},
          {"endpoint", endpoint.name},
          {"vnet", endpoint.virtual_network},
          {"zone_command",
           zone ? link_command(zone_name, endpoint.virtual_network) : attach_command(endpoint, zone_name)}}});
}

/// S09-4: the target's own zone, linked to the VNets of the Single Server's endpoint and of the target.
void judge_target_zone(Findings& findings, const Case& checked) {
  const PrivateDnsZone* zone = find_private_dns_zone(checked.topology, checked.target.private_dns_zone);
  if (!zone)
    return judge(findings, checked, rules::target_zone_not_linked, Outcome::broken,
                 {checked.target.name,
                  fmt::format("{} names no private DNS zone that the file describes", checked.target.name),
                  {},
                  checked.target.location,
                  {{"zone", "of " + checked.target.name}, {"vnet", network_of(checked, checked.target)}}});
  const std::set<std::string> networks{network_of(checked, checked.source), network_of(checked, checked.target)};
  for (const std::string& network : networks)
    if (!network.empty()) judge_link(findings, checked, rules::target_zone_not_linked, *zone, network);
}

void judge_zone_name(Findings& findings, const Case& checked, const Server& server) {
  if (server.access != ServerAccess::vnet_integrated || server.private_dns_zone.empty()) return;
  const std::string& zone = server.private_dns_zone;
  const bool holds = zone.ends_with(".postgres.database.azure.com") && zone != server.fqdn;
  judge(findings, checked, rules::integrated_zone_name, holds ? Outcome::holds : Outcome::broken,
        {zone,
         holds ? fmt::format("{} may be the zone of {}", zone, server.name)
               : fmt::format("{} cannot be the zone of {}: it must end with .postgres.database.azure.com and differ "
                             "from the server's name",
                             zone, server.name),
         {},
         server.location,
         {{"server", server.name}}});
}

}  // namespace

void judge_zones(Findings& findings, const Case& checked) {
  if (checked.runtime) judge_runtime_zone(findings, checked);
  judge_endpoint_zone(findings, checked, checked.source, rules::source_endpoint_zone);
  judge_endpoint_zone(findings, checked, checked.target, rules::target_endpoint_zone);
  if (checked.asks_for("S09-4")) judge_target_zone(findings, checked);
  for (const Server* server : servers_of(checked)) judge_zone_name(findings, checked, *server);
}

}  // namespace pgpassage::scenarios
